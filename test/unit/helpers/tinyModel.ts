/** A RetinaNet small enough to run in milliseconds, and a picture for it, written when a test needs them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { seededRandom } from './random';
import { writeSafetensors, type WrittenTensor } from './safetensors';

export interface TinyModelOptions {
  /** Base name of the files; `tiny` by default. */
  readonly name?: string;
  /** Class columns, the background column included. */
  readonly classes?: readonly string[];
  /** Fields of the model card besides classes and sizes; null writes no card. */
  readonly card?: Record<string, unknown> | null;
  /** Changes the tensors before they are written. */
  readonly change?: (tensors: Map<string, WrittenTensor>) => void;
}

const stageWidths = [8, 16, 32, 64];
const pyramidWidth = 16;
const headDepth = 2;
const anchorsPerCell = 9;
const defaultClasses = ['__background__', 'disc', 'square', 'ring'];

/** A ResNet-18 RetinaNet of a few channels with torchvision 0.14's keys; weights are random by name, so always equal. */
export function tinyStateDict(classes: number = defaultClasses.length): Map<string, WrittenTensor> {
  const tensors = new Map<string, WrittenTensor>();
  const random = (name: string, shape: readonly number[], scale: number) => {
    const next = seededRandom([...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619), 7));
    const data = Float32Array.from({ length: size(shape) }, () => (next() * 2 - 1) * scale);
    tensors.set(name, { shape, data });
  };
  const fill = (name: string, shape: readonly number[], value: number) => {
    tensors.set(name, { shape, data: new Float32Array(size(shape)).fill(value) });
  };
  const conv = (name: string, out: number, input: number, kernel: number, gain = 1) =>
    random(`${name}.weight`, [out, input, kernel, kernel], gain * Math.sqrt(6 / (input * kernel * kernel)));
  const biased = (name: string, out: number, input: number, kernel: number, bias = 0, gain = 1) => {
    conv(name, out, input, kernel, gain);
    fill(`${name}.bias`, [out], bias);
  };
  const norm = (name: string, channels: number, scale: number) => {
    fill(`${name}.weight`, [channels], scale);
    random(`${name}.bias`, [channels], 0.1);
    random(`${name}.running_mean`, [channels], 0.1);
    fill(`${name}.running_var`, [channels], 1);
    tensors.set(`${name}.num_batches_tracked`, { shape: [], data: BigInt64Array.of(1n) });
  };

  conv('backbone.body.conv1', stageWidths[0] ?? 0, 3, 7);
  norm('backbone.body.bn1', stageWidths[0] ?? 0, 1);
  let channels = stageWidths[0] ?? 0;
  stageWidths.forEach((width, stage) => {
    for (const block of [0, 1]) {
      const prefix = `backbone.body.layer${stage + 1}.${block}`;
      conv(`${prefix}.conv1`, width, channels, 3);
      norm(`${prefix}.bn1`, width, 1);
      conv(`${prefix}.conv2`, width, width, 3);
      norm(`${prefix}.bn2`, width, 0.3);
      if (channels !== width) {
        conv(`${prefix}.downsample.0`, width, channels, 1);
        norm(`${prefix}.downsample.1`, width, 0.7);
      }
      channels = width;
    }
  });

  stageWidths.slice(1).forEach((width, level) => {
    biased(`backbone.fpn.inner_blocks.${level}.0`, pyramidWidth, width, 1);
    biased(`backbone.fpn.layer_blocks.${level}.0`, pyramidWidth, pyramidWidth, 3);
  });
  biased('backbone.fpn.extra_blocks.p6', pyramidWidth, channels, 3);
  biased('backbone.fpn.extra_blocks.p7', pyramidWidth, pyramidWidth, 3);

  for (const branch of ['classification_head', 'regression_head']) {
    for (let layer = 0; layer < headDepth; layer++) {
      biased(`head.${branch}.conv.${layer}.0`, pyramidWidth, pyramidWidth, 3);
    }
  }
  // torchvision's prior probability 0.01, and logits spread enough for some scores to pass the detection threshold.
  biased('head.classification_head.cls_logits', anchorsPerCell * classes, pyramidWidth, 3, -Math.log(99), 0.5);
  biased('head.regression_head.bbox_reg', anchorsPerCell * 4, pyramidWidth, 3, 0, 0.2);
  return tensors;
}

/** Writes `<name>.safetensors` and its card into `folder`. */
export async function writeTinyModel(
  folder: string,
  { name = 'tiny', classes = defaultClasses, card = {}, change }: TinyModelOptions = {},
): Promise<{ checkpoint: string; card: string }> {
  const tensors = tinyStateDict(classes.length);
  change?.(tensors);
  const checkpoint = join(folder, `${name}.safetensors`);
  const cardFile = join(folder, `${name}.json`);
  await writeSafetensors(checkpoint, tensors);
  if (card !== null)
    await writeFile(cardFile, JSON.stringify({ classes, minSize: 128, maxSize: 192, ...card }, null, 2));
  return { checkpoint, card: cardFile };
}

export interface TinyLabel {
  readonly category: string;
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number];
}

export const tinyLabels: readonly TinyLabel[] = [
  { category: 'disc', box: [20, 12, 61, 55] },
  { category: 'square', box: [70, 40, 150, 110] },
  { category: 'ring', box: [100, 4, 116, 19] },
];

/** Writes `<name>.png`, 160 x 120 pixels, and its labels as Pascal VOC `<name>.xml` into `folder`. */
export async function writeTinyScene(
  folder: string,
  { name = 'scene', labels = tinyLabels }: { name?: string; labels?: readonly TinyLabel[] } = {},
): Promise<{ image: string; labels: string }> {
  const [width, height] = [160, 120];
  const pixels = new Uint8Array(width * height * 3);
  const noise = seededRandom(1);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const hit = tinyLabels.findIndex(({ box }) => x >= box[0] && x < box[2] && y >= box[1] && y < box[3]);
    for (let channel = 0; channel < 3; channel++) {
      pixels[i * 3 + channel] = (channel === hit ? 210 : 70) + Math.floor(noise() * 30);
    }
  }
  const image = join(folder, `${name}.png`);
  const xml = join(folder, `${name}.xml`);
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(image);
  const objects = labels.map(
    ({ category, box: [x1, y1, x2, y2] }) =>
      `  <object>\n    <name>${escapeXml(category)}</name>\n    <bndbox><xmin>${x1}</xmin><ymin>${y1}</ymin><xmax>${x2}</xmax><ymax>${y2}</ymax></bndbox>\n  </object>\n`,
  );
  const header = `<annotation>\n  <filename>${name}.png</filename>\n  <size><width>${width}</width><height>${height}</height><depth>3</depth></size>\n`;
  await writeFile(xml, `${header}${objects.join('')}</annotation>\n`);
  return { image, labels: xml };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
