/**
 * Per-anchor columns as they compress best. The bytes of a number, and the numbers of an anchor within a column, lie
 * apart: first the first byte of every anchor, then the second and so on, column by column. High bytes are alike from
 * one anchor to the next; low ones are noise, and beside each other no compressor would tell them apart.
 */
import { columnLayout } from './anchorColumns';

/** The columns' bytes, grouped. */
export function groupBytes(columns: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(columns);
  const grouped = new Uint8Array(bytes.length);
  eachColumn(bytes.length, (start, count, width) => {
    for (let k = 0, at = start; k < width; k++) {
      for (let from = start + k, end = from + count * width; from < end; from += width) grouped[at++] = bytes[from];
    }
  });
  return grouped;
}

/** The columns whose bytes {@link groupBytes} grouped, in a buffer of exactly their size. */
export function ungroupBytes(grouped: Uint8Array): ArrayBuffer {
  const bytes = new Uint8Array(grouped.length);
  eachColumn(bytes.length, (start, count, width) => {
    for (let k = 0, at = start; k < width; k++) {
      for (let to = start + k, end = to + count * width; to < end; to += width) bytes[to] = grouped[at++];
    }
  });
  return bytes.buffer;
}

/** Where each column starts, its anchors and the bytes of one. Throws RangeError for part of an anchor. */
function eachColumn(total: number, visit: (start: number, count: number, width: number) => void): void {
  const { columns, bytesPerAnchor } = columnLayout;
  const count = total / bytesPerAnchor;
  if (!Number.isInteger(count)) throw new RangeError(`${total} bytes are not a whole number of anchors`);
  let start = 0;
  for (const { bytes } of columns) {
    visit(start, count, bytes);
    start += count * bytes;
  }
}
