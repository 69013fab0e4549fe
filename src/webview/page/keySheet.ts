import { html, type TemplateResult } from 'lit';
import { icon } from '../icons';
import type { KeyGroup } from './keyGroup';

const lensKeys: readonly KeyGroup[] = [
  {
    heading: 'Picture',
    rows: [
      [['+', '-'], 'zoom in, zoom out; the wheel and a double click zoom to the pointer'],
      [['0'], 'fit the picture'],
      [['1'], 'one image pixel a screen pixel'],
      [['←', '↑', '→', '↓'], 'on the picture: move it, under the crosshair in its middle; dragging moves it, too'],
      [['H'], 'hide the heatmap while held; so does the space bar on the picture'],
    ],
  },
  {
    heading: 'Anchors',
    rows: [
      [['click', 'Enter'], 'inspect the anchor under the pointer, or under the crosshair'],
      [['Shift', 'click'], 'compare it with the inspected one'],
      [['Shift', 'Enter'], 'the same under the crosshair'],
      [['[', ']'], 'previous, next anchor at the same place, in the order of what the heatmap shows'],
      [['Alt', '↑', '↓'], 'the same on the picture; Alt with the wheel as well'],
      [['Esc'], 'close comparison, then inspection, then the crosshair'],
    ],
  },
  {
    heading: 'List of anchors',
    rows: [
      [['↑', '↓'], 'move by a row'],
      [['PgUp', 'PgDn', 'Home', 'End'], 'move by a page, to either end'],
      [['Enter'], 'zoom to the anchor and inspect it'],
      [['Shift', 'Enter'], 'compare it with the inspected one'],
      [['click'], 'on a heading sorts by it, again turns the order round'],
    ],
  },
  {
    heading: 'Panel',
    rows: [
      [['←', '→', '↑', '↓'], 'between picture and panel: resize the panel; Home and End make it smallest and largest'],
      [['←', '→', 'Enter'], 'in the bar of sections: choose one and go there'],
      [['↑', '↓', 'Home', 'End'], 'in a list: from row to row; ← and → within a row'],
    ],
  },
  {
    heading: 'Breakdown and labels',
    rows: [
      [['click'], 'on a group, class or label shows its anchors alone; again shows all'],
      [['Ctrl', 'click'], 'on a group adds it or takes it away'],
    ],
  },
  {
    heading: 'Anchors at a place',
    rows: [[['↑', '↓'], 'in the inspection: previous, next anchor']],
  },
  {
    heading: 'Scale of the legend',
    rows: [
      [['←', '→'], 'on an end of the scale: move it; dragging does, too'],
      [['double click'], 'both ends back to where they were'],
    ],
  },
  {
    heading: 'Page',
    rows: [
      [['N', 'P'], 'next, previous image'],
      [['?'], 'this sheet'],
    ],
  },
];

/** What every key does. A native dialog: it keeps the focus and gives it back, and Escape closes it. */
export function keySheet(groups = lensKeys): TemplateResult {
  return html`<dialog
    class="key-sheet"
    aria-label="Keys"
    @click=${(event: MouseEvent) => event.target === event.currentTarget && (event.currentTarget as HTMLDialogElement).close()}
  >
    <div class="key-sheet-body">
      <header>
        <h2>Keys</h2>
        <button class="icon-button" title="Close  Escape" aria-label="Close" @click=${closeDialog}>
          ${icon('close')}
        </button>
      </header>
      ${groups.map(
        ({ heading, rows }) =>
          html`<section>
            <h3>${heading}</h3>
            <dl>
              ${rows.map(
                ([keys, meaning]) =>
                  html`<div>
                    <dt>${keys.map(key => html`<kbd>${key}</kbd>`)}</dt>
                    <dd>${meaning}</dd>
                  </div>`,
              )}
            </dl>
          </section>`,
      )}
    </div>
  </dialog>`;
}

function closeDialog(event: Event): void {
  (event.currentTarget as Element).closest('dialog')?.close();
}
