import { html, nothing, type TemplateResult } from 'lit';
import type { ImagePlace } from '../../protocol/messages';
import { icon } from '../icons';
import { count } from '../words/format';
import type { ExportKind } from './exports';

export interface PageMenuModel {
  /** The model’s own gamma and alpha in words: files hold the losses under them, whatever the page shows. */
  readonly ownLoss: string;
  readonly hosted: boolean;
}

export interface PageMenuActions {
  showNeighbor(direction: 1 | -1): void;
  exportAs(kind: ExportKind): void;
  toggleKeys(): void;
}

/** What can be saved, and the sheet of keys. */
export function pageMenu(model: PageMenuModel, actions: PageMenuActions): TemplateResult {
  return html`${exportMenu(model, actions)}
    <button class="icon-button" title="Keys  ?" aria-label="Keys" @click=${() => actions.toggleKeys()}>
      ${icon('question')}
    </button>`;
}

/** The way to the images before and after this one, and which of how many it is. */
export function neighbors(
  place: ImagePlace | undefined,
  actions: Pick<PageMenuActions, 'showNeighbor'>,
): TemplateResult | typeof nothing {
  if (place === undefined || place.count < 2) return nothing;
  const { index, count: total } = place;
  const button = (direction: 1 | -1, name: string, disabled: boolean) =>
    html`<button
      class="icon-button"
      title="${name}  ${direction === 1 ? 'N' : 'P'}"
      aria-label=${name}
      ?disabled=${disabled}
      @click=${() => actions.showNeighbor(direction)}
    >
      ${icon(direction === 1 ? 'arrow-right' : 'arrow-left')}
    </button>`;
  return html`<div class="neighbor-images" role="group" aria-label="Images">
    ${button(-1, 'Previous image', index === 0)}
    <span class="number dim" title="Image ${count(index + 1)} of ${count(total)}"
      >${count(index + 1)} / ${count(total)}</span
    >
    ${button(1, 'Next image', index === total - 1)}
  </div>`;
}

function exportMenu({ hosted, ownLoss }: PageMenuModel, actions: PageMenuActions): TemplateResult {
  const entry = (kind: ExportKind, text: string, meaning: string, note?: string) =>
    html`<button
      class="menu-entry"
      title=${meaning}
      @click=${(event: Event) => {
        const menu = (event.currentTarget as Element).closest('details');
        if (menu !== null) menu.open = false;
        actions.exportAs(kind);
      }}
    >
      ${text}${note === undefined ? nothing : html`<small>${note}</small>`}
    </button>`;
  const anchors = (formats: string) =>
    entry(
      'anchors',
      `Anchors (${formats})`,
      'One row for every anchor: box, state, label, IoU, p_t and losses.',
      `losses at the model’s own ${ownLoss}`,
    );
  return html`<details class="menu menu-below" @focusout=${closeWhenLeft} @keydown=${closeOnEscape}>
    <summary class="toggle-button" title="Save what is shown here">${icon('export')}<span>Export</span></summary>
    <div class="menu-body">
      ${entry('picture', 'Picture (PNG)', 'What the picture shows now with its legend, and the breakdown below it.')}
      ${
        hosted
          ? html`${entry('report', 'Interactive report (HTML)', 'One file for any browser: this image, or all open ones.')}
            ${anchors('Parquet or CSV')}`
          : anchors('CSV')
      }
    </div>
  </details>`;
}

function closeWhenLeft(event: FocusEvent): void {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (!(event.relatedTarget instanceof Node) || !menu.contains(event.relatedTarget)) menu.open = false;
}

function closeOnEscape(event: KeyboardEvent): void {
  if (event.key !== 'Escape') return;
  const menu = event.currentTarget as HTMLDetailsElement;
  menu.open = false;
  menu.querySelector('summary')?.focus();
}
