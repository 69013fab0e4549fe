import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analysis/analyze';
import { assessFocalLoss } from '../../../src/analysis/focalAssessment';
import { targetColumns } from '../../../src/analysis/assignment';
import { focalLoss } from '../../../src/analysis/focalLoss';
import { UserError } from '../../../src/common/errors';
import { anchorState, type LabelSummary } from '../../../src/protocol/analysis';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import { analysisInput, imageLabels, makeLabel, modelConfig } from './analysisInput';

const cat = makeLabel('7', 'cat', [20, 20, 60, 70]);
const dog = makeLabel('8', 'dog', [70.5, 30.25, 110.75, 60]);
const bird = makeLabel('9', 'bird', [5, 80, 30, 108]);
const all = [cat, dog, bird];
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('analyze', () => {
  const input = analysisInput(all);
  const analysis = analyze(input);
  const columns = anchorColumns(analysis.columns);

  it('has groups and levels that add up to the whole', () => {
    const { anchors, breakdown, loss } = analysis;
    expect(anchors.foreground + anchors.background + anchors.ignored).toBe(anchors.total);
    expect(sum(breakdown.map(row => row.anchors))).toBe(anchors.total);
    expect(sum(breakdown.map(row => row.anchorShare))).toBeCloseTo(1, 12);
    expect(sum(breakdown.map(row => row.focalShare))).toBeCloseTo(1, 12);
    const focal = sum(columns.focal);
    expect(sum(breakdown.map(row => row.focal)) / focal).toBeCloseTo(1, 12);
    expect(sum(anchors.levels.map(level => level.focal)) / focal).toBeCloseTo(1, 12);
    const crossEntropy = sum(columns.crossEntropy);
    expect(sum(breakdown.map(row => row.crossEntropy)) / crossEntropy).toBeCloseTo(1, 12);
    expect(sum(anchors.levels.map(level => level.crossEntropy)) / crossEntropy).toBeCloseTo(1, 12);
    expect(sum(anchors.levels.map(level => level.foreground))).toBe(anchors.foreground);
    expect(sum(anchors.levels.map(level => level.count))).toBe(anchors.total);
    expect(loss.foregroundCount).toBe(anchors.foreground);
    expect((loss.classification * anchors.foreground) / focal).toBeCloseTo(1, 12);
    expect((loss.boxRegression * anchors.foreground) / sum(columns.boxRegression)).toBeCloseTo(1, 12);
    expect(anchors.foreground).toBeGreaterThan(10);
    expect(anchors.ignored).toBeGreaterThan(10);
  });

  it('adds the terms of every anchor up, with its label as target', () => {
    const { logits } = input.forward;
    for (let anchor = 0; anchor < columns.state.length; anchor += 13) {
      const target =
        columns.state[anchor] === anchorState.foreground ? analysis.labels[columns.label[anchor]].column : -1;
      const terms = [0, 1, 2, 3].map(c => focalLoss(logits[anchor * 4 + c], c === target ? 1 : 0, input.config.focal));
      const expected = columns.state[anchor] === anchorState.ignored ? 0 : sum(terms);
      expect(Math.abs(columns.focal[anchor] - expected)).toBeLessThanOrEqual(6e-8 * expected);
    }
  });

  it('sums a label over its foreground anchors', () => {
    expect(sum(analysis.labels.map(label => label.anchors))).toBe(analysis.anchors.foreground);
    analysis.labels.forEach((label, i) => {
      const own = Array.from(columns.label.keys()).filter(
        anchor => columns.label[anchor] === i && columns.state[anchor] === anchorState.foreground,
      );
      expect(label.anchors).toBe(own.length);
      expect(label.anchorsByThreshold + label.anchorsByLowQuality).toBe(own.length);
      expect(label.classification).toBeCloseTo(sum(own.map(anchor => columns.focal[anchor])), 9);
      expect(label.boxRegression).toBeCloseTo(sum(own.map(anchor => columns.boxRegression[anchor])), 9);
      expect(label.meanPt).toBeCloseTo(sum(own.map(anchor => columns.pt[anchor])) / own.length, 9);
      expect(label.minPt).toBe(Math.min(...own.map(anchor => columns.pt[anchor])));
      expect(columns.iou[label.bestAnchor]).toBeGreaterThanOrEqual(label.bestIou);
      expect(label.uncovered).toBe('none');
    });
  });

  it('changes neither its input nor anything between two runs', () => {
    const logits = input.forward.logits.slice();
    const again = analyze(input);
    expect(input.forward.logits).toEqual(logits);
    expect({ ...again, columns: null }).toEqual({ ...analysis, columns: null });
    expect(Buffer.compare(Buffer.from(again.columns), Buffer.from(analysis.columns))).toBe(0);
    expect(again.columns).not.toBe(analysis.columns);
  });

  it('gives the same for labels in another order', () => {
    const order = [2, 0, 1];
    const other = analyze(analysisInput(order.map(label => all[label])));
    const shuffled = anchorColumns(other.columns);
    expect(Array.from(shuffled.label, label => (label < 0 ? -1 : order[label]))).toEqual(Array.from(columns.label));
    expect(shuffled.focal).toEqual(columns.focal);
    expect(other.loss).toEqual(analysis.loss);
    expect(other.labels).toEqual(order.map(label => analysis.labels[label]));
  });

  it('answers other gammas, alphas and bands from the logits alone', () => {
    const focal = { gamma: 1, alpha: 0.6 };
    const bands = { easy: 0.8, hard: 0.3 };
    const whole = analyze({ ...input, config: modelConfig({ focal }), bands });
    const targets = targetColumns(
      columns.state,
      columns.label,
      Int32Array.from(analysis.labels, label => label.column),
    );
    const { levels } = input.anchors;
    const quick = assessFocalLoss(input.forward.logits, 4, columns.state, targets, levels, focal, bands);
    expect(quick.classification).toBe(whole.loss.classification);
    expect(quick.breakdown).toEqual(whole.breakdown);
    expect(quick.curves).toEqual(whole.curves);
    expect(quick.losses.focal).toEqual(anchorColumns(whole.columns).focal);
  });

  it('draws a curve per gamma, the current one among them', () => {
    const gammas = (gamma: number) =>
      analyze({ ...input, config: modelConfig({ focal: { gamma, alpha: 0.25 } }) }).curves.background.map(c => c.gamma);
    expect(gammas(2)).toEqual([0, 0.5, 1, 2]);
    expect(gammas(1.5)).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(analysis.curves.foreground.map(curve => curve.gamma)).toEqual([0, 0.5, 1, 2]);
  });

  it('finds the best detection of the own class and of any', () => {
    const detections = {
      count: 3,
      boxes: Float32Array.of(20, 20, 60, 60, 20, 20, 60, 70, 100, 0, 120, 20),
      scores: Float32Array.of(0.9, 0.5, 0.25),
      columns: Int32Array.of(1, 2, 3),
      anchors: Int32Array.of(0, 1, 2),
    };
    const { labels, detections: listed } = analyze({ ...input, detections });
    expect(labels[0].bestDetection).toEqual({ detection: 0, iou: 0.8, score: Math.fround(0.9) });
    expect(labels[0].bestAnyDetection).toEqual({ detection: 1, iou: 1, score: 0.5 });
    expect([labels[2].bestDetection, labels[2].bestAnyDetection]).toEqual([null, null]);
    expect(listed[2]).toEqual({ bbox: [100, 0, 20, 20], category: 'bird', column: 3, score: 0.25 });
  });
});

describe('analyze without what it usually has', () => {
  it('takes an image without labels for background and divides by 1', () => {
    for (const labels of [undefined, []]) {
      const { anchors, loss, curves, notes, labelFile, columns } = analyze(analysisInput(labels));
      expect(anchors.background).toBe(anchors.total);
      expect(loss.foregroundCount).toBe(0);
      expect(loss.boxRegression).toBe(0);
      expect(loss.classification).toBeCloseTo(sum(anchorColumns(columns).focal), 6);
      expect(new Set(anchorColumns(columns).label)).toEqual(new Set([-1]));
      expect(curves.foreground).toEqual([]);
      expect(notes).toEqual([expect.stringMatching(labels === undefined ? /No label file/ : /no labels/)]);
      expect(labelFile === undefined).toBe(labels === undefined);
    }
  });

  it('tells the problems of the label file by line', () => {
    const labels = imageLabels([cat], { problems: [{ message: 'no bbox', file: 'a.json', line: 11 }] });
    expect(analyze(analysisInput([], { labels })).labelFile?.problems).toEqual(['a.json:12: no bbox']);
  });

  it('warns of labels that a model may have been trained on', () => {
    const noted = (file: string) =>
      analyze(analysisInput([], { labels: imageLabels([cat], { files: [file] }) })).notes.filter(note =>
        note.includes('trained'),
      );
    for (const [file, name] of [
      ['a/instances_train2017.json', 'instances_train2017.json'],
      ['a/labels/train/x.txt', 'train'],
      ['a/train/labels/x.txt', 'train'],
      ['C:\\data\\Training\\x.txt', 'Training'],
      ['trainval.json', 'trainval.json'],
    ]) {
      expect(noted(file), file).toEqual([
        expect.stringContaining(`By the name "${name}", these labels are for training`),
      ]);
    }
    for (const file of [
      'a/instances_val2017.json',
      'a/labels/val/x.txt',
      'training/val/x.txt',
      'training/data/x.txt',
      'a/constraint.json',
      'strain/x.txt',
    ]) {
      expect(noted(file), file).toEqual([]);
    }
  });

  it('refuses logits and deltas that are not finite, and says where', () => {
    for (const [output, value, message] of [
      [
        'logits',
        NaN,
        /^2 of \d+ class logits that the network gives are not finite \(first: NaN at P4, row 0, column 1, anchor 2, column 3\)/,
      ],
      [
        'deltas',
        -Infinity,
        /^2 of \d+ box deltas that the network gives are not finite \(first: -Infinity at P4, row 0, column 1, anchor 2, column 3\)/,
      ],
    ] as const) {
      const input = analysisInput(all);
      const anchor = input.anchors.levels[1].offset + 9 + 2;
      const values = input.forward[output].slice();
      values[anchor * 4 + 3] = value;
      values[values.length - 1] = value;
      const run = () => analyze({ ...input, forward: { ...input.forward, [output]: values } });
      expect(run).toThrow(UserError);
      expect(run).toThrow(message);
    }
  });

  it('takes the extremes of float32', () => {
    const input = analysisInput(all);
    const logits = input.forward.logits.map((logit, i) => [logit, -3e38, 3e30, -0][i % 4]);
    const { loss, breakdown } = analyze({ ...input, forward: { ...input.forward, logits } });
    expect(Number.isFinite(loss.classification)).toBe(true);
    expect(sum(breakdown.map(row => row.focalShare))).toBeCloseTo(1, 9);
  });
});

describe('labels that take no part', () => {
  const odd = [
    makeLabel('flat', 'cat', [10, 10, 40, 10]),
    makeLabel('swapped', 'cat', [60, 70, 20, 20]),
    makeLabel('crowd', 'dog', [0, 0, 150, 100], { crowd: true }),
    makeLabel('unknown', 'horse', [10, 10, 90, 90]),
    makeLabel('far', 'bird', [5000, 5000, 5050, 5050]),
    makeLabel('hairline', 'bird', [100, 50, 100 + 1e-9, 90]),
  ];
  const mixed = analyze(analysisInput([odd[0], cat, ...odd.slice(1), dog]));
  const clean = analyze(analysisInput([cat, dog]));
  const byId = (id: string) => mixed.labels.find(label => label.id === id) ?? expect.fail(id);

  it('leave the loss as it is without them', () => {
    expect(mixed.loss).toEqual(clean.loss);
    expect(mixed.breakdown).toEqual(clean.breakdown);
    const labels = anchorColumns(mixed.columns).label;
    expect(new Set(labels)).toEqual(new Set([-1, 1, 7]));
    expect(byId('7')).toEqual(clean.labels[0]);
  });

  it('say why', () => {
    expect(byId('7').excluded).toBeUndefined();
    expect(byId('flat').excluded).toBe('degenerate: its height 0 px is not positive');
    expect(byId('swapped').excluded).toBe('degenerate: its width -40 px and height -50 px are not positive');
    expect(byId('crowd').excluded).toMatch(/crowd/);
    expect(byId('unknown').excluded).toBe('the model has no class column for "horse"');
    expect(byId('unknown').column).toBe(-1);
    expect(byId('far').excluded).toBe('no anchor overlaps it');
    expect(byId('hairline').excluded).toMatch(/^degenerate/);
    expect(mixed.notes.join('\n')).toMatch(/No anchor overlaps label "far": in torchvision's training/);
    expect(mixed.notes.join('\n')).toMatch(/1 crowd annotation left out/);
  });

  it('are reported when degenerate, with corners put in order where that mends them', () => {
    const degenerate = mixed.issues.filter(issue => issue.kind === 'degenerate');
    expect(degenerate.map(issue => issue.labelId)).toEqual(['flat', 'swapped', 'hairline']);
    expect(degenerate.map(issue => issue.score)).toEqual([1, 1, 1]);
    expect(degenerate.map(issue => issue.suggestedBbox)).toEqual([null, [20, 20, 40, 50], null]);
    expect(degenerate[2].evidence).toMatch(/at the size of the network input/);
  });

  it('are reported as uncovered outside the image', () => {
    const [issue, ...others] = mixed.issues.filter(({ kind }) => kind === 'uncovered');
    expect(others).toEqual([]);
    expect([issue.labelId, issue.score]).toEqual(['far', 1]);
    expect(issue.evidence).toBe(
      'No anchor is matched: the box, 100 x 100 px in the network input, lies outside the image.',
    );
  });

  it('carry numbers that JSON can hold', () => {
    const infinite = analyze(analysisInput([makeLabel('1', 'cat', [0, NaN, Infinity, 5])]));
    expect(infinite.labels[0].bbox).toEqual([0, 0, 0, 0]);
    expect(infinite.issues[0].kind).toBe('degenerate');
    expect(JSON.stringify(infinite.issues)).not.toMatch(/suggestedBbox":\[/);
  });
});

describe('uncovered labels', () => {
  const strict = modelConfig({ allowLowQualityMatches: false });
  function uncovered(label: Parameters<typeof makeLabel>[2], config = strict): [LabelSummary, string, number] {
    const { labels, issues } = analyze(analysisInput([makeLabel('1', 'cat', label)], { config }));
    const [issue, ...others] = issues.filter(({ kind }) => kind === 'uncovered');
    expect(others).toEqual([]);
    return [labels[0], issue.evidence, issue.score];
  }

  it('tell what size the anchors have', () => {
    const [summary, evidence, score] = uncovered([50, 50, 55, 55]);
    expect(summary.uncovered).toBe('tooSmall');
    expect(summary.anchors).toBe(0);
    expect(evidence).toMatch(
      /^No anchor is matched: the box, 10 x 10 px in the network input, has size 10, too much smaller than 32, the nearest of the anchors' sizes \(32 to 812\); the best IoU of any anchor is 0\.1, foreground begins at 0\.5\.$/,
    );
    expect(score).toBeCloseTo(1 - summary.bestIou / 0.5, 9);
  });

  it('tell the ratio and the position', () => {
    const [slim, ratio] = uncovered([10, 50, 150, 58]);
    expect(slim.uncovered).toBe('aspectRatio');
    expect(ratio).toMatch(/is 0\.06 times as high as wide, too far from the anchors' 0\.5 to 2;/);
    const [between, position] = uncovered(
      [50.75, 50.75, 66.75, 66.75],
      modelConfig({ allowLowQualityMatches: false, fgIou: 0.9 }),
    );
    expect(between.uncovered).toBe('position');
    expect(position).toMatch(/lies between the anchors' positions: one centered on it would reach an IoU of 1, but/);
  });

  it('are none under the low-quality rule, whose work is told apart', () => {
    const { labels, issues } = analyze(analysisInput([makeLabel('1', 'cat', [50, 50, 55, 55])]));
    expect(issues.filter(({ kind }) => kind === 'uncovered')).toEqual([]);
    expect(labels[0].anchorsByThreshold).toBe(0);
    expect(labels[0].anchorsByLowQuality).toBeGreaterThan(0);
    expect([labels[0].uncovered, labels[0].lowQualityReason]).toEqual(['none', 'tooSmall']);
  });

  it('name the label that holds their anchors', () => {
    const { labels, issues: all } = analyze(analysisInput([cat, makeLabel('copy', 'dog', cat.box)]));
    const issues = all.filter(({ kind }) => kind === 'uncovered');
    expect(labels[0].anchors).toBeGreaterThan(0);
    expect([labels[1].anchors, labels[1].uncovered]).toEqual([0, 'contested']);
    expect(issues.map(({ kind, labelId, score }) => [kind, labelId, score])).toEqual([['uncovered', 'copy', 1]]);
    expect(issues[0].evidence).toMatch(
      /its anchors overlap label "7" \("cat"\) at least as much, whose IoU with it is 1;/,
    );
  });
});
