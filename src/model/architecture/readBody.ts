import { readBatchNormConv } from './convLayouts';
import type { BlockLayout, BodyLayout } from './retinaNetLayout';
import type { TensorClaims } from './tensorClaims';

const prefix = 'backbone.body';
const stageCount = 4;

/**
 * Reads torchvision's ResNet (`torchvision/models/resnet.py`) from its tensors: depth and widths of all stages, basic
 * or bottleneck blocks, plain, wide or grouped. Bottlenecks stride in their 3x3 convolution (ResNet "v1.5"). Dilation
 * in place of stride leaves no trace in the tensors and is taken to be absent.
 */
export function readBody(claims: TensorClaims): BodyLayout {
  const stem = readBatchNormConv(claims, `${prefix}.conv1`, `${prefix}.bn1`, {
    out: 'channels',
    input: 3,
    kernel: 7,
    stride: 2,
  });
  const bottleneck = claims.some(/^backbone\.body\.layer\d+\.\d+\.(conv3|bn3)\./);
  const stages: BlockLayout[][] = [];
  const stageChannels: number[] = [];
  let channels = stem.shape[0];
  for (let stage = 1; stage <= stageCount; stage++) {
    const blocks: BlockLayout[] = [];
    // The first block is read whether it is there or not: its absence is an error.
    const count = Math.max(1, claims.countBlocks(`${prefix}.layer${stage}.`));
    while (blocks.length < count) {
      const name = `${prefix}.layer${stage}.${blocks.length}`;
      const stride = stage > 1 && blocks.length === 0 ? 2 : 1;
      const read = bottleneck ? readBottleneck : readBasicBlock;
      const block = read(claims, name, channels, stride);
      channels = outputChannels(block);
      blocks.push(block);
    }
    stages.push(blocks);
    stageChannels.push(channels);
  }
  const frozenNorm = !claims.has(`${prefix}.bn1.num_batches_tracked`);
  return { block: bottleneck ? 'bottleneck' : 'basic', stem, stages, stageChannels, frozenNorm };
}

function readBasicBlock(claims: TensorClaims, name: string, input: number, stride: number): BlockLayout {
  const conv1 = readBatchNormConv(claims, `${name}.conv1`, `${name}.bn1`, {
    out: 'channels',
    input,
    kernel: 3,
    stride,
  });
  const width = conv1.shape[0];
  const conv2 = readBatchNormConv(claims, `${name}.conv2`, `${name}.bn2`, {
    out: width,
    input: width,
    kernel: 3,
    stride: 1,
  });
  return { convs: [conv1, conv2], downsample: readDownsample(claims, name, input, width, stride) };
}

function readBottleneck(claims: TensorClaims, name: string, input: number, stride: number): BlockLayout {
  const conv1 = readBatchNormConv(claims, `${name}.conv1`, `${name}.bn1`, {
    out: 'width',
    input,
    kernel: 1,
    stride: 1,
  });
  const width = conv1.shape[0];
  const conv2 = readBatchNormConv(claims, `${name}.conv2`, `${name}.bn2`, {
    out: width,
    input: width,
    kernel: 3,
    stride,
    grouped: true,
  });
  const conv3 = readBatchNormConv(claims, `${name}.conv3`, `${name}.bn3`, {
    out: 'channels',
    input: width,
    kernel: 1,
    stride: 1,
  });
  return { convs: [conv1, conv2, conv3], downsample: readDownsample(claims, name, input, conv3.shape[0], stride) };
}

/** The projection of the shortcut, which must be there where stride or channels change. */
function readDownsample(claims: TensorClaims, name: string, input: number, out: number, stride: number) {
  const conv = `${name}.downsample.0`;
  if (stride === 1 && input === out && !claims.has(`${conv}.weight`)) return undefined;
  return readBatchNormConv(claims, conv, `${name}.downsample.1`, { out, input, kernel: 1, stride });
}

function outputChannels({ convs }: BlockLayout): number {
  return convs.at(-1)?.shape[0] ?? 0;
}
