import { html, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from '../appModel';
import type { LensImage } from '../lens/lensImage';
import { allLevels } from '../lens/viewState';
import { count, loss, percent } from '../words/format';
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
        <th scope="col" class="number extra">grid</th>
        <th scope="col" class="number">${term('anchor', 'anchors')}</th>
        <th scope="col" class="number">${term('foreground', 'fg')}</th>
        <th scope="col" class="number">${term('CE')}</th>
        <th scope="col" class="number">${term('FL')}</th>
        <th scope="col" class="number wide">of all</th>
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
              title="Stride ${pair(level.stride)}, grid ${level.grid.join('×')}. ${alone ? 'Click to show all levels.' : `Click to show ${level.name} alone in the heatmap.`}"
              @click=${() => actions.setView({ levelMask: alone ? allLevels : 1 << i })}
            >
              ${level.name}
            </button>
          </th>
          <td class="number extra">${pair(level.stride)}</td>
          <td class="number extra">${level.grid[0]}×${level.grid[1]}</td>
          <td class="number">${count(level.count)}</td>
          <td class="number">${count(level.foreground)}</td>
          <td class="number">${loss(level.crossEntropy)}</td>
          <td class="number">${loss(level.focal)}</td>
          <td class="number amount"><b>${percent(share)}</b>${bar(share, 'focal')}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function pair([y, x]: readonly [number, number]): string {
  return y === x ? String(y) : `${y}×${x}`;
}
