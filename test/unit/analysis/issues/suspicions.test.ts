import { describe, expect, it } from 'vitest';
import { analyze } from '../../../../src/analysis/analyze';
import { iou, toCorners, type CornerBox } from '../../../../src/common/boxes';
import type { Label } from '../../../../src/dataset/labels';
import type { LabelIssue } from '../../../../src/protocol/analysis';
import { imageLabels, makeLabel } from '../analysisInput';
import { sceneInput, type SceneObject, type SceneOptions } from './sceneInput';

const objects: readonly SceneObject[] = [
  { category: 'cat', box: [12, 14, 44, 46] },
  { category: 'dog', box: [70, 20, 120, 60] },
  { category: 'bird', box: [30, 64, 62, 96] },
];
const labels = objects.map(({ category, box }, i) => makeLabel(String(i + 1), category, box));
const [cat, dog, bird] = labels;

function issuesOf(list: readonly Label[] | undefined, seen = objects, options?: SceneOptions): readonly LabelIssue[] {
  return analyze(sceneInput(list, seen, options)).issues;
}

function only(issues: readonly LabelIssue[]): LabelIssue {
  expect(issues.map(({ kind, labelId }) => [kind, labelId])).toHaveLength(1);
  return issues[0];
}

function shifted([x1, y1, x2, y2]: CornerBox, x: number, y = 0): CornerBox {
  return [x1 + x, y1 + y, x2 + x, y2 + y];
}

describe('suspicions', () => {
  it('are none about labels the model agrees with', () => {
    expect(issuesOf(labels)).toEqual([]);
  });

  it('find a missing label and propose it', () => {
    const issue = only(issuesOf([cat, bird]));
    expect(issue).toMatchObject({ kind: 'missing', labelId: null, category: null, suggestedCategory: 'dog' });
    expect(issue.score).toBeGreaterThan(0.3);
    expect(iou(toCorners(issue.bbox), dog.box)).toBeGreaterThan(0.95);
    expect(issue.suggestedBbox).toEqual(issue.bbox);
    expect(issue.evidence).toMatch(
      /^\d+ anchors agree on "dog" here with a probability of up to 0\.9\d?, their boxes with a mean IoU of 1; no label touches it\. Of 2 other objects seen about as surely, 2 have a label\.$/,
    );
  });

  it('find the wrong class and propose the one seen', () => {
    const issue = only(issuesOf([cat, { ...dog, category: 'cat' }, bird]));
    expect(issue).toMatchObject({ kind: 'wrongClass', labelId: '2', category: 'cat', suggestedCategory: 'dog' });
    expect(issue.score).toBeGreaterThan(0.9);
    expect(issue.evidence).toMatch(/see "dog" with a probability of up to 0\.9\d? and "cat" with below 0\.01 \(mean/);
  });

  it('find a misplaced box and propose the one seen', () => {
    const issue = only(issuesOf([cat, { ...dog, box: shifted(dog.box, 14) }, bird]));
    expect(issue).toMatchObject({ kind: 'badBox', labelId: '2', suggestedCategory: null });
    expect(issue.score).toBeGreaterThan(0.5);
    expect(iou(toCorners(issue.suggestedBbox ?? expect.fail()), dog.box)).toBeGreaterThan(0.95);
    expect(issue.evidence).toMatch(
      /anchors agree on a box .* that has an IoU of only 0\.5\d? with this label of "dog"/,
    );
  });

  it('find a label where nothing is', () => {
    const issue = only(issuesOf([...labels, makeLabel('4', 'cat', [110, 70, 142, 102])]));
    expect(issue).toMatchObject({ kind: 'spurious', labelId: '4', suggestedCategory: null, suggestedBbox: null });
    expect(issue.score).toBeGreaterThan(0.9);
    expect(issue.evidence).toMatch(
      /^The label's \d+ anchors give "cat" a probability of below 0\.01, .* and no object is seen\.$/,
    );
  });

  it('find a duplicate, one issue for the pair, on the worse of the two', () => {
    const near = makeLabel('4', 'dog', shifted(dog.box, 2, 1));
    for (const list of [
      [...labels, near],
      [near, ...labels],
    ]) {
      const issue = only(issuesOf(list));
      expect(issue).toMatchObject({ kind: 'duplicate', labelId: '4', suggestedBbox: null });
      expect(issue.evidence).toMatch(
        /^It overlaps label "2", also "dog", with an IoU of 0\.\d+; the anchors see no second object\.$/,
      );
    }
    const exact = only(issuesOf([...labels, makeLabel('4', 'dog', dog.box)]));
    expect(exact).toMatchObject({ kind: 'duplicate', labelId: '4' });
  });

  it('name the data set’s own category, not the model’s', () => {
    const categories = ['Cat', 'Dog', 'Bird'].map((name, i) => ({ name, id: i }));
    const named = labels.map(label => ({
      ...label,
      category: `${label.category[0].toUpperCase()}${label.category.slice(1)}`,
    }));
    const list = imageLabels([named[0], named[2]], { categories });
    expect(only(issuesOf([], objects, { overrides: { labels: list } })).suggestedCategory).toBe('Dog');
  });
});

describe('the score', () => {
  it('rises as a box moves away', () => {
    const scores = [2, 5, 8, 11, 14].map(x => {
      const [issue] = analyze(sceneInput([cat, { ...dog, box: shifted(dog.box, x) }, bird], objects)).issues;
      return issue?.score ?? 0;
    });
    expect([...scores].sort((a, b) => a - b)).toEqual(scores);
    expect(scores[4]).toBeGreaterThan(scores[0] + 0.5);
  });

  it('rises with what the model sees of an unlabelled object', () => {
    const scores = [0.2, 0.5, 0.8, 0.95, 0.99].map(probability => {
      const seen = objects.map(object => (object.category === 'dog' ? { ...object, probability } : object));
      return issuesOf([cat, bird], seen).find(({ kind }) => kind === 'missing')?.score ?? 0;
    });
    expect([...scores].sort((a, b) => a - b)).toEqual(scores);
    expect(scores[4]).toBeGreaterThan(0.3);
  });

  it('falls as the model comes to see the labelled object', () => {
    const scores = [0.01, 0.1, 0.4, 0.9].map(probability => {
      const seen = objects.map(object => (object.category === 'dog' ? { ...object, probability } : object));
      return issuesOf(labels, seen).find(({ labelId }) => labelId === '2')?.score ?? 0;
    });
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
    expect(scores[0]).toBeGreaterThan(0.5);
    expect(scores[3]).toBe(0);
  });

  it('lies in [0, 1] and orders the list', () => {
    const many = Array.from({ length: 12 }, (_, i) =>
      makeLabel(
        String(i),
        ['cat', 'dog', 'bird'][i % 3],
        shifted([5, 5, 35, 40], (i % 4) * 33, Math.floor(i / 4) * 30),
      ),
    );
    const scores = issuesOf(many).map(({ score }) => score);
    expect(scores.length).toBeGreaterThan(5);
    expect(scores.every(score => score >= 0 && score <= 1)).toBe(true);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });
});

describe('suspicions about missing labels', () => {
  it('are none without a label file, and all objects of an image listed as empty', () => {
    expect(issuesOf(undefined)).toEqual([]);
    const sure = objects.map(object => ({ ...object, probability: 0.99 }));
    expect(issuesOf([], sure).map(({ kind }) => kind)).toEqual(['missing', 'missing', 'missing']);
  });

  it('take something seen for sure in an image listed as empty', () => {
    const scores = [0.6, 0.75, 0.9, 0.99].map(probability =>
      issuesOf([], [{ ...objects[1], probability }]).map(({ score }) => score),
    );
    expect(scores.map(list => list.length)).toEqual([0, 0, 1, 1]);
    expect(scores[3][0]).toBeGreaterThan(0.6);
  });

  it('are none for classes the data set does not know', () => {
    const categories = ['cat', 'bird'].map((name, i) => ({ name, id: i + 1 }));
    const list = imageLabels([cat, bird], { categories });
    expect(issuesOf([], objects, { overrides: { labels: list } })).toEqual([]);
  });

  it('are none inside a crowd, nor where a label of an unknown class lies', () => {
    const crowd = makeLabel('4', 'dog', [60, 10, 130, 70], { crowd: true });
    expect(issuesOf([cat, bird, crowd])).toEqual([]);
    expect(issuesOf([cat, bird, { ...dog, category: 'horse' }])).toEqual([]);
  });
});

describe('suspicions in odd places', () => {
  it('do not depend on the order of labels', () => {
    const spoiled = [cat, { ...dog, category: 'bird' }, { ...bird, box: shifted(bird.box, 9) }];
    const expected = issuesOf(spoiled);
    expect(expected.length).toBe(2);
    for (const order of [
      [2, 1, 0],
      [1, 2, 0],
      [0, 2, 1],
    ]) {
      // prettier-ignore
      expect(issuesOf(order.map(i => spoiled[i]))).toEqual(expected);
    }
  });

  it('tell of a degenerate label and of the object seen there once, with its box for a fix', () => {
    const flat = only(issuesOf([cat, bird, makeLabel('4', 'dog', [dog.box[0], dog.box[1], dog.box[0], dog.box[3]])]));
    expect(flat).toMatchObject({ kind: 'degenerate', labelId: '4', score: 1, suggestedCategory: null });
    expect(iou(toCorners(flat.suggestedBbox ?? expect.fail()), dog.box)).toBeGreaterThan(0.95);
    expect(flat.evidence).toMatch(/^The box is degenerate: its width 0 px .* \d+ anchors agree on "dog" here with /);
    const [x1, y1, x2, y2] = dog.box;
    const swapped = only(issuesOf([cat, bird, makeLabel('4', 'dog', [x2, y1, x1, y2])]));
    expect(swapped).toMatchObject({ kind: 'degenerate', suggestedBbox: [x1, y1, x2 - x1, y2 - y1] });
  });

  it('tell both where the degenerate label is elsewhere, or of another class', () => {
    const [x1, y1, x2, y2] = dog.box;
    for (const other of [
      makeLabel('4', 'dog', [x1 - 30, y1, x1 - 30, y2]),
      makeLabel('4', 'dog', [x1, y2 - 8, x1, y2]),
      makeLabel('4', 'dog', [x1, y1, x1, y1]),
      makeLabel('4', 'cat', [x2, y1, x1, y2]),
    ]) {
      const kinds = issuesOf([cat, bird, other]).map(({ kind }) => kind);
      expect([...kinds].sort()).toEqual(['degenerate', 'missing']);
    }
  });

  it('take a model that sees everything everywhere, and one that sees nothing', () => {
    const everything = issuesOf(labels, [], { background: 0.6 });
    expect(everything.every(({ score }) => Number.isFinite(score))).toBe(true);
    const nothing = issuesOf(labels, [], { background: 1e-9 });
    expect(nothing.map(({ kind }) => kind)).toEqual(['spurious', 'spurious', 'spurious']);
  });

  it('take labels with coordinates out of all bounds', () => {
    const wild = [
      makeLabel('4', 'cat', [-1e9, -1e9, 1e9, 1e9]),
      makeLabel('5', 'dog', [NaN, 0, 10, 10]),
      makeLabel('6', 'bird', [1e30, 1e30, 2e30, 2e30]),
    ];
    const issues = issuesOf([...labels, ...wild]);
    expect(issues.filter(({ labelId }) => ['1', '2', '3'].includes(labelId ?? ''))).toEqual([]);
    expect(JSON.parse(JSON.stringify(issues))).toEqual(issues);
  });

  it('quote names from the data set', () => {
    const name = '<img src=x onerror=alert(1)>\n';
    const list = [cat, { ...dog, id: name }, makeLabel('4', 'dog', dog.box), bird];
    const issue = issuesOf(list).find(({ kind }) => kind === 'duplicate');
    expect(issue?.evidence).not.toContain('\n');
  });
});
