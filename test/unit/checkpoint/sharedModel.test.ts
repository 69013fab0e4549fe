import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint';

const file = path.resolve('../shared/models/bccd_retinanet_r18.pth');

// Expected values: torch.load of this file, sums in float64.
it.skipIf(!existsSync(file))(
  'reads a trained RetinaNet as torch does (skipped where ../shared/models is absent)',
  async () => {
    const checkpoint = await openCheckpoint(file);
    const infos = [...checkpoint.tensors.values()];
    expect(infos).toHaveLength(156);
    const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
    expect(infos.reduce((sum, { shape }) => sum + count(shape), 0)).toBe(11_765_276);
    expect(checkpoint.notes).toEqual([]);

    const first = await checkpoint.read('backbone.body.conv1.weight');
    expect(checkpoint.tensors.get('backbone.body.conv1.weight')?.shape).toEqual([64, 3, 7, 7]);
    expect(Array.from(first.subarray(0, 3))).toEqual([0.01717456430196762, 0.009235543198883533, 0.05039381980895996]);
    expect(first.at(-1)).toBe(0.02159883640706539);
    const sums = new Map<string, number>();
    for (const name of [
      'backbone.body.conv1.weight',
      'head.classification_head.cls_logits.bias',
      'backbone.body.layer4.1.bn2.running_var',
      'head.regression_head.bbox_reg.weight',
    ]) {
      sums.set(
        name,
        (await checkpoint.read(name)).reduce((sum, value) => sum + value, 0),
      );
    }
    expect(sums.get('backbone.body.conv1.weight')).toBeCloseTo(-14.66576057057955, 9);
    expect(sums.get('head.classification_head.cls_logits.bias')).toBeCloseTo(-163.60907459259033, 9);
    expect(sums.get('backbone.body.layer4.1.bn2.running_var')).toBeCloseTo(3804.146073579788, 8);
    expect(sums.get('head.regression_head.bbox_reg.weight')).toBeCloseTo(9.820411932675142, 9);
    await checkpoint.close();
  },
);
