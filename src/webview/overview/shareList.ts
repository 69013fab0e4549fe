import { html, type TemplateResult } from 'lit';
import { bar } from '../panel/parts';
import { percent } from '../words/format';

export interface ShareRow {
  readonly name: string;
  readonly value: number;
  readonly note: string;
  readonly title: string;
  readonly chosen: boolean;
  readonly choose: () => void;
}

/** Rows with their shares of the loss, each a button that narrows the lists to it. */
export function shareList(rows: readonly ShareRow[], all?: number): TemplateResult {
  const total = all ?? rows.reduce((sum, { value }) => sum + value, 0);
  return html`<ul class="shares">
    ${rows.map(({ name, value, note, title, chosen, choose }) => {
      const share = total > 0 ? value / total : 0;
      return html`<li>
        <button
          class="share ${chosen ? 'chosen' : ''}"
          aria-pressed=${chosen ? 'true' : 'false'}
          title="${title} ${chosen ? 'Click to show all again.' : 'Click to filter the lists.'}"
          @click=${choose}
        >
          <span class="name">${name}</span>
          <span class="dim">${note}</span>
          <b>${percent(share)}</b>
          ${bar(share, 'focal')}
        </button>
      </li>`;
    })}
  </ul>`;
}
