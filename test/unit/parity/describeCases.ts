import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuntimeChoice } from '../../../src/common/runtimeChoice';
import type { RuntimeSession } from '../../../src/model/types';
import { anchorState } from '../../../src/protocol/analysis';
import { expectSameDetections } from './detectionComparison';
import { formulaCheckpoint, type KeyLayout } from './formulaCheckpoint';
import { expectClose, type GoldenCase, goldenCases, type GoldenModel, readGolden, sha256 } from './golden';
import { openNetwork, type ParityRun, runCase } from './parityRun';

/** Milliseconds; the larger networks take seconds, more on a busy machine. */
const timeout = 120_000;

/** Tests one model in one key layout on one runtime against torchvision on all golden cases it has. */
export function describeCases(name: string, layout: KeyLayout = 'present', runtime: RuntimeChoice = 'cpu'): void {
  const model = readGolden<Record<string, GoldenModel>>('models.json')[name];
  const cases = goldenCases([name]).filter(({ layouts }) => layouts.includes(layout));

  describe(`${name}, ${layout} keys, ${runtime}`, () => {
    let session: RuntimeSession;
    beforeAll(async () => {
      session = await openNetwork(formulaCheckpoint(model, layout), runtime, model.batchNormEps);
    }, timeout);
    afterAll(() => session.dispose());

    describe.each(cases)('$name', golden => {
      let run: ParityRun;
      beforeAll(async () => {
        run = await runCase(session, golden, model.classes);
      }, timeout);

      testRun(golden, () => run);
    });
  });
}

/** Tests what was computed for one image against torchvision, everything from the prepared input on. */
export function testRun(golden: GoldenCase, run: () => ParityRun): void {
  test('prepared input to 1e-5', () => {
    const { data, ...size } = golden.input;
    expect(run().prepared).toMatchObject(size);
    expectClose(run().prepared.data, data, 1e-5);
  });

  test('grids and anchors exactly', () => {
    expect(run().forward.grids).toEqual(golden.grids);
    expect(sha256(run().anchors.boxes)).toBe(golden.anchors.sha256);
  });

  test('logits and deltas to 1e-4', () => {
    expectClose(run().forward.logits, golden.logits, 1e-4);
    expectClose(run().forward.deltas, golden.deltas, 1e-4);
  });

  test('matches exactly', () => {
    expectSameMatches(run(), golden);
  });

  test('losses to 1e-4 of their value', () => {
    const { classification, boxRegression } = run().analysis.loss;
    expectRelative(classification, golden.losses.classification);
    expectRelative(boxRegression, golden.losses.boxRegression);
    expectClose(run().columns.focal, golden.focal, 1e-4);
    expectClose(run().columns.crossEntropy, golden.crossEntropy, 5e-4);
  });

  test('detections', () => {
    expectSameDetections(run().detections, golden.detections);
  });
}

function expectSameMatches({ analysis, columns }: ParityRun, { matched, labels }: GoldenCase): void {
  const { total, foreground, ignored, background } = analysis.anchors;
  expect({ foreground, ignored, background }).toEqual({
    foreground: matched.foreground,
    ignored: matched.ignored,
    background: matched.background,
  });
  expectClose(columns.iou, matched.iou, 0);
  expect(sha256(columns.iou)).toBe(matched.iouSha256);
  expect(analysis.labels.map(label => label.anchors)).toEqual(matched.perLabel);
  expect(analysis.labels.map(label => label.excluded !== undefined)).toEqual(labels.map(label => label.excluded));
  const match = Int32Array.from({ length: total }, (_, anchor) => {
    const state = columns.state[anchor];
    if (state === anchorState.foreground) return columns.label[anchor];
    return state === anchorState.background ? -1 : -2;
  });
  expect(sha256(match)).toBe(matched.sha256);
}

function expectRelative(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-4 * Math.abs(expected));
}
