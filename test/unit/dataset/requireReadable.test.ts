import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/common/errors';
import { convertDataset } from '../../../src/dataset/write/convertDataset';
import { findLabels } from '../../../src/dataset/findLabels';
import { openDataset } from '../../../src/dataset/openDataset';
import { UnreadableLabelsError } from '../../../src/dataset/requireReadable';
import { useFolders } from './support';

const folder = useFolders();
const size = { width: 100, height: 100 };

const coco = (...boxes: (readonly number[])[]) =>
  JSON.stringify(
    {
      images: [{ id: 1, file_name: 'x.jpg', ...size }],
      annotations: boxes.map((bbox, i) => ({ id: i + 5, image_id: 1, category_id: 1, bbox })),
      categories: [{ id: 1, name: 'cat' }],
    },
    null,
    1,
  );
const objects = (...inner: string[]) =>
  `<annotation>\n${inner.map(text => `<object><name>cat</name>${text}</object>\n`).join('')}</annotation>`;
const bndbox = '<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox>';
const binary = Buffer.from([0xff, 0, 0x10, 0x80, 10, 0xfe, 0x20, 3, 10, 0x90, 0x91]);

interface Case {
  readonly name: string;
  readonly image: string;
  readonly files: Record<string, string | Buffer>;
  /** What to open as a data set. */
  readonly dataset: string;
  /** File and line that the error names, then the message. */
  readonly where: string;
  readonly message: RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'a YOLO file that is no text',
    image: 'images/x.jpg',
    files: { 'labels/x.txt': binary, 'data.yaml': 'train: images\nnames: [cat]\n' },
    dataset: 'data.yaml',
    where: 'labels/x.txt:1',
    message: /line 1 is left out: .* \(and 2 more\): none of the image's entries can be read; correct the file$/,
  },
  {
    name: 'a COCO image whose only bbox has three numbers',
    image: 'x.jpg',
    files: { 'labels.json': coco([1, 2, 3]) },
    dataset: 'labels.json',
    where: 'labels.json:11',
    message:
      /annotation "5" is left out: its "bbox" .* width, height: none of the image's entries can be read; correct/,
  },
  {
    name: 'a Pascal VOC file whose objects lack <bndbox>',
    image: 'JPEGImages/x.jpg',
    files: { 'Annotations/x.xml': objects('', '') },
    dataset: '',
    where: 'Annotations/x.xml:2',
    message: /object 1 is left out: "cat" has no <bndbox> \(and 1 more\): none of the image's entries can be read/,
  },
];

const failureOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
};

describe('an image none of whose entries can be read', () => {
  it.each(cases)('is none without objects: $name', async ({ image, files, dataset, where, message }) => {
    const at = await folder({ [image]: '', ...files });
    const file = join(at, image);
    const errors = [await failureOf(findLabels({ file, ...size }))];
    const opened = await openDataset(join(at, dataset));
    for await (const listed of opened.images()) errors.push(await failureOf(opened.labelsOf(listed, size)));
    expect(errors).toHaveLength(2);
    for (const error of errors) {
      expect(error).toBeInstanceOf(UnreadableLabelsError);
      expect(error.where).toBe(join(at, where));
      expect(error.message).toMatch(message);
    }
  });

  it.each([
    ['COCO', 'x.jpg', { 'labels.json': coco([1, 2, 3], [1, 2, 30, 40]) }],
    ['YOLO', 'images/x.jpg', { 'labels/x.txt': 'oops\n0 0.5 0.5 0.5 0.5\n', 'data.yaml': 'names: [cat]\n' }],
    ['Pascal VOC', 'JPEGImages/x.jpg', { 'Annotations/x.xml': objects('', bndbox) }],
  ])('is another matter than one with some: %s', async (_format, image, files) => {
    const at = await folder({ [image]: '', ...files });
    const found = await findLabels({ file: join(at, image), ...size });
    expect(found).toMatchObject({ labels: [{ category: 'cat' }], leftOut: { count: 1 } });
    expect(found?.problems).toEqual([found?.leftOut?.first]);
  });

  it('is converted with what is wrong told, as other images are', async () => {
    const at = await folder({ 'x.jpg': '', 'labels.json': coco([1, 2, 3]) });
    const conversion = await convertDataset(await openDataset(join(at, 'labels.json')), {
      ...{ to: 'voc', out: join(at, 'voc'), overwrite: false, images: 'none' },
      sizeOf: () => Promise.resolve(size),
    });
    expect(conversion).toMatchObject({
      images: 1,
      labels: 0,
      problems: [{ message: expect.stringContaining('"5" is left out') as string }],
    });
  });
});
