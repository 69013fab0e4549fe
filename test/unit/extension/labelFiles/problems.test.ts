import { describe, expect, it } from 'vitest';
import { labelChange, newLabel, proposedFixes } from '../../../../src/extension/labelFiles/proposedFixes';
import { problemText, relatedDetection, relatedLabel } from '../../../../src/extension/labelFiles/problemText';
import { rereadLabels } from '../../../../src/extension/labelFiles/rereadLabels';
import { Tickets } from '../../../../src/extension/labelFiles/tickets';
import { lossText, timesText, unitText } from '../../../../src/extension/labelFiles/numbers';
import type { XywhBox } from '../../../../src/common/boxes';
import type { ImageLabels, Label } from '../../../../src/dataset/labels';
import type { IssueKind } from '../../../../src/protocol/analysis';
import { facts, issue, label, t } from './support';

const kinds: readonly IssueKind[] = [
  'missing',
  'spurious',
  'wrongClass',
  'badBox',
  'duplicate',
  'degenerate',
  'uncovered',
];

describe('problemText', () => {
  it('warns of what is very likely, informs of the rest, and never speaks of an error', () => {
    for (const kind of kinds) {
      expect(problemText(issue({ kind, score: 0.5 }), t).severity).toBe('information');
      expect(problemText(issue({ kind, score: 0.95 }), t).severity).toBe(
        kind === 'uncovered' ? 'information' : 'warning',
      );
    }
  });

  it('says class, kind, score and evidence on one line', () => {
    const { message, part } = problemText(issue({ category: 'a\nb', evidence: 'The anchors\nsay dog.' }), t);
    expect(message).toBe('a b: wrong class? (0.90) The anchors say dog.');
    expect(part).toBe('category');
  });

  it('names the label that a duplicate overlaps most, and the detection that a suspicion rests on', () => {
    const labels = [label(), label({ id: '2', bbox: [11, 21, 30, 40] }), label({ id: '3', bbox: [200, 20, 30, 40] })];
    const detections = [
      { bbox: [12, 22, 30, 40], category: 'dog', column: 2, score: 0.8 },
      { bbox: [10, 20, 30, 40], category: 'cat', column: 1, score: 0.9 },
    ] as const;
    const image = facts({ labels, detections });
    expect(relatedLabel(issue({ kind: 'duplicate' }), image)?.id).toBe('2');
    expect(relatedLabel(issue(), image)).toBeUndefined();
    expect(relatedDetection(issue(), image)).toMatchObject({ category: 'dog', score: 0.8 });
    expect(relatedDetection(issue({ suggestedCategory: 'cow' }), image)).toBeUndefined();
    expect(relatedDetection(issue({ kind: 'duplicate' }), image)).toBeUndefined();
  });
});

describe('proposedFixes', () => {
  const categories = [
    { name: 'cat', id: 4 },
    { name: 'Dog', id: 9 },
  ];

  it('offers for every kind what it suggests, and removing where that may help', () => {
    const image = facts();
    const offered = (kind: IssueKind) =>
      proposedFixes(issue({ kind, suggestedBbox: [1, 2, 3, 4] }), image, t).map(fix =>
        fix.kind === 'add' ? 'add' : fix.what,
      );
    expect(kinds.map(offered)).toEqual([
      ['add'],
      ['remove'],
      ['changeClass', 'remove'],
      ['replaceBox', 'remove'],
      ['remove'],
      ['replaceBox', 'remove'],
      [],
    ]);
    expect(proposedFixes(issue({ suggestedCategory: null }), image, t).map(fix => fix.title)).toEqual([
      'Remove this label',
    ]);
    const nameless = issue({ kind: 'missing', category: null, suggestedCategory: null });
    expect(proposedFixes(nameless, image, t)).toEqual([]);
  });

  it('calls what mends a degenerate box what it is: its corners in order, or the box the model sees', () => {
    const title = (bbox: XywhBox) =>
      proposedFixes(issue({ kind: 'degenerate', bbox, suggestedBbox: [1, 2, 3, 4] }), facts(), t)[0].title;
    expect(title([4, 2, -3, 4])).toBe('Put the corners of the box in order');
    expect(title([4, 2, 0, 4])).toBe("Replace the box by the model's");
    expect(title([4, 2, -3, 0])).toBe("Replace the box by the model's");
  });

  it("changes to a class by the data set's own number, whatever its case, and to no other", () => {
    const [fix] = proposedFixes(issue(), facts(), t);
    if (fix.kind !== 'change') throw new Error('no change');
    expect(labelChange(fix, categories)).toEqual({ kind: 'changeClass', category: { name: 'Dog', id: 9 } });
    expect(labelChange(fix, [{ name: 'cow', id: 1 }])).toBeUndefined();
    // Pascal VOC, which states no classes.
    expect(labelChange(fix, [])).toEqual({ kind: 'changeClass', category: { name: 'dog', id: undefined } });
  });

  it('writes boxes within the image, in whole pixels where the labels are', () => {
    const bad = issue({ kind: 'badBox', suggestedBbox: [-3.26, 10.126, 700, 20.5] });
    const boxOf = (image: ReturnType<typeof facts>) => {
      const [fix] = proposedFixes(bad, image, t);
      return 'box' in fix ? fix.box : undefined;
    };
    const voc = facts({ labelFile: { format: 'voc', files: ['/a.xml'], problems: [] } });
    expect(boxOf(voc)).toEqual([0, 10, 640, 31]);
    expect(boxOf(facts())).toEqual([0, 10.13, 640, 30.63]);
  });

  it('adds the class that is missing', () => {
    const [fix] = proposedFixes(issue({ kind: 'missing', labelId: null, suggestedCategory: null }), facts(), t);
    if (fix.kind !== 'add') throw new Error('no label to add');
    expect(newLabel(fix, categories)).toEqual({ category: { name: 'cat', id: 4 }, box: [10, 20, 40, 60] });
  });
});

describe('rereadLabels', () => {
  const read = (changes: Partial<Label> = {}): Label => ({
    id: '1',
    category: 'cat',
    categoryId: 0,
    box: [10, 20, 40, 60],
    crowd: false,
    difficult: false,
    source: { file: '/data/labels/a.txt', start: 50, end: 70, line: 3, column: 0 },
    ...changes,
  });
  const labels = (...list: Label[]): ImageLabels => ({
    format: 'yolo',
    files: ['/data/labels/a.txt'],
    labels: list,
    problems: [],
    categories: [],
  });

  it('keeps the numbers of labels that only moved in the file', () => {
    const again = rereadLabels(facts(), labels(read()));
    expect(again?.labels[0].source).toMatchObject({ start: 50, line: 3 });
    expect(again?.labels[0].classification).toBe(2);
  });

  it('takes no part of it where a label was added, removed or changed, or the file is another', () => {
    expect(rereadLabels(facts(), labels(read(), read({ id: '2' })))).toBeUndefined();
    expect(rereadLabels(facts(), labels())).toBeUndefined();
    expect(rereadLabels(facts(), labels(read({ category: 'dog' })))).toBeUndefined();
    expect(rereadLabels(facts(), labels(read({ box: [10, 20, 40, 61] })))).toBeUndefined();
    expect(rereadLabels(facts(), { ...labels(read()), files: ['/other.txt'] })).toBeUndefined();
  });
});

describe('small things', () => {
  it('tickets mean nothing once forgotten, and nothing else is one', () => {
    const tickets = new Tickets<string>(2);
    const numbers = ['a', 'b', 'c'].map(item => tickets.issue(item));
    expect(numbers.map(number => tickets.redeem(number))).toEqual([undefined, 'b', 'c']);
    for (const other of [undefined, null, '1', NaN, {}, [2]]) expect(tickets.redeem(other)).toBeUndefined();
  });

  it('numbers are short', () => {
    expect([0, 0.00042, 0.0123, 1.419, 23.77, 2345.6].map(lossText)).toEqual([
      '0',
      '4.2e-4',
      '0.0123',
      '1.42',
      '23.8',
      '2346',
    ]);
    expect([0, 0.004, 0.999].map(unitText)).toEqual(['0.00', '<0.01', '1.00']);
    expect([timesText(1, 2), timesText(30, 1), timesText(5000, 1), timesText(1, 0)]).toEqual([
      '0.5×',
      '30×',
      '>99×',
      undefined,
    ]);
  });
});
