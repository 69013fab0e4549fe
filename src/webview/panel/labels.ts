import { html, nothing, type TemplateResult } from 'lit';
import type { IssueKind, LabelSummary } from '../../protocol/analysis';
import type { AppActions, AppModel } from '../appModel';
import { icon } from '../icons';
import type { LensImage } from '../lens/lensImage';
import type { LabelKey, LabelOrder } from '../lens/viewState';
import { labelName } from '../words/anchorSentence';
import { count, fileName, loss, probability, unit } from '../words/format';
import { issueMeanings, issueNames } from '../words/issueNames';
import { labelRemark } from '../words/labelSentence';
import { labelLink } from './labelLink';
import { bar, longOrShort, scrollBox, sortHeader, term } from './parts';

/** The image's labels with what the anchors say about each; a click zooms and shows the anchors matched to it. */
export function labelTable(image: LensImage, model: AppModel, actions: AppActions): TemplateResult {
  const { labels, issues, labelFile } = image.analysis;
  if (labelFile === undefined) return html`<p class="empty">No label file was found for this image.</p>`;
  if (labels.length === 0) return html`<p class="empty">The label file lists no objects in this image.</p>`;
  const { labelOrder } = model.view;
  const most = Math.max(...labels.map(label => label.classification), 1e-9);
  const header = (key: LabelKey, content: TemplateResult | string, className?: string) =>
    sortHeader(key, content, labelOrder, order => actions.setView({ labelOrder: order }), className);
  return scrollBox(
    html`<table class="rows labels">
      <thead>
        <tr>
          ${header('label', 'label', '')} ${header('anchors', term('matched', 'anchors'))}
          ${header('bestIou', term('bestIou', longOrShort('best IoU', 'IoU')))}
          ${header('meanPt', term('meanPt', longOrShort('mean p_t', 'p_t')))}
          ${header(
            'boxRegression',
            html`<abbr title="Box loss of the label’s anchors, raw sum.">box</abbr>`,
            'number extra',
          )}
          ${header(
            'classification',
            html`<abbr title="Focal loss of the label’s anchors, raw sum.">FL</abbr>`,
            'number wide',
          )}
          <th scope="col"><span class="hidden-visually">place in the label file</span></th>
        </tr>
      </thead>
      <tbody>
        ${orderedLabels(labels, labelOrder).map(index => {
          const kinds = issues.filter(issue => issue.labelId === labels[index].id).map(issue => issue.kind);
          return row(labels[index], index, kinds, most, model, actions);
        })}
      </tbody>
    </table>`,
  );
}

/** Indices of the labels in the order asked for; those without a value last. */
export function orderedLabels(labels: readonly LabelSummary[], { key, descending }: LabelOrder): number[] {
  const sign = descending ? -1 : 1;
  const value = (label: LabelSummary) => (key === 'label' ? 0 : (label[key] ?? (descending ? -Infinity : Infinity)));
  return [...labels.keys()].sort((a, b) => {
    const difference =
      key === 'label'
        ? labels[a].category.localeCompare(labels[b].category, 'en', { numeric: true })
        : value(labels[a]) - value(labels[b]);
    return (Number.isNaN(difference) ? 0 : sign * difference) || a - b;
  });
}

function row(
  label: LabelSummary,
  index: number,
  kinds: readonly IssueKind[],
  most: number,
  { hosted, view }: AppModel,
  actions: AppActions,
): TemplateResult {
  const remark = labelRemark(label);
  const chosen = view.filter.label === index;
  const range = label.meanPt === null || label.minPt === null ? '' : `Lowest p_t ${probability(label.minPt)}.`;
  return html`<tr
      class=${chosen ? 'chosen' : ''}
      @pointerenter=${() => actions.highlight(label.bbox)}
      @pointerleave=${() => actions.highlight(undefined)}
    >
      <th scope="row">
        <span class="row-name"
          >${labelLink(label, index, actions, chosen)}
          ${kinds.map(kind => html`<span class="tag warning" title=${issueMeanings[kind]}>${issueNames[kind]}</span>`)}</span
        >
      </th>
      <td
        class="number"
        title="${count(label.anchorsByThreshold)} by the threshold, ${count(label.anchorsByLowQuality)} by the low-quality rule."
      >
        ${count(label.anchors)}
      </td>
      <td class="number">${unit(label.bestIou)}</td>
      <td class="number" title=${range}>${label.meanPt === null ? '–' : probability(label.meanPt)}</td>
      <td class="number extra">${loss(label.boxRegression)}</td>
      <td class="number amount"><b>${loss(label.classification)}</b>${bar(label.classification / most, 'focal')}</td>
      <td class="action">${source(label, index, hosted, actions)}</td>
    </tr>
    ${
      remark === undefined
        ? nothing
        : html`<tr class="remark">
            <td colspan="7">${remark}</td>
          </tr>`
    }`;
}

/** Where the label is written: a way there, or, where there is no editor, its line. */
function source(
  label: LabelSummary,
  index: number,
  hosted: boolean,
  actions: AppActions,
): TemplateResult | typeof nothing {
  if (label.source === undefined) return nothing;
  const { file, line } = label.source;
  if (!hosted) {
    return html`<code class="dim" title="${fileName(file)}, line ${line + 1}"
      ><span class="hidden-visually">${fileName(file)} line </span>:${line + 1}</code
    >`;
  }
  return html`<button
    class="icon-button"
    title="Open ${file}:${line + 1}"
    aria-label="Open the label file at ${labelName(label)}"
    @click=${() => actions.revealLabel(index)}
  >
    ${icon('go-to-file')}
  </button>`;
}
