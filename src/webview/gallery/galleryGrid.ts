import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { GalleryModel } from './galleryModel';
import { sectionName, sourceNames } from './galleryWords';
import type { GridRow } from './gridLayout';
import { count } from '../words/format';
import { tile } from './tile';

export interface GridActions {
  focusTile(index: number): void;
  openInLens(): void;
  scrolled(): void;
  wheeled(event: WheelEvent): void;
}

/** Id of a tile's element: what the grid names as its active descendant. */
export function tileId(index: number): string {
  return `tile-${index}`;
}

/** The tiles in view, in a scroller as high as all of them would be. */
export function galleryGrid(model: GalleryModel, actions: GridActions): TemplateResult {
  const { layout, range, rows, top, scrollTop, view } = model;
  const indexOf = (event: Event) => {
    const found = event.target instanceof Element ? event.target.closest<HTMLElement>('.tile') : null;
    return found?.dataset.index === undefined ? undefined : Number(found.dataset.index);
  };
  return html`<div
    class="grid-scroller size-${view.size}"
    tabindex="0"
    role="grid"
    aria-label="${sourceNames[view.source]}: arrow keys move, question mark lists all keys"
    aria-rowcount=${layout.rows}
    aria-colcount=${layout.columns}
    aria-activedescendant=${layout.count > 0 ? tileId(view.focus) : nothing}
    @scroll=${() => actions.scrolled()}
    @wheel=${{ handleEvent: (event: WheelEvent) => actions.wheeled(event), passive: false }}
    @click=${(event: Event) => {
      const index = indexOf(event);
      if (index !== undefined) actions.focusTile(index);
    }}
    @dblclick=${(event: Event) => indexOf(event) !== undefined && actions.openInLens()}
  >
    <div class="grid-space" role="presentation" .style=${`height: ${range.height}px`}>
      ${repeat(
        rows,
        ({ row }) => row,
        row => rowTemplate(row, model, row.top - top + scrollTop),
      )}
    </div>
  </div>`;
}

function rowTemplate(row: GridRow, model: GalleryModel, y: number): TemplateResult {
  const { layout, sections, view } = model;
  if (row.type === 'heading') {
    const section = sections[row.section];
    return html`<div
      class="grid-heading"
      role="row"
      aria-rowindex=${row.row + 1}
      .style=${`transform: translateY(${y}px)`}
    >
      <h2 role="rowheader">
        ${section === undefined ? '' : sectionName(section)}
        <span class="dim number">${count(section?.count ?? 0)}</span>
      </h2>
    </div>`;
  }
  const style = `transform: translateY(${y}px); grid-template-columns: repeat(${layout.columns}, ${layout.tileWidth}px); gap: ${layout.gap}px; padding-left: ${layout.gap}px`;
  return html`<div class="grid-row" role="row" aria-rowindex=${row.row + 1} .style=${style}>
    ${Array.from({ length: row.count }, (_, column) => {
      const index = row.first + column;
      const item = model.item(index);
      return tile({
        index,
        column,
        id: tileId(index),
        item,
        crop: item === undefined ? undefined : model.crop(item.key),
        focused: index === view.focus,
        boxes: view.boxes,
      });
    })}
  </div>`;
}
