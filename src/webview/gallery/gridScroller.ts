import { placeOf, rowsBetween, type GridLayout, type GridRow } from './gridLayout';
import { revealed, scrollRange, type ScrollRange } from './scrollRange';

/** Drawn beyond what is in view, in rows. */
const margin = 2;

/** Which part of a grid is in view: follows the scroll bar, the wheel and the focus. */
export class GridScroller {
  /** Height in the grid at the upper edge. */
  top = 0;
  /** What the scroll bar was set to by us. */
  private expected = 0;

  constructor(private readonly find: () => HTMLElement | null) {}

  get viewport(): number {
    return this.find()?.clientHeight ?? 600;
  }

  focus(): void {
    this.find()?.focus({ preventScroll: true });
  }

  get scrollTop(): number {
    return this.find()?.scrollTop ?? 0;
  }

  /** Without the scroll bar. */
  width(otherwise: number): number {
    return this.find()?.clientWidth ?? otherwise;
  }

  range(layout: GridLayout): ScrollRange {
    return scrollRange(layout.height, this.viewport);
  }

  rows(layout: GridLayout): GridRow[] {
    const beyond = margin * layout.rowHeight;
    return rowsBetween(layout, this.top - beyond, this.top + this.viewport + beyond);
  }

  /** The scroll bar has moved. */
  follow(layout: GridLayout): void {
    const { scrollTop } = this;
    const range = this.range(layout);
    // What we have set ourselves says less than what we know, where a pixel of the bar is many of the grid.
    if (range.isScaled && Math.abs(scrollTop - this.expected) < 1) return;
    this.expected = scrollTop;
    this.top = range.toGrid(scrollTop);
  }

  /** In a grid too tall for a scroll bar that is true to scale, the wheel moves by the grid's own pixels. */
  wheel(layout: GridLayout, event: WheelEvent): boolean {
    if (!this.range(layout).isScaled || event.ctrlKey) return false;
    const unit = event.deltaMode === 1 ? 20 : event.deltaMode === 2 ? this.viewport : 1;
    event.preventDefault();
    this.moveTo(layout, this.top + event.deltaY * unit);
    return true;
  }

  /** Brings a tile into view, with the heading above where it is in the first row. */
  reveal(layout: GridLayout, index: number): void {
    if (layout.count === 0) return;
    const { row, top } = placeOf(layout, index);
    const from = top - layout.gap - (row === 0 ? layout.heading : 0);
    this.moveTo(layout, revealed(this.top, this.viewport, { from: Math.max(0, from), to: top + layout.rowHeight }));
  }

  moveTo(layout: GridLayout, top: number): void {
    const range = this.range(layout);
    this.top = Math.min(Math.max(0, layout.height - this.viewport), Math.max(0, top));
    const scroller = this.find();
    if (scroller === null) return;
    scroller.scrollTop = range.toScroll(this.top);
    this.expected = scroller.scrollTop;
  }
}
