import { html, nothing, type TemplateResult } from 'lit';
import type { Point, Size } from './canvas/viewport';
import { orderMetric } from './lens/anchorOrder';
import { anchorRecord } from './lens/anchorRecord';
import type { AnchorHit } from './lens/hitTest';
import type { LensImage } from './lens/lensImage';
import type { Metric } from './lens/metrics';
import { term } from './panel/parts';
import { argumentSentence, labelName } from './words/anchorSentence';
import { loss, probability, unit } from './words/format';
import { orderValue, placeInOrder } from './words/orderWords';
import { anchorName } from './words/spokenAnchor';
import { stateNames } from './words/stateNames';

/** One of the anchors at a place, which come in the order of what is shown. */
export function tooltip(
  image: LensImage,
  hits: readonly AnchorHit[],
  index: number,
  shown: Metric,
): TemplateResult | typeof nothing {
  const hit = hits[index];
  if (hit === undefined) return nothing;
  const record = anchorRecord(image, hit.anchor);
  const state = stateNames[record.state];
  const order = orderMetric(shown);
  const matched = record.label === undefined ? 'no label near' : `${labelName(record.label)}, IoU ${unit(record.iou)}`;
  return html`<div class="tip-head">
      <b>${anchorName(record)}</b>
      <span><span class="dot ${state}"></span>${state}</span>
    </div>
    <dl class="tip-values">
      ${value(term('p_t'), record.pt === null ? 'none' : html`${probability(record.pt)} <span class="dim">${record.band}</span>`)}
      ${value(term('CE'), loss(record.crossEntropy))} ${value(term('FL'), loss(record.focal))}
      ${order === 'ratio' ? value('FL / CE', orderValue(record, order).text) : nothing}
    </dl>
    <dl class="tip-values">
      ${value(state === 'foreground' ? 'matched to' : 'nearest label', matched)}
      ${value('worst class', record.worstClass)}
    </dl>
    <p>${argumentSentence(record)}</p>
    <p class="dim">
      ${placeInOrder(index, hits.length, order)} · Alt+scroll or [ ] for others · click or Enter to inspect
    </p>`;
}

function value(name: TemplateResult | string, shown: TemplateResult | string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${shown}</dd>
  </div>`;
}

/** Beside the pointer where there is room, on the stage in any case. */
export function tooltipPlace(pointer: Point, tip: Size, stage: Size): Point {
  const gap = 18;
  const right = pointer.x + gap + tip.width <= stage.width;
  const below = pointer.y + gap + tip.height <= stage.height;
  const x = right ? pointer.x + gap : pointer.x - gap - tip.width;
  const y = below ? pointer.y + gap : pointer.y - gap - tip.height;
  return {
    x: Math.max(4, Math.min(x, stage.width - tip.width - 4)),
    y: Math.max(4, Math.min(y, stage.height - tip.height - 4)),
  };
}
