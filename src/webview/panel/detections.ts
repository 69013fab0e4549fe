import { html, nothing, type TemplateResult } from 'lit';
import { toCorners } from '../../common/boxes';
import { missedLabels, verdictKinds, type VerdictKind } from '../../protocol/detectionVerdicts';
import type { AppActions, AppModel } from '../appModel';
import type { LensImage } from '../lens/lensImage';
import { labelName } from '../words/anchorSentence';
import { unit } from '../words/format';
import { verdictWords } from '../words/verdictNames';
import { bar, scrollBox, term } from './parts';

/** The detections at or above the score threshold, best first, each with what it is worth against the labels. */
export function detectionTable(image: LensImage, { view }: AppModel, actions: AppActions): TemplateResult {
  const { detections, labels } = image.analysis;
  const { scoreThreshold } = view;
  const shown = detections
    .map((detection, index) => ({ detection, verdict: image.verdicts[index], index }))
    .filter(({ detection }) => detection.score >= scoreThreshold);
  const counts = verdictKinds.map(kind => ({
    kind,
    count: shown.filter(({ verdict }) => verdict.kind === kind).length,
  }));
  return html`${missed(image, scoreThreshold, actions)}
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
            html`<table class="rows">
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
                        title="Zoom to this detection"
                        @click=${() => actions.zoomTo(toCorners(detection.bbox))}
                      >
                        ${detection.category}
                      </button>
                    </th>
                    <td class="number amount"><b>${unit(detection.score)}</b>${bar(detection.score, 'plain')}</td>
                    <td class="nowrap">
                      <span title=${meaning}><i class="key verdict-${verdict.kind}"></i>${name}</span>
                    </td>
                    <td class="nowrap">
                      ${label === undefined ? html`<span class="dim">none</span>` : labelName(label)}
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

function missed(image: LensImage, threshold: number, actions: AppActions): TemplateResult | typeof nothing {
  const { detections, labels } = image.analysis;
  const indices = missedLabels(detections, labels, image.verdicts, threshold);
  if (indices.length === 0) return nothing;
  return html`<p class="missed">
    <span title="No detection from this score on finds them, not even with another class or a badly placed box."
      >Missed labels:</span
    >
    ${indices.map((index, i) => {
      const label = labels[index];
      return html`${i === 0 ? '' : ', '}<button
          class="link"
          title="Zoom to this label and show the anchors matched to it"
          @click=${() => actions.toggleLabel(index)}
        >
          ${labelName(label)}
        </button>`;
    })}
  </p>`;
}
