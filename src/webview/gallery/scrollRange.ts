/** Browsers draw nothing beyond some 33 million pixels. */
const tallest = 12_000_000;

/** Maps the way of a scroll bar to the heights of a grid that may be taller than any element can be. */
export interface ScrollRange {
  /** Of the element that is scrolled. */
  readonly height: number;
  /** Whether one pixel of the scroll bar is more than one of the grid. */
  readonly isScaled: boolean;
  /** Height in the grid at the upper edge. */
  toGrid(scrollTop: number): number;
  toScroll(top: number): number;
}

export function scrollRange(gridHeight: number, viewport: number, limit = tallest): ScrollRange {
  const height = Math.min(gridHeight, limit);
  const [gridWay, scrollWay] = [Math.max(0, gridHeight - viewport), Math.max(0, height - viewport)];
  const isScaled = gridHeight > limit && scrollWay > 0;
  const scale = isScaled ? gridWay / scrollWay : 1;
  const clamped = (value: number, way: number) => Math.min(way, Math.max(0, value));
  return {
    height,
    isScaled,
    toGrid: scrollTop => clamped(scrollTop * scale, gridWay),
    toScroll: top => clamped(top / scale, scrollWay),
  };
}

/** The nearest upper edge from which a span is in view. */
export function revealed(top: number, viewport: number, span: { readonly from: number; readonly to: number }): number {
  if (span.from < top) return span.from;
  return span.to > top + viewport ? Math.max(0, Math.min(span.from, span.to - viewport)) : top;
}
