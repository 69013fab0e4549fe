import { describe, expect, it } from 'vitest';
import { SessionFacts } from '../../../../src/extension/labelFiles/sessionFacts';
import { facts, label, result } from './support';

const losses = (...values: number[]) => values.map((classification, i) => label({ id: String(i + 1), classification }));

describe('SessionFacts', () => {
  it('ranks labels over all images of a model and compares with the median of their class', () => {
    const facts = new SessionFacts();
    facts.set(result('/a.jpg', [label({ classification: 3 }), label({ classification: 1, category: 'dog' })]));
    facts.set(result('/b.jpg', losses(5, 2)));
    expect(facts.standingOf({ image: '/a.jpg', index: 0 })).toEqual({
      rank: 2,
      of: 4,
      images: 2,
      classMedian: 3,
      classLabels: 3,
    });
    expect(facts.standingOf({ image: '/b.jpg', index: 1 })).toMatchObject({ rank: 3, classMedian: 3 });
    expect(facts.standingOf({ image: '/a.jpg', index: 1 })).toMatchObject({ rank: 4, classMedian: 1, classLabels: 1 });
    facts.set(result('/b.jpg', losses(5, 4, 2)));
    expect(facts.standingOf({ image: '/b.jpg', index: 0 })?.classMedian).toBe(3.5);
  });

  it('goes from the worst label to the last one and meets each once, equal losses included', () => {
    const facts = new SessionFacts();
    facts.set(result('/a.jpg', losses(1, 1, 7)));
    facts.set(result('/b.jpg', losses(1, 9)));
    const met: string[] = [];
    let at: { image: string; index: number } | undefined = { image: '/b.jpg', index: 1 };
    while (at !== undefined) {
      met.push(`${at.image} ${at.index}`);
      at = facts.nextWorst(at);
    }
    expect(met.slice(0, 2)).toEqual(['/b.jpg 1', '/a.jpg 2']);
    expect(new Set(met).size).toBe(5);
  });

  it('leaves labels out that take no part in the loss', () => {
    const facts = new SessionFacts();
    facts.set(result('/a.jpg', [label({ classification: 9, excluded: 'is a crowd' }), label({ id: '2' })]));
    expect(facts.standingOf({ image: '/a.jpg', index: 0 })).toBeUndefined();
    expect(facts.standingOf({ image: '/a.jpg', index: 1 })).toMatchObject({ rank: 1, of: 1 });
  });

  it('compares no numbers of different checkpoints', () => {
    const facts = new SessionFacts();
    facts.set(result('/a.jpg', losses(1)));
    const other = result('/b.jpg', losses(5));
    facts.set({ ...other, analysis: { ...other.analysis, model: { ...other.analysis.model, file: '/other.pth' } } });
    expect(facts.standingOf({ image: '/a.jpg', index: 0 })).toMatchObject({ rank: 1, of: 1, images: 1 });
  });

  it('tells which label files have changed, those that lost an image included', () => {
    const facts = new SessionFacts();
    const told: string[] = [];
    const subscription = facts.onDidChange(file => told.push(file));
    facts.set(result('/a.jpg', losses(1), '/one.json'));
    facts.set(result('/a.jpg', losses(1), '/two.json'));
    expect(told).toEqual(['/one.json', '/one.json', '/two.json']);
    expect(facts.imagesOf('/one.json')).toEqual([]);
    expect(facts.imagesOf('/two.json')).toHaveLength(1);
    facts.clear();
    expect(told.at(-1)).toBe('/two.json');
    expect(facts.imagesOf('/two.json')).toEqual([]);
    subscription.dispose();
    facts.set(result('/a.jpg', losses(1), '/one.json'));
    expect(told).toHaveLength(4);
  });

  it('forgets the oldest images beyond its bounds, never the newest', () => {
    const facts = new SessionFacts({ images: 2, labels: 5 });
    for (const name of ['/a.jpg', '/b.jpg', '/c.jpg']) facts.set(result(name, losses(1, 2)));
    expect(facts.imagesOf('/data/labels.json').map(({ image }) => image.file)).toEqual(['/b.jpg', '/c.jpg']);
    facts.set(result('/d.jpg', losses(1, 2, 3, 4, 5, 6, 7)));
    expect(facts.imagesOf('/data/labels.json').map(({ image }) => image.file)).toEqual(['/d.jpg']);
  });

  it('keeps no per-anchor data', () => {
    const facts = new SessionFacts();
    facts.set(result('/a.jpg', losses(1)));
    expect(Object.values(facts.imageAt('/a.jpg') ?? {}).some(value => value instanceof ArrayBuffer)).toBe(false);
  });
});

describe('what stores tell', () => {
  const stored = (image: string, classification: number, more: object = {}) =>
    facts({
      image: { file: image, width: 640, height: 480 },
      analysisId: undefined,
      labels: [label({ classification })],
      ...more,
    });

  it('gives way to analyses of this window, whichever comes first', () => {
    const known = new SessionFacts();
    known.addStored([stored('/a.jpg', 1), stored('/b.jpg', 2)]);
    known.set(result('/a.jpg', losses(5)));
    known.addStored([stored('/a.jpg', 9)]);
    expect(known.imageAt('/a.jpg')?.labels[0]?.classification).toBe(5);
    expect(known.imageAt('/b.jpg')?.labels[0]?.classification).toBe(2);
    known.dropStored(() => true);
    expect([known.imageAt('/a.jpg')?.analysisId, known.imageAt('/b.jpg')]).toEqual([expect.any(String), undefined]);
  });

  it('is bounded by itself and pushes no analysis out', () => {
    const known = new SessionFacts({ images: 2, labels: 100 }, { images: 3, labels: 100 });
    known.set(result('/own.jpg', losses(1)));
    known.addStored([1, 2, 3, 4, 5].map(i => stored(`/${i}.jpg`, i)));
    const left = ['/own.jpg', ...[1, 2, 3, 4, 5].map(i => `/${i}.jpg`)].filter(file => known.imageAt(file));
    expect(left).toEqual(['/own.jpg', '/3.jpg', '/4.jpg', '/5.jpg']);
  });

  it('ranks labels in the whole data set where the store says how', () => {
    const known = new SessionFacts();
    const standing = { rank: 7, of: 900, images: 300, classMedian: 1, classLabels: 50 };
    known.addStored([stored('/a.jpg', 1, { standings: [standing] }), stored('/b.jpg', 2, { standings: [null] })]);
    expect(known.standingOf({ image: '/a.jpg', index: 0 })).toEqual(standing);
    expect(known.standingOf({ image: '/b.jpg', index: 0 })).toBeUndefined();
    expect(known.nextWorst({ image: '/b.jpg', index: 0 })).toEqual({ image: '/a.jpg', index: 0 });
  });

  it('tells which label files have changed', () => {
    const known = new SessionFacts();
    const told: string[] = [];
    known.onDidChange(file => told.push(file));
    known.addStored([stored('/a.jpg', 1), stored('/b.jpg', 1)]);
    known.dropStored(({ image }) => image.file === '/a.jpg');
    known.dropStored(() => false);
    expect(told).toEqual(['/data/labels/a.txt', '/data/labels/a.txt']);
  });
});
