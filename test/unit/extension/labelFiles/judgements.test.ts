import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../src/common/errors';
import { datasetFolder, pathInDataset } from '../../../../src/extension/labelFiles/datasetFolder';
import {
  concerns,
  judgementsText,
  newJudgement,
  parseJudgements,
  type Judgement,
} from '../../../../src/extension/labelFiles/judgements';
import type { LabelFormat } from '../../../../src/dataset/labels';
import type { LabelIssue } from '../../../../src/protocol/analysis';
import { issue } from './support';

const one = newJudgement('images/a.jpg', issue({ bbox: [10.04, 20, 30, 40] }), '  right as it is ');
const two: Judgement = {
  image: 'images/b.jpg',
  kind: 'missing',
  category: 'dog',
  bbox: [1, 2, 3, 4],
  reason: 'blurred',
};

const isDismissed = (suspicion: LabelIssue, dismissals: readonly Judgement[]) =>
  dismissals.some(dismissal => concerns(dismissal, suspicion));

describe('judgements', () => {
  it('come back from their text, which is the same in whatever order they were made', () => {
    const text = judgementsText('dismissed', [two, one, one]);
    expect(text).toBe(judgementsText('dismissed', [one, two]));
    expect(parseJudgements('dismissed', text, 'f')).toEqual([one, two]);
    expect(judgementsText('dismissed', parseJudgements('dismissed', text, 'f'))).toBe(text);
    // One a line, so that two people's dismissals merge.
    expect(text.split('\n').filter(line => line.includes('"kind"'))).toHaveLength(2);
    expect(one).toMatchObject({ bbox: [10, 20, 30, 40], reason: 'right as it is' });
    expect(parseJudgements('dismissed', judgementsText('dismissed', []), 'f')).toEqual([]);
    expect(parseJudgements('dismissed', ' \n', 'f')).toEqual([]);
  });

  it.each([
    ['no JSON', '{"version": 1,'],
    ['no object', '[]'],
    ['another version', '{"version": 2, "dismissed": []}'],
    ['no list', '{"version": 1, "dismissed": {}}'],
    ['an unknown kind', judgementsText('dismissed', [two]).replace('missing', 'constructor')],
    ['a short box', judgementsText('dismissed', [two]).replace('[1,2,3,4]', '[1,2,3]')],
    ['a box of words', judgementsText('dismissed', [two]).replace('[1,2,3,4]', '[1,2,3,"4"]')],
    ['a number for a text', judgementsText('dismissed', [two]).replace('"blurred"', '7')],
    ['a text without end', judgementsText('dismissed', [two]).replace('blurred', 'x'.repeat(2000))],
    ['an entry that is none', '{"version": 1, "dismissed": [null]}'],
  ])('are refused, naming the file, with %s', (_, text) => {
    expect(() => parseJudgements('dismissed', text, '/data/.focal-lens/dismissed.json')).toThrow(UserError);
    expect(() => parseJudgements('dismissed', text, '/data/.focal-lens/dismissed.json')).toThrow(
      '/data/.focal-lens/dismissed.json',
    );
  });

  it('are in a list of their own for each kind, and need no reason', () => {
    const confirmed = newJudgement('images/a.jpg', issue(), '');
    const text = judgementsText('confirmed', [confirmed]);
    expect(JSON.parse(text)).toMatchObject({ confirmed: [{ image: 'images/a.jpg', reason: '' }] });
    expect(parseJudgements('confirmed', text, 'f')).toEqual([confirmed]);
    expect(() => parseJudgements('dismissed', text, 'f')).toThrow('has no list "dismissed"');
  });

  it('do not reach a prototype', () => {
    const text = '{"version": 1, "dismissed": [], "__proto__": {"polluted": true}}';
    parseJudgements('dismissed', text, 'f');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('hold for the same suspicion after other labels moved, and no longer once its label did', () => {
    const made = issue({ labelId: '3', bbox: [100, 100, 50, 50] });
    const list = [newJudgement('a', made, 'ok')];
    expect(isDismissed({ ...made, labelId: '2' }, list)).toBe(true);
    expect(isDismissed({ ...made, bbox: [100.4, 100, 50, 50] }, list)).toBe(true);
    expect(isDismissed({ ...made, bbox: [110, 100, 50, 50] }, list)).toBe(false);
    expect(isDismissed({ ...made, kind: 'badBox' }, list)).toBe(false);
    expect(isDismissed({ ...made, category: 'dog' }, list)).toBe(false);
  });

  it('hold for an object without label wherever a model puts its box, and for boxes without area', () => {
    const missing = issue({ kind: 'missing', labelId: null, category: null, bbox: [100, 100, 50, 50] });
    const list = [newJudgement('a', missing, 'ok')];
    expect(isDismissed({ ...missing, bbox: [105, 98, 50, 52] }, list)).toBe(true);
    expect(isDismissed({ ...missing, bbox: [140, 100, 50, 50] }, list)).toBe(false);
    const flat = issue({ kind: 'degenerate', bbox: [5, 5, 0, 10] });
    expect(isDismissed(flat, [newJudgement('a', flat, 'ok')])).toBe(true);
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
