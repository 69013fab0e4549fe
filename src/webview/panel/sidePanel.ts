import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { breakdownSentence } from '../../protocol/breakdownSentence';
import type { AppActions, AppModel } from '../appModel';
import type { LensImage } from '../lens/lensImage';
import { count, unit } from '../words/format';
import { about } from './about';
import { breakdownTable } from './breakdown';
import { lossCurves } from './curves';
import { detectionTable } from './detections';
import { hardestTable } from './hardest';
import { hottestList } from './hottest';
import { inspection } from './inspection';
import { issueList } from './issues';
import { labelTable } from './labels';
import { levelTable } from './levels';
import { lossSummary } from './lossSummary';
import { noteCount, notes } from './notes';
import { section } from './parts';

/** Everything beside the picture. Sections redraw only when what they show changes, not with every drag of a slider. */
export function sidePanel(image: LensImage, model: AppModel, actions: AppActions): TemplateResult {
  const { analysis } = image;
  const { scoreThreshold, levelMask } = model.view;
  const detected = analysis.detections.filter(detection => detection.score >= scoreThreshold).length;
  return html`
    ${guard([image, model.pinned], () => (model.pinned === undefined ? nothing : inspection(image, model.pinned, actions)))}
    ${guard(
      [image],
      () => html`
        <p class="opening">${emphasised(breakdownSentence(analysis))}</p>
        ${
          analysis.labelFile === undefined
            ? html`<p class="banner" role="status">
                No label file was found for this image, so every anchor counts as background and the losses are divided
                by 1.
              </p>`
            : nothing
        }
        ${breakdownTable(analysis)} ${lossSummary(analysis)} ${section('Hottest places', hottestList(image, actions))}
        ${section('Labels by focal loss', labelTable(image, model, actions), { badge: count(analysis.labels.length) })}
        ${
          analysis.issues.length === 0
            ? nothing
            : section('Label issues', issueList(analysis, actions), { badge: count(analysis.issues.length) })
        }
      `,
    )}
    ${guard([image, levelMask], () => section('Loss by level', levelTable(image, model, actions)))}
    ${guard([image], () => section('Cumulative loss', lossCurves(analysis.curves, analysis.loss.gamma)))}
    ${guard([image, scoreThreshold], () =>
      section('Detections', detectionTable(analysis, scoreThreshold, actions), {
        badge: `${count(detected)} from ${unit(scoreThreshold)}`,
        closed: true,
        name: 'detections',
      }),
    )}
    ${guard(
      [image],
      () => html`
        ${section('Hardest anchors', hardestTable(image, actions), { closed: true, name: 'hardest' })}
        ${noteCount(analysis) === 0 ? nothing : section('Notes', notes(analysis), { badge: count(noteCount(analysis)) })}
        ${section('Model and run', about(analysis))}
      `,
    )}
  `;
}

/** The sentence with its percentages set in bold. */
function emphasised(sentence: string): (string | TemplateResult)[] {
  return sentence.split(/(<?\d[\d.,]*\s?%)/).map((part, i) => (i % 2 === 1 ? html`<strong>${part}</strong>` : part));
}
