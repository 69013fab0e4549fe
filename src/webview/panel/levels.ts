import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from '../appModel';
import type { LensImage } from '../lens/lensImage';
import { allLevels } from '../lens/viewState';
import { count, loss, percent, widthByHeight } from '../words/format';
import { bar, term } from './parts';

/** Loss by pyramid level; a click shows that level alone in the heatmap. */
export function levelTable(image: LensImage, model: AppModel, actions: AppActions): TemplateResult {
  const { levels } = image.analysis.anchors;
  const total = levels.reduce((sum, level) => sum + level.focal, 0);
  return html`<table class="rows">
    <thead>
      <tr>
        <th scope="col">${term('level')}</th>
        <th scope="col" class="number extra">${term('stride')}</th>
        <th scope="col" class="number extra">${term('grid')}</th>
        <th scope="col" class="number">${term('anchor', 'anchors')}</th>
        <th scope="col" class="number">${term('foreground', 'fg')}</th>
        <th scope="col" class="number">${term('CE')}</th>
        <th scope="col" class="number">${term('FL')}</th>
        <th scope="col" class="number wide">${term('ofAll', 'of all')}</th>
      </tr>
    </thead>
    <tbody>
      ${levels.map((level, i) => {
        const share = total === 0 ? 0 : level.focal / total;
        const alone = model.view.levelMask === 1 << i;
        return html`<tr class=${alone ? 'chosen' : ''}>
          <th scope="row">
            <button
              class="link"
              aria-pressed=${alone ? 'true' : 'false'}
              title="Stride ${widthByHeight(level.stride)}, grid ${cells(level.grid)}. ${alone ? 'Click to show all levels.' : `Click to show ${level.name} alone in the heatmap.`}"
              @click=${() => actions.setView({ levelMask: alone ? allLevels : 1 << i })}
            >
              ${level.name}
            </button>
          </th>
          <td class="number extra">${widthByHeight(level.stride)}</td>
          <td class="number extra">${cells(level.grid)}</td>
          <td class="number">${count(level.count)}</td>
          <td class="number">${count(level.foreground)}</td>
          ${amount(level.crossEntropy)} ${amount(level.focal)}
          <td class="number amount"><b>${percent(share)}</b>${bar(share, 'focal')}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** One notation down the column: what is below its digits is said to be so, and written out on hover. */
function amount(value: number): TemplateResult {
  const small = value > 0 && value < 0.001;
  return html`<td class="number" title=${small ? loss(value) : nothing}>${small ? '<0.001' : loss(value)}</td>`;
}

function cells([rows, columns]: readonly [number, number]): string {
  return `${columns} × ${rows}`;
}
