import type { Checkpoint, TensorInfo } from '../../../src/model/types';

/** A model of `test/golden/models.json`; the weights follow from it as `test/golden/formula.py` says. */
export interface FormulaModel {
  readonly salt: string;
  readonly block: 'basic' | 'bottleneck';
  readonly blocks: readonly number[];
  readonly channels: number;
  readonly classes: number;
  readonly p6From: 'c5' | 'p5';
  readonly headNorm: 'none' | 'group';
  /** Whether batch norms count their batches; frozen ones do not. */
  readonly counters: boolean;
  readonly classGain: number;
  readonly classBias: number;
  readonly boxGain: number;
  /** Scale of the norms' weights and standard deviations, a power of two; 1 by default. */
  readonly normScale?: number;
  /** 1e-5 by default. */
  readonly batchNormEps?: number;
}

/** `present` is torchvision's key layout since 0.13, `former` the one before. */
export type KeyLayout = 'present' | 'former';

const anchorsPerCell = 9;

/** A checkpoint in memory with torchvision's tensor names and weights by formula; equal to Python's to the last bit. */
export function formulaCheckpoint(model: FormulaModel, layout: KeyLayout = 'present'): Checkpoint {
  const present = tensorShapes(model);
  const sources = new Map<string, { name: string; shape: readonly number[] }>();
  for (const [name, shape] of present) {
    sources.set(layout === 'former' ? formerName(name) : name, { name, shape });
  }
  const tensors = new Map<string, TensorInfo>();
  for (const [name, { shape }] of sources) {
    tensors.set(name, { name, shape, dtype: name.endsWith('num_batches_tracked') ? 'I64' : 'F32' });
  }
  return {
    file: `${model.salt}.pth`,
    notes: [],
    tensors,
    read(name) {
      const source = sources.get(name);
      if (!source) return Promise.reject(new Error(`no tensor ${name}`));
      const size = source.shape.reduce((product, length) => product * length, 1);
      const [low, high] = valueRange(source.name, source.shape, model);
      return Promise.resolve(uniform(`${model.salt}/${source.name}`, size, low, high));
    },
    close: () => Promise.resolve(),
  };
}

/** `size` numbers in [low, high) that follow from `name`, as `uniform` in `test/golden/formula.py`. */
export function uniform(name: string, size: number, low: number, high: number): Float32Array {
  const seed = fnv1a(name);
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let x = (seed + Math.imul(i, 0x9e3779b9)) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    x ^= x >>> 16;
    values[i] = low + (high - low) * ((x >>> 0) / 4294967296);
  }
  return values;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function valueRange(name: string, shape: readonly number[], model: FormulaModel): readonly [number, number] {
  const scale = model.normScale ?? 1;
  if (name.endsWith('running_var')) return [0.5 * scale ** 2, 1.5 * scale ** 2];
  if (shape.length === 4) {
    const fanIn = shape[1] * shape[2] * shape[3];
    let bound = Math.sqrt(6 / fanIn);
    if (name.endsWith('cls_logits.weight')) bound = model.classGain * Math.sqrt(3 / fanIn);
    else if (name.endsWith('bbox_reg.weight')) bound = model.boxGain * Math.sqrt(3 / fanIn);
    else if (name.includes('.fpn.') || name.includes('downsample')) bound = Math.sqrt(3 / fanIn);
    return [-bound, bound];
  }
  if (name.endsWith('cls_logits.bias')) return [model.classBias - 0.5, model.classBias + 0.5];
  const lastNorm = model.block === 'basic' ? '.bn2.' : '.bn3.';
  if (name.endsWith('.weight'))
    return name.includes(lastNorm) ? [0.1 * scale, 0.3 * scale] : [0.8 * scale, 1.2 * scale];
  return [-0.1, 0.1];
}

/** The key before torchvision 0.13. */
function formerName(name: string): string {
  return name
    .replace(/(inner_blocks|layer_blocks)\.(\d)\.0\./, '$1.$2.')
    .replace(/_head\.conv\.(\d)\.0\./, (_, index: string) => `_head.conv.${2 * Number(index)}.`);
}

/** Names and shapes of torchvision's RetinaNet. */
function tensorShapes(model: FormulaModel): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const conv = (name: string, out: number, input: number, kernel: number, bias: boolean) => {
    shapes.set(`${name}.weight`, [out, input, kernel, kernel]);
    if (bias) shapes.set(`${name}.bias`, [out]);
  };
  const batchNorm = (name: string, channels: number) => {
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) shapes.set(`${name}.${part}`, [channels]);
    if (model.counters) shapes.set(`${name}.num_batches_tracked`, []);
  };

  const body = 'backbone.body';
  conv(`${body}.conv1`, 64, 3, 7, false);
  batchNorm(`${body}.bn1`, 64);
  const expansion = model.block === 'basic' ? 1 : 4;
  let input = 64;
  model.blocks.forEach((count, stage) => {
    const width = 64 * 2 ** stage;
    const output = width * expansion;
    for (let index = 0; index < count; index++) {
      const block = `${body}.layer${stage + 1}.${index}`;
      const convs: [number, number, number][] =
        model.block === 'basic'
          ? [
              [width, input, 3],
              [width, width, 3],
            ]
          : [
              [width, input, 1],
              [width, width, 3],
              [output, width, 1],
            ];
      convs.forEach(([out, from, kernel], i) => {
        conv(`${block}.conv${i + 1}`, out, from, kernel, false);
        batchNorm(`${block}.bn${i + 1}`, out);
      });
      if (index === 0 && (stage > 0 || input !== output)) {
        conv(`${block}.downsample.0`, output, input, 1, false);
        batchNorm(`${block}.downsample.1`, output);
      }
      input = output;
    }
  });

  const { channels } = model;
  for (let level = 0; level < 3; level++) {
    conv(`backbone.fpn.inner_blocks.${level}.0`, channels, 64 * expansion * 2 ** (level + 1), 1, true);
    conv(`backbone.fpn.layer_blocks.${level}.0`, channels, channels, 3, true);
  }
  conv('backbone.fpn.extra_blocks.p6', channels, model.p6From === 'c5' ? 512 * expansion : channels, 3, true);
  conv('backbone.fpn.extra_blocks.p7', channels, channels, 3, true);

  const grouped = model.headNorm === 'group';
  for (const [branch, last, outputs] of [
    ['classification_head', 'cls_logits', anchorsPerCell * model.classes],
    ['regression_head', 'bbox_reg', anchorsPerCell * 4],
  ] as const) {
    for (let i = 0; i < 4; i++) {
      conv(`head.${branch}.conv.${i}.0`, channels, channels, 3, !grouped);
      if (!grouped) continue;
      shapes.set(`head.${branch}.conv.${i}.1.weight`, [channels]);
      shapes.set(`head.${branch}.conv.${i}.1.bias`, [channels]);
    }
    conv(`head.${branch}.${last}`, outputs, channels, 3, true);
  }
  return shapes;
}
