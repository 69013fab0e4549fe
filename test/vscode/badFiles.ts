/** Files that are of no use, written where no data set of the workspace is looked for. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Call, Global } from '../unit/checkpoint/pickleBytes';
import { TorchFile } from '../unit/checkpoint/torchFile';
import { safetensorsBytes, writeSafetensors } from '../unit/helpers/safetensors';
import { tinyStateDict, writeTinyModel } from '../unit/helpers/tinyModel';
import { hugePng } from '../unit/image/oddFiles';

export interface BadFile {
  readonly what: string;
  /** Relative to the folder; undefined where the workspace's own is good for it. */
  readonly model?: string;
  readonly image?: string;
  /** The file that the message has to name, and how it goes on. */
  readonly message: RegExp;
}

const logits = 'head.classification_head.cls_logits.weight';

export const badFiles: readonly BadFile[] = [
  { what: 'a pickle that calls os.system', model: 'attack.pth', message: /attack\.pth: .*os\.system/ },
  {
    what: 'a truncated checkpoint',
    model: 'cut.safetensors',
    message: /cut\.safetensors: .*the file is cut off; copy/,
  },
  {
    what: 'a checkpoint of an image classifier',
    model: 'classifier.safetensors',
    message: /classifier\.safetensors: .*expected a torchvision RetinaNet/,
  },
  {
    what: 'a tensor of the wrong shape',
    model: 'shape.safetensors',
    message: /shape\.safetensors: .*cls_logits\.weight.*\[36, 8, 3, 3\]/,
  },
  { what: 'NaN weights', model: 'nan.safetensors', message: /nan\.safetensors: .*cls_logits\.weight/ },
  { what: 'a card for other classes', model: 'card.safetensors', message: /card\.json:\d+.*classes/ },
  { what: 'a zero-byte image', image: 'zero.png', message: /zero\.png: the image file is empty/ },
  {
    what: 'an image of 30,000 x 30,000 pixels',
    image: 'huge.png',
    message: /huge\.png: the image has 30000 x 30000 .*focalLens\.maxPixels/,
  },
  { what: 'malformed XML', image: 'voc/scene.png', message: /scene\.xml:3: is not well-formed XML/ },
  { what: 'malformed JSON', image: 'coco/scene.png', message: /labels\.json:3: is not valid JSON/ },
  {
    what: 'a YOLO file that is no text',
    image: 'yolo/images/scene.png',
    message: /scene\.txt:1: .*none of the image's entries can be read/,
  },
];

/** @param scene a good image; @param proof what a checkpoint must not make */
export async function writeBadFiles(folder: string, scene: string, proof: string): Promise<void> {
  const place = async (name: string, content: Uint8Array | string) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  };
  await place('attack.pth', new TorchFile().bytes(new Call(new Global('os', 'system'), [`touch ${proof}`])));
  const weights = safetensorsBytes(tinyStateDict());
  await place('cut.safetensors', weights.subarray(0, weights.length >> 1));
  const filters = { shape: [8, 3, 7, 7], data: new Float32Array(8 * 3 * 49) };
  const classes = { shape: [10, 8], data: new Float32Array(80) };
  await writeSafetensors(
    join(folder, 'classifier.safetensors'),
    new Map([
      ['conv1.weight', filters],
      ['layer1.0.conv1.weight', { shape: [8, 8, 3, 3], data: new Float32Array(8 * 8 * 9) }],
      ['fc.weight', classes],
    ]),
  );
  await writeTinyModel(folder, {
    name: 'shape',
    change: tensors => tensors.set(logits, { shape: [36, 8, 3, 3], data: new Float32Array(36 * 72) }),
  });
  await writeTinyModel(folder, { name: 'nan', change: tensors => tensors.get(logits)?.data.fill(NaN as never) });
  await writeTinyModel(folder, { name: 'card' });
  await place('card.json', '{\n  "classes": ["a", "b"]\n}\n');
  await place('zero.png', '');
  await place('huge.png', hugePng(30_000, 30_000));
  await place('voc/scene.xml', '<annotation>\n  <object>\n</annotation>\n');
  await place('coco/labels.json', '{ "images": [\n  { "id": 1, "file_name": "scene.png" },\n');
  await place('yolo/labels/scene.txt', Uint8Array.of(0xff, 0, 0x10, 0x80, 10, 0xfe, 0x20));
  await place('yolo/data.yaml', 'train: images\nnames: [disc, square, ring]\n');
  await mkdir(join(folder, 'yolo', 'images'));
  for (const name of ['voc', 'coco', 'yolo/images']) await copyFile(scene, join(folder, name, 'scene.png'));
}
