import { html, type TemplateResult } from 'lit';
import type { AppActions } from '../appModel';
import { anchorRecord } from '../lens/anchorRecord';
import type { LensImage } from '../lens/lensImage';
import { largest } from '../lens/ranking';
import { labelName } from '../words/anchorSentence';
import { aspect, loss, probability } from '../words/format';
import { stateNames } from '../words/stateNames';
import { term } from './parts';

/** The strongest anchors as a table: what the heatmap shows, for whoever cannot see it, and a way in by keyboard. */
export function hardestTable(image: LensImage, actions: AppActions): TemplateResult {
  return html`<table class="rows" id="hardest-anchors">
    <thead>
      <tr>
        <th scope="col">${term('anchor')}</th>
        <th scope="col">state</th>
        <th scope="col">label or worst class</th>
        <th scope="col" class="number">${term('p_t')}</th>
        <th scope="col" class="number">${term('CE')}</th>
        <th scope="col" class="number">${term('FL')}</th>
      </tr>
    </thead>
    <tbody>
      ${largest(image.columns.focal, 20).map(anchor => {
        const record = anchorRecord(image, anchor);
        const state = stateNames[record.state];
        return html`<tr>
          <th scope="row">
            <button class="link" title="Inspect this anchor" @click=${() => actions.pin(anchor, { zoom: true })}>
              ${record.level} · ${record.size} px · ${aspect(record.ratio)}
            </button>
          </th>
          <td><span class="dot ${state}"></span>${state}</td>
          <td>${state === 'foreground' && record.label !== undefined ? labelName(record.label) : record.worstClass}</td>
          <td class="number">${record.pt === null ? '–' : probability(record.pt)}</td>
          <td class="number">${loss(record.crossEntropy)}</td>
          <td class="number"><b>${loss(record.focal)}</b></td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}
