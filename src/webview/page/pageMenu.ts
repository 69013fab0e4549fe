import { html, nothing, type TemplateResult } from 'lit';
import type { ImagePlace } from '../../protocol/messages';
import { icon } from '../icons';
import { count } from '../words/format';
import type { ExportKind } from './exports';

export interface PageMenuModel {
  readonly place: ImagePlace | undefined;
  readonly hosted: boolean;
}

export interface PageMenuActions {
  showNeighbor(direction: 1 | -1): void;
  exportAs(kind: ExportKind): void;
  toggleKeys(): void;
}

/** From image to image, what can be saved, and the sheet of keys. */
export function pageMenu(model: PageMenuModel, actions: PageMenuActions): TemplateResult {
  return html`${neighbors(model.place, actions)} ${exportMenu(model.hosted, actions)}
    <button class="icon-button" title="Keys  ?" aria-label="Keys" @click=${() => actions.toggleKeys()}>
      ${icon('question')}
    </button>`;
}

function neighbors(place: ImagePlace | undefined, actions: PageMenuActions): TemplateResult | typeof nothing {
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

function exportMenu(hosted: boolean, actions: PageMenuActions): TemplateResult {
  const entry = (kind: ExportKind, text: string, meaning: string) =>
    html`<button
      class="menu-entry"
      title=${meaning}
      @click=${(event: Event) => {
        const menu = (event.currentTarget as Element).closest('details');
        if (menu !== null) menu.open = false;
        actions.exportAs(kind);
      }}
    >
      ${text}
    </button>`;
  return html`<details class="menu menu-below" @focusout=${closeWhenLeft} @keydown=${closeOnEscape}>
    <summary class="toggle-button" title="Save what is shown here">${icon('export')}<span>Export</span></summary>
    <div class="menu-body">
      ${entry('picture', 'Picture (PNG)', 'What the picture shows now, with a legend.')}
      ${
        hosted
          ? html`${entry('report', 'Interactive report (HTML)', 'One file for any browser: this image, or all open ones.')}
            ${entry('anchors', 'Anchors (Parquet or CSV)', 'One row for every anchor: box, state, label, IoU, p_t and losses.')}`
          : entry('anchors', 'Anchors (CSV)', 'One row for every anchor: box, state, label, IoU, p_t and losses.')
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
