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
      [['←', '↑', '→', '↓'], 'move the picture; dragging does, too'],
      [['H'], 'hide the heatmap while held; so does the space bar'],
    ],
  },
  {
    heading: 'Anchors',
    rows: [
      [['click', 'Enter'], 'inspect the anchor under the pointer'],
      [['Shift', 'click'], 'compare it with the inspected one'],
      [['[', ']'], 'stronger, weaker anchor at the same place; Alt with ↑ or ↓ as well'],
      [['Esc'], 'close comparison, then inspection'],
    ],
  },
  {
    heading: 'List of anchors',
    rows: [
      [['↑', '↓'], 'move by a row'],
      [['PgUp', 'PgDn', 'Home', 'End'], 'move by a page, to either end'],
      [['Enter'], 'zoom to the anchor and inspect it'],
      [['click'], 'on a heading sorts by it, again turns the order round'],
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
