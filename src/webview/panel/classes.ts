import { html, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from '../appModel';
import { className } from '../lens/anchorRecord';
import { classLosses } from '../lens/classLosses';
import type { LensImage } from '../lens/lensImage';
import { count, loss, percent } from '../words/format';
import { bar, longOrShort, scrollBox, term } from './parts';

/** Focal loss by class; a click shows that class alone. */
export function classTable(image: LensImage, { view }: AppModel, actions: AppActions): TemplateResult {
  const rows = classLosses(image);
  const total = rows.reduce((sum, row) => sum + row.foregroundFocal + row.backgroundFocal, 0);
  const share = (value: number) => (total === 0 ? 0 : value / total);
  return html`${scrollBox(
      html`<table class="rows">
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col" class="number">labels</th>
            <th scope="col" class="number">
              <abbr title="Focal loss of the anchors assigned to the class’s labels, raw sum."
                >${longOrShort('foreground FL', 'fg FL')}</abbr
              >
            </th>
            <th scope="col" class="number">
              <abbr title="Focal loss of the background anchors in which the model sees this class first, raw sum."
                >${longOrShort('background FL', 'bg FL')}</abbr
              >
            </th>
            <th scope="col" class="number wide">${term('ofAll', 'of all')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(row => {
            const name = className(image, row.column);
            const alone = view.filter.column === row.column;
            const carried = share(row.foregroundFocal + row.backgroundFocal);
            return html`<tr class=${alone ? 'chosen' : ''}>
              <th scope="row">
                <button
                  class="link"
                  aria-pressed=${alone ? 'true' : 'false'}
                  title=${alone ? `${name} alone: show all classes` : `Show the anchors of ${name} alone`}
                  @click=${() => actions.filter({ column: alone ? undefined : row.column })}
                >
                  <span class="name">${name}</span>
                </button>
              </th>
              <td class="number">${count(row.labels)}</td>
              <td class="number" title="${count(row.foreground)} anchors">${loss(row.foregroundFocal)}</td>
              <td class="number" title="${count(row.background)} anchors">${loss(row.backgroundFocal)}</td>
              <td class="number amount"><b>${percent(carried)}</b>${bar(carried, 'focal')}</td>
            </tr>`;
          })}
        </tbody>
      </table>`,
    )}
    <p class="note">Foreground anchors count for their label’s class, background anchors for their worst class.</p>`;
}
