import { html, type TemplateResult } from 'lit';
import { iou, toCorners } from '../../common/boxes';
import type { Analysis, Detection } from '../../protocol/analysis';
import type { AppActions } from '../appModel';
import { labelName } from '../words/anchorSentence';
import { unit } from '../words/format';
import { bar, term } from './parts';

/** The detections at or above the score threshold, best first, each with the label it overlaps most. */
export function detectionTable(analysis: Analysis, threshold: number, actions: AppActions): TemplateResult {
  const shown = analysis.detections.filter(detection => detection.score >= threshold);
  if (shown.length === 0) {
    return html`<p class="empty">
      ${
        analysis.detections.length === 0
          ? 'The model detects nothing in this image.'
          : `No detection reaches the score ${unit(threshold)}; lower the threshold to see more.`
      }
    </p>`;
  }
  return html`<table class="rows">
    <thead>
      <tr>
        <th scope="col">${term('detection')}</th>
        <th scope="col" class="number wide">${term('score')}</th>
        <th scope="col">overlaps label</th>
        <th scope="col" class="number">${term('IoU')}</th>
      </tr>
    </thead>
    <tbody>
      ${shown.map(detection => {
        const overlap = bestLabel(analysis, detection);
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
          <td>${overlap === undefined ? html`<span class="dim">none</span>` : overlap.name}</td>
          <td class="number">${overlap === undefined ? '–' : unit(overlap.iou)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function bestLabel(analysis: Analysis, detection: Detection): { name: string; iou: number } | undefined {
  const box = toCorners(detection.bbox);
  let best: { name: string; iou: number } | undefined;
  for (const label of analysis.labels) {
    const overlap = iou(box, toCorners(label.bbox));
    if (overlap > (best?.iou ?? 0)) best = { name: labelName(label), iou: overlap };
  }
  return best;
}
