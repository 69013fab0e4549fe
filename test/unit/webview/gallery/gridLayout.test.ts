import { describe, expect, it } from 'vitest';
import {
  layoutGrid,
  moved,
  placeOf,
  rowsBetween,
  sectionOf,
  type GridMove,
} from '../../../../src/webview/gallery/gridLayout';
import { revealed, scrollRange } from '../../../../src/webview/gallery/scrollRange';
import { seededRandom } from '../../helpers/random';
import { fastest } from '../../helpers/timing';

const options = { width: 520, tile: 100, gap: 10, caption: 30, heading: 24 };

describe('layoutGrid', () => {
  it('fits as many tiles as there is room for, and spreads what is left', () => {
    const layout = layoutGrid([7], { ...options, heading: 0 });
    expect(layout).toMatchObject({
      columns: 4,
      tileWidth: 117,
      rowHeight: 157,
      count: 7,
      rows: 2,
      height: 10 + 2 * 157,
    });
    for (let width = 60; width < 2000; width += 7) {
      const { columns, tileWidth, gap } = layoutGrid([1], { ...options, width });
      expect(columns * (tileWidth + gap) + gap).toBeLessThanOrEqual(Math.max(width, columns * (1 + gap) + gap));
      if (columns > 1) expect(tileWidth).toBeGreaterThanOrEqual(options.tile);
    }
  });

  it('puts every tile into exactly one row, one below the other', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 40; round++) {
      const counts = Array.from({ length: 1 + Math.floor(random() * 6) }, () => Math.floor(random() * 30));
      const layout = layoutGrid(counts, { ...options, width: 80 + random() * 900, heading: round % 2 === 0 ? 24 : 0 });
      const rows = rowsBetween(layout, 0, layout.height);
      const tiles = rows.flatMap(row =>
        row.type === 'tiles' ? Array.from({ length: row.count }, (_, i) => row.first + i) : [],
      );
      expect(tiles).toEqual(Array.from({ length: layout.count }, (_, i) => i));
      expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: layout.rows }, (_, i) => i));
      rows.reduce((above, { top, type }) => {
        expect(top).toBeGreaterThanOrEqual(above);
        return top + (type === 'heading' ? layout.heading : layout.rowHeight);
      }, 0);
      for (const row of rows) {
        if (row.type !== 'tiles') continue;
        const place = placeOf(layout, row.first + row.count - 1);
        expect(place).toMatchObject({ section: row.section, top: row.top, column: row.count - 1 });
        expect(sectionOf(layout, row.first)).toBe(row.section);
      }
    }
  });

  it('tells of a part what it tells of the whole, and no more than is in view', () => {
    const layout = layoutGrid([13, 0, 5, 40], options);
    const all = rowsBetween(layout, 0, layout.height);
    for (let from = 0; from < layout.height; from += 31) {
      const to = from + 200;
      const bottom = (row: (typeof all)[number]) =>
        row.top + (row.type === 'heading' ? layout.heading : layout.rowHeight);
      expect(rowsBetween(layout, from, to)).toEqual(all.filter(row => row.top < to && bottom(row) > from));
    }
  });

  it('answers for a million tiles as for one', () => {
    const layout = layoutGrid([1_000_000], options);
    const few = layoutGrid([1000], options);
    const timeOf = (grid: typeof layout) =>
      fastest(() => {
        for (let i = 0; i < 1000; i++) rowsBetween(grid, grid.height / 2, grid.height / 2 + 900);
      });
    timeOf(few);
    expect(timeOf(layout) / timeOf(few)).toBeLessThan(20);
    expect(rowsBetween(layout, layout.height - 10, layout.height)).toHaveLength(1);
  });
});

describe('moved', () => {
  // Two sections of 6 and 3 tiles, 4 in a row: 0 1 2 3 / 4 5 // 6 7 8.
  const layout = layoutGrid([6, 3], options);
  const go = (index: number, ...moves: GridMove[]) => moves.reduce((at, move) => moved(layout, at, move, 200), index);

  it('follows the rows across sections and keeps to the column where it can', () => {
    expect(go(1, 'down')).toBe(5);
    expect(go(2, 'down')).toBe(5);
    expect(go(5, 'down')).toBe(7);
    expect(go(7, 'up')).toBe(5);
    expect(go(8, 'up', 'up')).toBe(1);
    expect(go(3, 'right')).toBe(4);
    expect(go(6, 'left')).toBe(5);
  });

  it('stays within the tiles', () => {
    expect(go(0, 'left', 'up', 'pageUp')).toBe(0);
    expect(go(8, 'right', 'down', 'pageDown')).toBe(8);
    expect(go(4, 'home')).toBe(0);
    expect(go(4, 'end')).toBe(8);
    expect(moved(layoutGrid([], options), 0, 'down', 200)).toBe(0);
  });
});

describe('scrollRange', () => {
  it('is the grid itself while an element can be that tall', () => {
    const range = scrollRange(5000, 800, 10_000);
    expect(range).toMatchObject({ height: 5000, isScaled: false });
    expect(range.toGrid(1234)).toBe(1234);
    expect(range.toScroll(1234)).toBe(1234);
    expect(range.toGrid(9999)).toBe(4200);
  });

  it('reaches both ends of a taller grid, and back', () => {
    const range = scrollRange(40_000_000, 800, 10_000);
    expect(range.isScaled).toBe(true);
    expect(range.toGrid(0)).toBe(0);
    expect(range.toGrid(10_000 - 800)).toBe(40_000_000 - 800);
    for (const top of [0, 1, 12_345_678, 39_999_200]) expect(range.toGrid(range.toScroll(top))).toBeCloseTo(top, 3);
  });
});

describe('revealed', () => {
  it('moves no further than it must', () => {
    expect(revealed(100, 300, { from: 150, to: 250 })).toBe(100);
    expect(revealed(100, 300, { from: 50, to: 150 })).toBe(50);
    expect(revealed(100, 300, { from: 350, to: 450 })).toBe(150);
    // Taller than the view: its beginning counts.
    expect(revealed(0, 300, { from: 350, to: 900 })).toBe(350);
  });
});
