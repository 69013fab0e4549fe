import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../src/common/errors';
import { datasetFolder, pathInDataset } from '../../../../src/extension/labelFiles/datasetFolder';
import {
  concerns,
  dismissalsText,
  newDismissal,
  parseDismissals,
  type Dismissal,
} from '../../../../src/extension/labelFiles/dismissals';
import type { LabelFormat } from '../../../../src/dataset/labels';
import type { LabelIssue } from '../../../../src/protocol/analysis';
import { issue } from './support';

const one = newDismissal('images/a.jpg', issue({ bbox: [10.04, 20, 30, 40] }), '  right as it is ');
const two: Dismissal = {
  image: 'images/b.jpg',
  kind: 'missing',
  category: 'dog',
  bbox: [1, 2, 3, 4],
  reason: 'blurred',
};

const isDismissed = (suspicion: LabelIssue, dismissals: readonly Dismissal[]) =>
  dismissals.some(dismissal => concerns(dismissal, suspicion));

describe('dismissals', () => {
  it('come back from their text, which is the same in whatever order they were made', () => {
    const text = dismissalsText([two, one, one]);
    expect(text).toBe(dismissalsText([one, two]));
    expect(parseDismissals(text, 'f')).toEqual([one, two]);
    expect(dismissalsText(parseDismissals(text, 'f'))).toBe(text);
    // One a line, so that two people's dismissals merge.
    expect(text.split('\n').filter(line => line.includes('"kind"'))).toHaveLength(2);
    expect(one).toMatchObject({ bbox: [10, 20, 30, 40], reason: 'right as it is' });
    expect(parseDismissals(dismissalsText([]), 'f')).toEqual([]);
    expect(parseDismissals(' \n', 'f')).toEqual([]);
  });

  it.each([
    ['no JSON', '{"version": 1,'],
    ['no object', '[]'],
    ['another version', '{"version": 2, "dismissed": []}'],
    ['no list', '{"version": 1, "dismissed": {}}'],
    ['an unknown kind', dismissalsText([two]).replace('missing', 'constructor')],
    ['a short box', dismissalsText([two]).replace('[1,2,3,4]', '[1,2,3]')],
    ['a box of words', dismissalsText([two]).replace('[1,2,3,4]', '[1,2,3,"4"]')],
    ['a number for a text', dismissalsText([two]).replace('"blurred"', '7')],
    ['a text without end', dismissalsText([two]).replace('blurred', 'x'.repeat(2000))],
    ['an entry that is none', '{"version": 1, "dismissed": [null]}'],
  ])('are refused, naming the file, with %s', (_, text) => {
    expect(() => parseDismissals(text, '/data/.focal-lens/dismissed.json')).toThrow(UserError);
    expect(() => parseDismissals(text, '/data/.focal-lens/dismissed.json')).toThrow('/data/.focal-lens/dismissed.json');
  });

  it('do not reach a prototype', () => {
    const text = '{"version": 1, "dismissed": [], "__proto__": {"polluted": true}}';
    parseDismissals(text, 'f');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('hold for the same suspicion after other labels moved, and no longer once its label did', () => {
    const made = issue({ labelId: '3', bbox: [100, 100, 50, 50] });
    const list = [newDismissal('a', made, 'ok')];
    expect(isDismissed({ ...made, labelId: '2' }, list)).toBe(true);
    expect(isDismissed({ ...made, bbox: [100.4, 100, 50, 50] }, list)).toBe(true);
    expect(isDismissed({ ...made, bbox: [110, 100, 50, 50] }, list)).toBe(false);
    expect(isDismissed({ ...made, kind: 'badBox' }, list)).toBe(false);
    expect(isDismissed({ ...made, category: 'dog' }, list)).toBe(false);
  });

  it('hold for an object without label wherever a model puts its box, and for boxes without area', () => {
    const missing = issue({ kind: 'missing', labelId: null, category: null, bbox: [100, 100, 50, 50] });
    const list = [newDismissal('a', missing, 'ok')];
    expect(isDismissed({ ...missing, bbox: [105, 98, 50, 52] }, list)).toBe(true);
    expect(isDismissed({ ...missing, bbox: [140, 100, 50, 50] }, list)).toBe(false);
    const flat = issue({ kind: 'degenerate', bbox: [5, 5, 0, 10] });
    expect(isDismissed(flat, [newDismissal('a', flat, 'ok')])).toBe(true);
  });
});

describe('datasetFolder', () => {
  const folder = (format: LabelFormat, ...files: string[]) => datasetFolder({ format, files, problems: [] });
  it.each([
    ['voc', ['/d/pets/Annotations/x.xml'], '/d/pets'],
    ['voc', ['/d/pets/annotations/xmls/x.xml'], '/d/pets'],
    ['voc', ['/labels/pets/Annotations/train/x.xml'], '/labels/pets'],
    ['voc', ['/d/pets/x.xml'], '/d/pets'],
    ['coco', ['/d/coco/annotations/instances.json'], '/d/coco'],
    ['coco', ['/d/labels.json'], '/d'],
    ['yolo', ['/d/y/labels/train/x.txt', '/d/y/data.yaml'], '/d/y'],
    ['yolo', ['/d/y/labels/train/x.txt', '/elsewhere/data.yaml'], '/d/y'],
    ['yolo', ['/d/y/x.txt'], '/d/y'],
  ] as const)('%s %j', (format, files, expected) => {
    expect(folder(format, ...files)).toBe(expected);
  });

  it('names images with slashes', () => {
    expect(pathInDataset('/d/pets', '/d/pets/images/a/b.jpg')).toBe('images/a/b.jpg');
    expect(pathInDataset('/d/pets', '/d/images/b.jpg')).toBe('../images/b.jpg');
  });
});
