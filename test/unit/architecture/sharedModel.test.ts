import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inferArchitecture } from '../../../src/model/architecture';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint';
import { buildNetwork } from '../../../src/model/network/buildNetwork';
import { geometryOf, levelGrids } from '../../../src/model/network/networkGeometry';

const file = '../shared/models/bccd_retinanet_r18.pth';

describe.skipIf(!existsSync(file))('a trained checkpoint (skipped where ../shared is not there)', () => {
  it('is a ResNet-18 RetinaNet of 64 pyramid channels and gives a network', async () => {
    const checkpoint = await openCheckpoint(file);
    try {
      const architecture = inferArchitecture(checkpoint);
      expect(architecture).toMatchObject({
        name: 'RetinaNet ResNet-18 FPN v1',
        blocks: [2, 2, 2, 2],
        fpnChannels: 64,
        p6From: 'p5',
        headDepth: 4,
        headNorm: 'none',
        classes: 4,
        anchorsPerCell: 9,
        parameters: 11_755_656,
        torchvisionCocoV1: false,
      });
      const network = await buildNetwork(checkpoint, architecture, { batchNormEps: 1e-5 });
      expect(levelGrids(geometryOf(network), 256, 320)).toEqual([
        [32, 40],
        [16, 20],
        [8, 10],
        [4, 5],
        [2, 3],
      ]);
    } finally {
      await checkpoint.close();
    }
  });
});
