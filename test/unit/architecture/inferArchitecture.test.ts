import { describe, expect, it } from 'vitest';
import { inferArchitecture } from '../../../src/model/architecture';
import { memoryCheckpoint } from '../helpers/memoryCheckpoint';
import type { RetinaNetOptions } from '../helpers/retinaNetTensors';
import { retinaNetTensors } from '../helpers/retinaNetTensors';

function infer(options: RetinaNetOptions) {
  return inferArchitecture(memoryCheckpoint(retinaNetTensors(options)));
}

const wide = [256, 512, 1024, 2048];
const resNet50 = { block: 'bottleneck', blocks: [3, 4, 6, 3], stem: 64, channels: wide, fpn: 256 } as const;

describe('torchvision models', () => {
  it("infers retinanet_resnet50_fpn with torchvision's documented parameter count", () => {
    const architecture = infer({ ...resNet50, classes: 91, frozen: true });
    expect(architecture).toEqual({
      name: 'RetinaNet ResNet-50 FPN v1',
      block: 'bottleneck',
      blocks: [3, 4, 6, 3],
      fpnChannels: 256,
      levels: ['P3', 'P4', 'P5', 'P6', 'P7'],
      p6From: 'p5',
      headDepth: 4,
      headNorm: 'none',
      classes: 91,
      anchorsPerCell: 9,
      parameters: 34_014_999,
      torchvisionCocoV1: false,
    });
  });

  it("infers retinanet_resnet50_fpn_v2 with torchvision's documented parameter count", () => {
    const architecture = infer({ ...resNet50, classes: 91, top: 'c5', headNorm: 'group' });
    expect(architecture).toMatchObject({
      name: 'RetinaNet ResNet-50 FPN v2',
      p6From: 'c5',
      headNorm: 'group',
      parameters: 38_198_935,
      torchvisionCocoV1: false,
    });
  });

  it('recognises COCO_V1 by shapes, frozen batch norm and the old keys, and by nothing less', () => {
    const cocoV1 = { ...resNet50, classes: 91, frozen: true, oldKeys: true };
    expect(infer(cocoV1)).toMatchObject({ torchvisionCocoV1: true, parameters: 34_014_999, headDepth: 4 });
    for (const change of [
      { frozen: false },
      { oldKeys: false },
      { classes: 90 },
      { top: 'c5' },
      { anchors: 6 },
    ] as const) {
      expect(infer({ ...cocoV1, ...change }).torchvisionCocoV1, JSON.stringify(change)).toBe(false);
    }
  });

  it.each([
    ['ResNet-18', { block: 'basic', blocks: [2, 2, 2, 2], stem: 64, channels: [64, 128, 256, 512] }],
    ['ResNet-34', { block: 'basic', blocks: [3, 4, 6, 3], stem: 64, channels: [64, 128, 256, 512] }],
    ['ResNet-101', { ...resNet50, blocks: [3, 4, 23, 3] }],
    ['ResNet-152', { ...resNet50, blocks: [3, 8, 36, 3] }],
    ['Wide ResNet-50-2', { ...resNet50, widths: [128, 256, 512, 1024] }],
    ['ResNeXt-50 32x4d', { ...resNet50, widths: [128, 256, 512, 1024], groups: 32 }],
    ['ResNeXt-101 32x8d', { ...resNet50, blocks: [3, 4, 23, 3], widths: [256, 512, 1024, 2048], groups: 32 }],
    ['ResNet-18 (4 wide)', { block: 'basic', blocks: [2, 2, 2, 2], stem: 4, channels: [4, 8, 12, 16] }],
    ['ResNet-[1, 2, 1, 3] (8 wide)', { block: 'basic', blocks: [1, 2, 1, 3], stem: 8, channels: [4, 8, 12, 16] }],
  ] as const)('names %s', (name, options) => {
    expect(infer({ ...options, fpn: 64 }).name).toBe(`RetinaNet ${name} FPN v1`);
  });
});

describe('variants', () => {
  it.each([
    [{ oldKeys: true }, { headDepth: 4, classes: 3, anchorsPerCell: 9 }],
    [{ oldKeys: true, depth: 2 }, { headDepth: 2 }],
    [{ depth: 0 }, { headDepth: 0 }],
    [
      { depth: 6, classes: 1, anchors: 3 },
      { headDepth: 6, classes: 1, anchorsPerCell: 3 },
    ],
    [
      { headNorm: 'group', fpn: 32 },
      { headNorm: 'group', fpnChannels: 32 },
    ],
    [{ headNorm: 'batch' }, { headNorm: 'batch' }],
    [{ top: 'c5' }, { p6From: 'c5' }],
    [{ top: 'maxPool' }, { p6From: 'maxPool', levels: ['P3', 'P4', 'P5', 'P6'] }],
    [{ top: 'maxPool', laterals: 4 }, { levels: ['P2', 'P3', 'P4', 'P5', 'P6'] }],
    [{ laterals: 2 }, { levels: ['P4', 'P5', 'P6', 'P7'] }],
  ] as const)('infers %j', (options, expected) => {
    expect(infer(options)).toMatchObject(expected);
  });

  it('takes P6 from P5 when C5 has the same width, as torchvision does', () => {
    expect(infer({ top: 'c5', fpn: 16, channels: [4, 8, 12, 16] }).p6From).toBe('p5');
  });
});
