import { html, nothing, svg, type TemplateResult } from 'lit';
import type { XywhBox } from '../../common/boxes';
import type { GalleryItem } from '../../protocol/gallery';
import type { GalleryRow } from '../../protocol/galleryStore';
import type { PlacedCrop } from '../../protocol/messages';
import { icon } from '../icons';
import { classesOf, kindOf, measureOf, tileName } from './galleryWords';

export interface TileModel {
  readonly index: number;
  readonly id: string;
  readonly column: number;
  readonly item: GalleryItem | undefined;
  /** Undefined while it is not there, null where it cannot be had. */
  readonly crop: PlacedCrop | null | undefined;
  readonly focused: boolean;
  readonly boxes: boolean;
}

export function tile({ index, id, column, item, crop, focused, boxes }: TileModel): TemplateResult {
  if (item === undefined) {
    return html`<div
      class="tile"
      role="gridcell"
      id=${id}
      data-index=${index}
      aria-colindex=${column + 1}
      aria-busy="true"
    >
      <div class="picture"></div>
      <div class="caption"></div>
    </div>`;
  }
  const { content, triage } = item;
  const measure = measureOf(content);
  return html`<div
    class="tile ${triage.state}"
    role="gridcell"
    id=${id}
    data-index=${index}
    aria-colindex=${column + 1}
    aria-selected=${focused ? 'true' : 'false'}
    aria-label=${tileName(item)}
  >
    <div class="picture">${picture(content, crop, boxes)} ${badge(item)}</div>
    <div class="caption" aria-hidden="true">
      <div class="classes">${classNames(content)}</div>
      <div class="facts">
        <span class="kind">${kindOf(content)}</span>
        <span class="measure number" title=${measure.meaning}>${measure.text}</span>
      </div>
    </div>
  </div>`;
}

/** `boat → ship`, where there is another class to suggest. */
export function classNames(content: GalleryRow): TemplateResult {
  const { from, to } = classesOf(content);
  return to === undefined
    ? html`<span>${from}</span>`
    : html`<span>${from}</span><span class="arrow">→</span><span>${to}</span>`;
}

/** A crop with the boxes in question over it. */
export function picture(
  content: GalleryRow,
  crop: PlacedCrop | null | undefined,
  boxes: boolean,
): TemplateResult | typeof nothing {
  if (crop === undefined) return nothing;
  if (crop === null) return html`<div class="no-picture">${icon('error')}<span>no picture</span></div>`;
  const { left, top, width, height } = crop.region;
  return html`<img src=${crop.uri} alt="" draggable="false" /> ${
      boxes
        ? html`<svg viewBox="${left} ${top} ${width} ${height}" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
            ${boxesOf(content).map(({ bbox, role }) => outline(bbox, role))}
          </svg>`
        : nothing
    }`;
}

type BoxRole = 'label' | 'proposed' | 'anchor';

function boxesOf({ type, row }: GalleryRow): { bbox: XywhBox; role: BoxRole }[] {
  switch (type) {
    case 'label':
      return [{ bbox: row.bbox, role: 'label' }];
    case 'place':
      return [{ bbox: row.bbox, role: 'anchor' }];
    case 'issue': {
      const { bbox, suggestedBbox, kind } = row;
      // There is no label yet: all that is shown is the proposal.
      if (kind === 'missing') return [{ bbox: suggestedBbox ?? bbox, role: 'proposed' }];
      const proposed = suggestedBbox === null ? [] : [{ bbox: suggestedBbox, role: 'proposed' as const }];
      return [{ bbox, role: 'label' }, ...proposed];
    }
  }
}

/** A dark halo below keeps the line visible on any picture. Boxes without width or height stay visible as lines. */
function outline([x, y, width, height]: XywhBox, role: BoxRole): TemplateResult {
  const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)];
  const rect = (className: string) =>
    svg`<rect class=${className} x=${left} y=${top} width=${Math.max(0.01, Math.abs(width))}
      height=${Math.max(0.01, Math.abs(height))} />`;
  return svg`${rect('halo')}${rect(role)}`;
}

function badge({ triage }: GalleryItem): TemplateResult | typeof nothing {
  switch (triage.state) {
    case 'open':
      return nothing;
    case 'confirmed':
      return html`<span class="badge" title=${triage.reason}>${icon('verified')}confirmed</span>`;
    case 'fixed':
      return html`<span class="badge">${icon('check')}fixed</span>`;
    case 'dismissed':
      return html`<span class="badge" title=${triage.reason}>${icon('circle-slash')}dismissed</span>`;
  }
}
