import { describe, expect, it } from 'vitest';
import { labelAt } from '../../../src/extension/labelAtCursor';
import type { LabelSummary } from '../../../src/protocol/analysis';

const text = ['{"annotations": [', '  {"id": 1},{"id": 2},', '  {', '    "id": 3', '  }', ']}'].join('\n');
const file = '/a.json';

function label(found: string, of = file): LabelSummary {
  const start = text.indexOf(found);
  const before = text.slice(0, start).split('\n');
  const position = { line: before.length - 1, column: before.at(-1)?.length ?? 0 };
  const source = { file: of, start, end: start + found.length, ...position };
  return { ...({} as LabelSummary), source };
}
const labels = [label('{"id": 1}'), label('{"id": 2}'), label('{\n    "id": 3\n  }')];

describe('the label at the cursor', () => {
  it.each([
    ['inside a label', 1, 5, 0],
    ['inside the second label of a line', 1, 15, 1],
    ['on the middle line of a label', 3, 6, 2],
    ['before a label, on its line', 2, 0, 2],
    ['behind a label, on its last line', 4, 3, 2],
    ['on another line', 0, 4, -1],
    ['beyond the end', 99, 0, -1],
  ])('%s', (_, line, column, expected) => {
    expect(labelAt(labels, file, text, { line, column })).toBe(expected);
  });

  it('is none of another file, nor one without a place', () => {
    expect(labelAt([label('{"id": 1}', '/b.json')], file, text, { line: 1, column: 5 })).toBe(-1);
    expect(labelAt([{ ...labels[0], source: undefined }], file, text, { line: 1, column: 5 })).toBe(-1);
  });

  it('is found by line where a byte order mark shifts the offsets of the file', () => {
    const shifted = labels.map(one => ({
      ...one,
      source: one.source && { ...one.source, start: one.source.start + 1, end: one.source.end + 1 },
    }));
    expect(labelAt(shifted, file, text, { line: 1, column: 15 })).toBe(1);
  });
});
