import { describe, expect, it } from 'vitest';
import type { TextChange } from '../../../../src/dataset/edit/textEdit';
import { TrackedRanges } from '../../../../src/extension/labelFiles/trackedRanges';
import { seededRandom } from '../../helpers/random';
import { fastest } from '../../helpers/timing';

const lines = Array.from({ length: 30 }, (_, i) => `label ${i} at ${(i * 7919) % 997}`);
const text = lines.join('\n');
const starts = lines.map((_, i) => lines.slice(0, i).reduce((sum, line) => sum + line.length + 1, 0));
const tracked = () => new TrackedRanges(lines.map((line, i) => ({ start: starts[i], end: starts[i] + line.length })));

/** @param edits sorted, not overlapping */
function applyEdits(before: string, edits: readonly TextChange[]): string {
  return [...edits]
    .reverse()
    .reduce((now, { offset, length, text }) => now.slice(0, offset) + text + now.slice(offset + length), before);
}

/** The edits that undo others, for the text that these lead to. */
function inverseEdits(before: string, edits: readonly TextChange[]): TextChange[] {
  let shift = 0;
  return edits.map(({ offset, length, text }) => {
    const inverse = { offset: offset + shift, length: text.length, text: before.slice(offset, offset + length) };
    shift += text.length - length;
    return inverse;
  });
}

/** Up to three edits that do not overlap, sorted as an editor sends them: the last place first. */
function randomEdits(length: number, random: () => number): TextChange[] {
  const places = Array.from({ length: 2 * (1 + Math.floor(random() * 3)) }, () => Math.floor(random() * (length + 1)));
  places.sort((a, b) => a - b);
  const edits: TextChange[] = [];
  for (let i = 0; i + 1 < places.length; i += 2) {
    const size = Math.min(places[i + 1] - places[i], Math.floor(random() * 40));
    edits.push({
      offset: places[i],
      length: size,
      text: ['', 'x', 'a\nb', '12345678'][Math.floor(random() * 4)],
    });
  }
  return edits.filter((edit, i) => i === 0 || edit.offset > edits[i - 1].offset + edits[i - 1].length);
}

describe('TrackedRanges', () => {
  it('keeps every range that no edit touched on its text, for any edits', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 60; round++) {
      const ranges = tracked();
      const touched = new Set<number>();
      let now = text;
      for (let step = 0; step < 8; step++) {
        const edits = randomEdits(now.length, random);
        for (const index of ranges.apply([...edits].reverse())) touched.add(index);
        now = applyEdits(now, edits);
        lines.forEach((line, i) => {
          const { start, end } = ranges.rangeAt(i);
          if (!touched.has(i)) expect(now.slice(start, end)).toBe(line);
          else expect(start).toBeLessThanOrEqual(end);
        });
      }
      expect(touched.size).toBeGreaterThan(0);
    }
  });

  it('holds every label again once all edits are undone', () => {
    const random = seededRandom(8);
    for (let round = 0; round < 40; round++) {
      const ranges = tracked();
      let now = text;
      const undo: TextChange[][] = [];
      for (let step = 0; step < 4; step++) {
        const edits = randomEdits(now.length, random);
        undo.push(inverseEdits(now, edits));
        ranges.apply([...edits].reverse());
        now = applyEdits(now, edits);
      }
      for (const edits of undo.reverse()) {
        ranges.apply([...edits].reverse());
        now = applyEdits(now, edits);
      }
      expect(now).toBe(text);
      lines.forEach((line, i) => {
        const { start, end } = ranges.rangeAt(i);
        expect(now.slice(start, end)).toContain(line);
      });
    }
  });

  it('moves a range by text right before it and lets be one right after it', () => {
    const ranges = new TrackedRanges([{ start: 10, end: 20 }]);
    expect(ranges.apply([{ offset: 10, length: 0, text: 'abc' }]).size).toBe(0);
    expect(ranges.rangeAt(0)).toEqual({ start: 13, end: 23 });
    expect(ranges.apply([{ offset: 23, length: 4, text: '' }]).size).toBe(0);
    expect(ranges.rangeAt(0)).toEqual({ start: 13, end: 23 });
  });

  it('brings a label that was cut away back when it is pasted at its place', () => {
    const ranges = tracked();
    const cut = { offset: starts[4] - 5, length: lines[4].length + 12, text: '' };
    expect([...ranges.apply([cut])].sort((a, b) => a - b)).toEqual([3, 4, 5]);
    ranges.apply([{ offset: cut.offset, length: 0, text: text.slice(cut.offset, cut.offset + cut.length) }]);
    for (const i of [3, 4, 5]) {
      const { start, end } = ranges.rangeAt(i);
      expect(text.slice(start, end)).toContain(lines[i]);
    }
  });

  it('finds the shortest range that holds a place, and all within a part', () => {
    const ranges = new TrackedRanges([
      { start: 0, end: 100 },
      { start: 40, end: 50 },
      { start: 60, end: 60 },
    ]);
    expect([ranges.at(45), ranges.at(50), ranges.at(51), ranges.at(60), ranges.at(101)]).toEqual([1, 1, 0, 0, -1]);
    expect(ranges.within({ start: 50, end: 55 })).toEqual([0, 1]);
  });

  it('follows an edit among ten times as many labels in about ten times the time', () => {
    const timeOf = (count: number) => {
      const ranges = new TrackedRanges(
        Array.from({ length: count }, (_, i) => ({ start: i * 400, end: i * 400 + 300 })),
      );
      const middle = { offset: count * 200, length: 0, text: 'x' };
      ranges.apply([middle]);
      return fastest(() => {
        for (let i = 0; i < 20; i++) ranges.apply([middle]);
      });
    };
    timeOf(10_000);
    // A hundred times for whoever compares each label with each.
    expect(timeOf(100_000) / timeOf(10_000)).toBeLessThan(50);
  });
});
