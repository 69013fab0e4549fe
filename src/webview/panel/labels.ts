import { html, nothing, type TemplateResult } from 'lit';
import { toCorners } from '../../common/boxes';
import type { IssueKind, LabelSummary } from '../../protocol/analysis';
import type { AppActions, AppModel } from '../appModel';
import { icon } from '../icons';
import type { LensImage } from '../lens/lensImage';
import { labelName } from '../words/anchorSentence';
import { count, loss, unit } from '../words/format';
import { issueNames } from '../words/issueNames';
import { labelRemark } from '../words/labelSentence';
import { bar, term } from './parts';

/** The image's labels, those with the most focal loss first, with what the anchors say about each. */
export function labelTable(image: LensImage, model: AppModel, actions: AppActions): TemplateResult {
  const { labels, issues, labelFile } = image.analysis;
  if (labelFile === undefined) return html`<p class="empty">No label file was found for this image.</p>`;
  if (labels.length === 0) return html`<p class="empty">The label file lists no objects in this image.</p>`;
  const order = labels
    .map((label, index) => ({ label, index }))
    .sort((a, b) => b.label.classification - a.label.classification);
  const most = Math.max(...labels.map(label => label.classification), 1e-9);
  return html`<table class="rows labels">
    <thead>
      <tr>
        <th scope="col">label</th>
        <th scope="col" class="number">${term('anchor', 'anchors')}</th>
        <th scope="col" class="number">${term('bestIou', 'best IoU')}</th>
        <th scope="col" class="number">${term('meanPt', 'mean p_t')}</th>
        <th scope="col" class="number"><abbr title="Box loss of the label’s anchors, raw sum.">box</abbr></th>
        <th scope="col" class="number wide"><abbr title="Focal loss of the label’s anchors, raw sum.">FL</abbr></th>
        <th scope="col"><span class="hidden-visually">go to label file</span></th>
      </tr>
    </thead>
    <tbody>
      ${order.map(({ label, index }) => {
        const kinds = issues.filter(issue => issue.labelId === label.id).map(issue => issue.kind);
        return row(label, index, kinds, most, model.hosted, actions);
      })}
    </tbody>
  </table>`;
}

function row(
  label: LabelSummary,
  index: number,
  kinds: readonly IssueKind[],
  most: number,
  hosted: boolean,
  actions: AppActions,
): TemplateResult {
  const remark = labelRemark(label);
  const { source } = label;
  const place = source === undefined ? undefined : `${source.file}:${source.line + 1}`;
  return html`<tr
      @pointerenter=${() => actions.highlight(label.bbox)}
      @pointerleave=${() => actions.highlight(undefined)}
    >
      <th scope="row">
        <button class="link" title="Zoom to this label" @click=${() => actions.zoomTo(toCorners(label.bbox))}>
          ${labelName(label)}
        </button>
        ${kinds.map(kind => html`<span class="tag warning">${issueNames[kind]}</span>`)}
      </th>
      <td class="number">${count(label.anchors)}</td>
      <td class="number">${unit(label.bestIou)}</td>
      <td class="number">${label.meanPt === null ? '–' : unit(label.meanPt)}</td>
      <td class="number">${loss(label.boxRegression)}</td>
      <td class="number amount"><b>${loss(label.classification)}</b>${bar(label.classification / most, 'focal')}</td>
      <td class="action">
        ${
          hosted && place !== undefined
            ? html`<button
                class="icon-button"
                title="Open ${place}"
                aria-label="Open the label file at ${labelName(label)}"
                @click=${() => actions.revealLabel(index)}
              >
                ${icon('go-to-file')}
              </button>`
            : nothing
        }
      </td>
    </tr>
    ${
      remark === undefined && (hosted || place === undefined)
        ? nothing
        : html`<tr class="remark">
            <td colspan="7">${remark}${!hosted && place !== undefined ? html` <code>${place}</code>` : nothing}</td>
          </tr>`
    }`;
}
