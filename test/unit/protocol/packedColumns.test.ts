import { describe, expect, it } from 'vitest';
import { allocateAnchorColumns, anchorColumns } from '../../../src/protocol/anchorColumns';
import { groupBytes, ungroupBytes } from '../../../src/protocol/packedColumns';
import { seededRandom } from '../helpers/random';

describe('grouped bytes of columns', () => {
  it.each([0, 1, 2, 7, 1000])('come back, of %i anchors', count => {
    const random = seededRandom(count);
    const columns = allocateAnchorColumns(count);
    const bytes = new Uint8Array(columns);
    for (let i = 0; i < bytes.length; i++) bytes[i] = random() * 256;
    const before = bytes.slice();
    const back = ungroupBytes(groupBytes(columns));
    expect(bytes).toEqual(before);
    expect(new Uint8Array(back)).toEqual(before);
  });

  it('lie together by their place in an anchor', () => {
    const columns = allocateAnchorColumns(3);
    const { label, decoded } = anchorColumns(columns);
    label.set([0x04030201, 0x14131211, 0x24232221]);
    new Uint8Array(decoded.buffer, decoded.byteOffset).set([7], 16);
    const grouped = groupBytes(columns);
    expect([...grouped.slice(0, 12)]).toEqual([1, 0x11, 0x21, 2, 0x12, 0x22, 3, 0x13, 0x23, 4, 0x14, 0x24]);
    // The first byte of the second anchor's box follows that of the first anchor.
    expect(grouped[decoded.byteOffset + 1]).toBe(7);
  });

  it('are refused for part of an anchor', () => {
    expect(() => ungroupBytes(new Uint8Array(10))).toThrow(RangeError);
  });
});
