import { html, nothing, type TemplateResult } from 'lit';
import { toCorners } from '../../common/boxes';
import { missedLabels, verdictKinds, type VerdictKind } from '../../protocol/detectionVerdicts';
import type { AppActions, AppModel } from '../appModel';
import type { LensImage } from '../lens/lensImage';
import { unit } from '../words/format';
import { verdictWords } from '../words/verdictNames';
import { labelLink } from './labelLink';
import { bar, scrollBox, term } from './parts';

/** The detections at or above the score threshold, best first, each with what it is worth against the labels. */
export function detectionTable(image: LensImage, model: AppModel, actions: AppActions): TemplateResult {
  const { view } = model;
  const { detections, labels } = image.analysis;
  const { scoreThreshold } = view;
  const shown = detections
    .map((detection, index) => ({ detection, verdict: image.verdicts[index], index }))
    .filter(({ detection }) => detection.score >= scoreThreshold);
  const counts = verdictKinds.map(kind => ({
    kind,
    count: shown.filter(({ verdict }) => verdict.kind === kind).length,
  }));
  return html`${missed(image, model, actions)}
  ${
    shown.length === 0
      ? html`<p class="empty">
          ${
            detections.length === 0
              ? 'The model detects nothing in this image.'
              : `No detection reaches the score ${unit(scoreThreshold)}; lower the threshold to see more.`
          }
        </p>`
      : html`<div class="verdicts">
            ${counts
              .filter(({ count }) => count > 0)
              .map(
                ({ kind, count }) =>
                  html`<span class="verdict" title="${verdictWords[kind].meaning}${mark(kind)}"
                    ><i class="key verdict-${kind}"></i>${verdictWords[kind].name} <b>${count}</b></span
                  >`,
              )}
            <vscode-checkbox
              label="color boxes"
              title="Color the boxes on the picture by match, as TIDE sorts them; true positives keep the plain color."
              .checked=${view.matchColors}
              @change=${(event: Event) => actions.setView({ matchColors: (event.target as HTMLInputElement).checked })}
            ></vscode-checkbox>
          </div>
          ${scrollBox(
            html`<table class="rows detections">
              <thead>
                <tr>
                  <th scope="col">${term('detection')}</th>
                  <th scope="col" class="number wide">${term('score')}</th>
                  <th scope="col">${term('match')}</th>
                  <th scope="col">label</th>
                  <th scope="col" class="number">${term('IoU')}</th>
                </tr>
              </thead>
              <tbody>
                ${shown.map(({ detection, verdict }) => {
                  const label = verdict.label === null ? undefined : labels[verdict.label];
                  const { name, meaning } = verdictWords[verdict.kind];
                  return html`<tr
                    @pointerenter=${() => actions.highlight(detection.bbox)}
                    @pointerleave=${() => actions.highlight(undefined)}
                  >
                    <th scope="row">
                      <button
                        class="link"
                        title="${detection.category} ${unit(detection.score)}: zoom to this detection"
                        @click=${() => actions.zoomTo(toCorners(detection.bbox))}
                      >
                        <span class="name">${detection.category}</span>
                      </button>
                    </th>
                    <td class="number amount"><b>${unit(detection.score)}</b>${bar(detection.score, 'plain')}</td>
                    <td class="nowrap">
                      <span title=${meaning}><i class="key verdict-${verdict.kind}"></i>${name}</span>
                    </td>
                    <td class="nowrap">
                      ${
                        label === undefined || verdict.label === null
                          ? html`<span class="dim">none</span>`
                          : labelLink(label, verdict.label, actions, view.filter.label === verdict.label)
                      }
                    </td>
                    <td class="number">${verdict.iou === 0 ? '–' : unit(verdict.iou)}</td>
                  </tr>`;
                })}
              </tbody>
            </table>`,
          )}`
  }`;
}

/** What the picture writes beside such a detection. */
function mark(kind: VerdictKind): string {
  return kind === 'truePositive' ? '' : ` On the picture: ${verdictWords[kind].short}.`;
}

function missed(image: LensImage, { view }: AppModel, actions: AppActions): TemplateResult | typeof nothing {
  const { detections, labels } = image.analysis;
  const chosen = view.filter.label;
  const indices = missedLabels(detections, labels, image.verdicts, view.scoreThreshold);
  if (indices.length === 0) return nothing;
  return html`<p class="missed">
    <span title="No detection from this score on finds them, not even with another class or a badly placed box."
      >Missed labels:</span
    >
    ${indices.map((index, i) => html`${i === 0 ? '' : ', '}${labelLink(labels[index], index, actions, chosen === index)}`)}
  </p>`;
}
