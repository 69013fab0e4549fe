import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../icons';
import { keySheet } from '../page/keySheet';
import { detailStrip } from './detailStrip';
import { emptyGallery, emptyList } from './emptyGallery';
import type { GalleryActions } from './galleryActions';
import { galleryGrid } from './galleryGrid';
import { galleryKeyGroups } from './galleryKeys';
import type { GalleryModel } from './galleryModel';
import { galleryToolbar } from './galleryToolbar';

/** The whole page: controls, tiles, and the strip about the focused one; without an analysis what to do about it. */
export function galleryPage(model: GalleryModel, actions: GalleryActions): TemplateResult {
  const { state, isListed, layout } = model;
  if (state.kind !== 'ready') return html`${emptyGallery(state, actions)} ${message(model, actions)}`;
  return html`${galleryToolbar(model, actions)}
    <main class="gallery-main">
      ${galleryGrid(model, { ...actions, openInLens: () => actions.keys.openInLens() })}
      ${isListed && layout.count === 0 ? emptyList(model.view, actions) : nothing}
    </main>
    ${detailStrip(model, actions.keys)} ${keySheet(galleryKeyGroups)} ${message(model, actions)}
    <div class="hidden-visually" role="status" aria-live="polite">${model.announcement}</div>`;
}

function message({ message: text }: GalleryModel, actions: GalleryActions): TemplateResult | typeof nothing {
  return text === undefined
    ? nothing
    : html`<div class="page-message" role="alert">
        ${icon('error')}<span>${text}</span>
        <button class="icon-button" title="Close" aria-label="Close" @click=${() => actions.dismissMessage()}>
          ${icon('close')}
        </button>
      </div>`;
}
