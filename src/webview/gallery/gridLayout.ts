/** Where tiles stand in a grid whose rows are all of one height, in sections under headings. Only arithmetic. */

export interface GridOptions {
  /** Of the grid, CSS pixels; so is everything else here. */
  readonly width: number;
  /** Least width of a tile. */
  readonly tile: number;
  readonly gap: number;
  /** What a tile has below its square picture. */
  readonly caption: number;
  /** Of a section's heading; 0 where there are no headings. */
  readonly heading: number;
}

export interface GridSection {
  /** Index of its first tile among all. */
  readonly first: number;
  readonly count: number;
  readonly top: number;
  /** Of tiles, the heading left out. */
  readonly rows: number;
  /** Index of its first row among all rows, headings included. */
  readonly firstRow: number;
}

export interface GridLayout {
  readonly columns: number;
  readonly tileWidth: number;
  readonly gap: number;
  readonly heading: number;
  /** From one row of tiles to the next. */
  readonly rowHeight: number;
  readonly height: number;
  readonly count: number;
  /** Headings included. */
  readonly rows: number;
  readonly sections: readonly GridSection[];
}

/** A heading or a row of tiles. */
export type GridRow =
  | { readonly type: 'heading'; readonly section: number; readonly top: number; readonly row: number }
  | {
      readonly type: 'tiles';
      readonly section: number;
      readonly top: number;
      readonly row: number;
      readonly first: number;
      readonly count: number;
    };

export type GridMove = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'pageUp' | 'pageDown';

/** @param counts tiles in each section */
export function layoutGrid(counts: readonly number[], options: GridOptions): GridLayout {
  const { width, tile, gap, caption, heading } = options;
  const columns = Math.max(1, Math.floor((width - gap) / (tile + gap)));
  const tileWidth = Math.max(1, Math.floor((width - gap * (columns + 1)) / columns));
  const rowHeight = tileWidth + caption + gap;
  const sections: GridSection[] = [];
  let [first, top, firstRow] = [0, gap, 0];
  for (const count of counts) {
    const rows = Math.ceil(count / columns);
    sections.push({ first, count, top, rows, firstRow });
    first += count;
    top += heading + rows * rowHeight;
    firstRow += rows + (heading > 0 ? 1 : 0);
  }
  return { columns, tileWidth, gap, heading, rowHeight, height: top, count: first, rows: firstRow, sections };
}

/** The rows that show anything between two heights. */
export function rowsBetween(layout: GridLayout, from: number, to: number): GridRow[] {
  const { sections, heading, rowHeight, columns } = layout;
  const shown: GridRow[] = [];
  for (let section = sectionAt(layout, from); section < sections.length; section++) {
    const { first, count, top, rows, firstRow } = sections[section];
    if (top >= to) break;
    if (heading > 0 && top + heading > from) shown.push({ type: 'heading', section, top, row: firstRow });
    const start = top + heading;
    const last = Math.min(rows, Math.ceil((to - start) / rowHeight));
    for (let row = Math.max(0, Math.floor((from - start) / rowHeight)); row < last; row++) {
      shown.push({
        type: 'tiles',
        section,
        top: start + row * rowHeight,
        row: firstRow + row + (heading > 0 ? 1 : 0),
        first: first + row * columns,
        count: Math.min(columns, count - row * columns),
      });
    }
  }
  return shown;
}

export interface TilePlace {
  readonly section: number;
  /** Among the section's rows of tiles. */
  readonly row: number;
  readonly column: number;
  readonly top: number;
}

export function placeOf(layout: GridLayout, index: number): TilePlace {
  const { sections, columns, heading, rowHeight } = layout;
  const section = sectionOf(layout, index);
  const { first, top } = sections[section] ?? { first: 0, top: 0 };
  const row = Math.floor((index - first) / columns);
  return { section, row, column: (index - first) % columns, top: top + heading + row * rowHeight };
}

/** The section that a tile belongs to. */
export function sectionOf({ sections }: GridLayout, index: number): number {
  return Math.max(
    0,
    lastWhere(sections, ({ first }) => first <= index),
  );
}

/** The tile that a key leads to. Up and down keep to the column where the row they lead to is long enough. */
export function moved(layout: GridLayout, index: number, move: GridMove, viewport: number): number {
  const last = layout.count - 1;
  if (last < 0) return 0;
  const clamped = (value: number) => Math.min(last, Math.max(0, value));
  switch (move) {
    case 'left':
      return clamped(index - 1);
    case 'right':
      return clamped(index + 1);
    case 'home':
      return 0;
    case 'end':
      return last;
    case 'up':
    case 'down':
      return byRows(layout, index, move === 'up' ? -1 : 1);
    case 'pageUp':
    case 'pageDown': {
      const rows = Math.max(1, Math.floor(viewport / layout.rowHeight));
      return byRows(layout, index, move === 'pageUp' ? -rows : rows);
    }
  }
}

function byRows(layout: GridLayout, index: number, rows: number): number {
  const { sections, columns } = layout;
  const { column, ...place } = placeOf(layout, index);
  let { section, row } = place;
  for (let left = Math.abs(rows); left > 0; left--) {
    if (rows > 0) {
      if (row + 1 < sections[section].rows) row++;
      else if (section + 1 < sections.length) [section, row] = [section + 1, 0];
    } else if (row > 0) row--;
    else if (section > 0) [section, row] = [section - 1, sections[section - 1].rows - 1];
  }
  const { first, count } = sections[section];
  return first + Math.min(count - 1, row * columns + column);
}

function sectionAt({ sections }: GridLayout, height: number): number {
  return Math.max(
    0,
    lastWhere(sections, ({ top }) => top <= height),
  );
}

/** Index of the last item for which `holds`, which is true of the first ones and of no others; -1 where there is none. */
function lastWhere<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle])) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
