import { describe, expect, it } from 'vitest';
import type { DatasetClassMapping, MappedCategory } from '../../../src/protocol/classMapping';
import { allChoices, choose, columnOf, matchedBy, summaryOf } from '../../../src/webview/mapping/choices';

const category = (name: string, labels: number, column: number, by: MappedCategory['by'], automatic = { column, by }) =>
  ({ name, id: undefined, labels, column, by, automatic }) as const;
const cat = category('cat', 5, 1, 'name');
const hound = category('hound', 3, 2, 'card', { column: -1, by: 'none' });
const pram = category('pram', 2, -1, 'none');
const mapping: DatasetClassMapping = {
  ...{ dataset: 'd.json', format: 'coco', checkpoint: 'm.pth', card: 'm.json', hasCard: true, classesNamed: true },
  columns: ['__background__', 'cat', 'dog', 'bird'].map((name, i) => ({ name, isPlaceholder: i === 0 })),
  categories: [cat, hound, pram],
  counted: { images: 4, of: 4 },
  notes: [],
};
const none = new Map<string, number>();

describe('choices of the mapping editor', () => {
  it('count only where they change something', () => {
    const chosen = choose(none, pram, 3);
    expect([columnOf(pram, chosen), columnOf(cat, chosen)]).toEqual([3, 1]);
    expect(choose(chosen, pram, -1)).toEqual(none);
    expect(none.size).toBe(0);
  });

  it('say how a class will be matched', () => {
    expect(matchedBy(pram, choose(none, pram, 3))).toBe('card');
    expect(matchedBy(hound, none)).toBe('card');
    expect(matchedBy(hound, choose(none, hound, -1))).toBe('none');
    expect(matchedBy(cat, choose(none, cat, -1))).toBe('card');
  });

  it('are saved with what was not touched', () => {
    expect(allChoices(mapping, choose(none, pram, 3)).map(({ name, column }) => [name, column])).toEqual([
      ['cat', 1],
      ['hound', 2],
      ['pram', 3],
    ]);
  });

  it('sum up to what is left out', () => {
    expect(summaryOf(mapping, none)).toEqual({ classes: 3, matched: 2, labels: 10, labelsLeftOut: 2, unmet: [3] });
    const chosen = choose(choose(none, pram, 3), hound, -1);
    expect(summaryOf(mapping, chosen)).toMatchObject({ matched: 2, labelsLeftOut: 3, unmet: [2] });
  });
});
