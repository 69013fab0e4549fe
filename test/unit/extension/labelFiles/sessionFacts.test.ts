import { describe, expect, it } from 'vitest';
import { SessionFacts } from '../../../../src/extension/labelFiles/sessionFacts';
import { label, result } from './support';

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
