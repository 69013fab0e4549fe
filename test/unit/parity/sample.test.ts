import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataset } from '../../../src/dataset/openDataset';
import type { ImageLabels } from '../../../src/dataset/labels';
import { ModelStore } from '../../../src/engine/modelStore';
import { testRun } from './describeCases';
import { type GoldenCase, largestDifference, readGolden } from './golden';
import { type ParityRun, runImage } from './parityRun';

const sample = 'examples/harbour';
const timeout = 120_000;

async function sampleLabels(picture: string): Promise<ImageLabels> {
  const dataset = await openDataset(join(sample, 'labels.json'));
  for await (const image of dataset.images()) {
    if (!image.file.endsWith(picture)) continue;
    return (await dataset.labelsOf(image, { width: 640, height: 480 })) ?? expect.fail('no labels');
  }
  return expect.fail('no image');
}

/** The shipped checkpoint and card, F16 and GIoU, on its own pictures and labels, read as the product reads them. */
describe.each(readdirSync('test/golden/sample').map(name => readGolden<GoldenCase>(`sample/${name}`)))(
  "the sample's detector on $name",
  golden => {
    const models = new ModelStore();
    let run: ParityRun;
    let labels: ImageLabels;
    beforeAll(async () => {
      const model = await models.load({ checkpoint: join(sample, 'model.safetensors'), runtime: 'cpu' });
      expect(model.config).toMatchObject(golden.config);
      labels = await sampleLabels(golden.image.file);
      run = await runImage(model.session, join(sample, 'images', golden.image.file), labels, model.config);
    }, timeout);
    afterAll(() => models.dispose());

    test('labels as the script reads them', () => {
      expect(labels.labels.map(({ box }) => box)).toEqual(golden.labels.map(({ box }) => box));
      expect(run.analysis.labels.map(({ column }) => column)).toEqual(golden.labels.map(({ column }) => column));
    });

    testRun(golden, () => run);

    /** What examples/harbour/README.md states, with room for other processors. */
    test('differs by no more than is said', () => {
      const { loss } = run.analysis;
      expect(largestDifference(run.prepared.data, golden.input.data)).toBe(0);
      expect(largestDifference(run.forward.logits, golden.logits)).toBeLessThan(5e-5);
      expect(largestDifference(run.forward.deltas, golden.deltas)).toBeLessThan(5e-6);
      expect(Math.abs(loss.classification / golden.losses.classification - 1)).toBeLessThan(1e-6);
      expect(Math.abs(loss.boxRegression / golden.losses.boxRegression - 1)).toBeLessThan(1e-6);
    });
  },
);
