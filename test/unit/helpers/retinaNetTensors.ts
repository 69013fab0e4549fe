import type { MemoryTensor } from './memoryCheckpoint';
import { seededRandom } from './random';

export interface RetinaNetOptions {
  readonly block?: 'basic' | 'bottleneck';
  /** Blocks per stage. */
  readonly blocks?: readonly number[];
  readonly stem?: number;
  /** Output channels of each stage. */
  readonly channels?: readonly number[];
  /** Inner channels of the bottlenecks of each stage; a quarter of `channels` by default. */
  readonly widths?: readonly number[];
  readonly groups?: number;
  readonly frozen?: boolean;
  readonly fpn?: number;
  /** ResNet stages that feed the pyramid. */
  readonly laterals?: number;
  readonly top?: 'p5' | 'c5' | 'maxPool';
  readonly depth?: number;
  readonly headNorm?: 'none' | 'batch' | 'group';
  /** Keys from before torchvision 0.13. */
  readonly oldKeys?: boolean;
  readonly classes?: number;
  readonly anchors?: number;
  readonly seed?: number;
}

/** ResNet-18 with 4 channels in its stem: every part of a RetinaNet, and still fast. */
const narrow = { block: 'basic', blocks: [2, 2, 2, 2], stem: 4, channels: [4, 8, 12, 16] } as const;

/** The tensors of a torchvision RetinaNet with seeded random values. */
export function retinaNetTensors(options: RetinaNetOptions = {}): Map<string, MemoryTensor> {
  const { block, blocks, stem, channels, groups, frozen, fpn, laterals, top, depth, headNorm, oldKeys } = {
    ...narrow,
    groups: 1,
    frozen: false,
    fpn: 8,
    laterals: 3,
    top: 'p5' as const,
    depth: 4,
    headNorm: 'none' as const,
    oldKeys: false,
    ...options,
  };
  const { classes = 3, anchors = 9, seed = 1 } = options;
  const widths = options.widths ?? channels.map(count => count / 4);
  const tensors = new Map<string, MemoryTensor>();
  const put = (name: string, shape: readonly number[], low: number, high: number): void => {
    const tensorSeed = seed + tensors.size;
    tensors.set(name, {
      shape,
      // Made when read: many tests ask for shapes alone.
      get values() {
        const random = seededRandom(tensorSeed);
        const count = shape.reduce((product, size) => product * size, 1);
        return Float32Array.from({ length: count }, () => low + (high - low) * random());
      },
    });
  };
  const weight = (name: string, out: number, input: number, kernel: number): void => {
    const range = Math.sqrt(6 / (input * kernel * kernel));
    put(`${name}.weight`, [out, input, kernel, kernel], -range, range);
  };
  const biased = (name: string, out: number, input: number, kernel: number): void => {
    weight(name, out, input, kernel);
    put(`${name}.bias`, [out], -0.2, 0.2);
  };
  const affine = (name: string, count: number): void => {
    put(`${name}.weight`, [count], 0.5, 1);
    put(`${name}.bias`, [count], -0.2, 0.2);
  };
  const batchNorm = (name: string, count: number): void => {
    affine(name, count);
    put(`${name}.running_mean`, [count], -0.2, 0.2);
    put(`${name}.running_var`, [count], 0.5, 1.5);
    if (!frozen) tensors.set(`${name}.num_batches_tracked`, { shape: [], values: new Float32Array(1), dtype: 'I64' });
  };

  const body = 'backbone.body';
  weight(`${body}.conv1`, stem, 3, 7);
  batchNorm(`${body}.bn1`, stem);
  let input = stem;
  for (const [stage, count] of blocks.entries()) {
    const [out, width] = [channels[stage], widths[stage]];
    for (let index = 0; index < count; index++) {
      const name = `${body}.layer${stage + 1}.${index}`;
      const convs =
        block === 'basic'
          ? [[out, input, 3] as const, [out, out, 3] as const]
          : [[width, input, 1] as const, [width, width / groups, 3] as const, [out, width, 1] as const];
      for (const [position, [convOut, convIn, kernel]] of convs.entries()) {
        weight(`${name}.conv${position + 1}`, convOut, convIn, kernel);
        batchNorm(`${name}.bn${position + 1}`, convOut);
      }
      if (index === 0 && (stage > 0 || input !== out)) {
        weight(`${name}.downsample.0`, out, input, 1);
        batchNorm(`${name}.downsample.1`, out);
      }
      input = out;
    }
  }

  const suffix = oldKeys ? '' : '.0';
  const stages = channels.slice(channels.length - laterals);
  for (const [index, count] of stages.entries()) {
    biased(`backbone.fpn.inner_blocks.${index}${suffix}`, fpn, count, 1);
    biased(`backbone.fpn.layer_blocks.${index}${suffix}`, fpn, fpn, 3);
  }
  if (top !== 'maxPool') {
    biased('backbone.fpn.extra_blocks.p6', fpn, top === 'p5' ? fpn : channels[3], 3);
    biased('backbone.fpn.extra_blocks.p7', fpn, fpn, 3);
  }
  for (const [branch, output, count] of [
    ['classification_head', 'cls_logits', anchors * classes],
    ['regression_head', 'bbox_reg', anchors * 4],
  ] as const) {
    for (let index = 0; index < depth; index++) {
      const name = `head.${branch}.conv.${oldKeys ? 2 * index : index}`;
      if (headNorm === 'none') biased(`${name}${suffix}`, fpn, fpn, 3);
      else weight(`${name}.0`, fpn, fpn, 3);
      if (headNorm === 'group') affine(`${name}.1`, fpn);
      if (headNorm === 'batch') batchNorm(`${name}.1`, fpn);
    }
    biased(`head.${branch}.${output}`, count, fpn, 3);
  }
  return tensors;
}
