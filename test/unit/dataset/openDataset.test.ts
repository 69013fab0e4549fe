import { existsSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dataset, DatasetImage, ImagesOptions, MissingImage } from '../../../src/dataset/dataset';
import { openDataset } from '../../../src/dataset/openDataset';
import { useFolders } from './support';

const folder = useFolders();

async function listed(dataset: Dataset, options: ImagesOptions = {}) {
  const images: DatasetImage[] = [];
  const missing: MissingImage[] = [];
  for await (const image of dataset.images({ ...options, onMissing: image => missing.push(image) })) images.push(image);
  return { images, missing, files: images.map(({ file }) => relative(dataset.root, file)) };
}

function coco(names: readonly string[]): string {
  return JSON.stringify({
    images: names.map((file_name, i) => ({ id: 10 + i, file_name, width: 100 + i, height: 50 })),
    annotations: names.map((_, i) => ({ id: i, image_id: 10 + i, category_id: 3, bbox: [i, 1, 2, 3] })),
    categories: [{ id: 3, name: 'cat' }],
  });
}

const xml = (name: string) =>
  `<annotation><object><name>${name}</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></object></annotation>`;

describe('a COCO file', () => {
  it('lists images in the order of the file, with sizes, and their labels', async () => {
    const at = await folder({
      'annotations/instances_val.json': coco(['b.jpg', 'a.jpg', 'sub/c.jpg']),
      'val/b.jpg': '',
      'val/a.jpg': '',
      'val/sub/c.jpg': '',
      'train/a.jpg': '',
    });
    const dataset = await openDataset(join(at, 'annotations/instances_val.json'));
    expect(dataset).toMatchObject({ format: 'coco', root: at, imageCount: 3, splits: [], problems: [] });
    expect(await dataset.categories()).toEqual([{ id: 3, name: 'cat' }]);
    const { images, missing, files } = await listed(dataset);
    expect(missing).toEqual([]);
    expect(files).toEqual(['val/b.jpg', 'val/a.jpg', 'val/sub/c.jpg']);
    expect(images[1]).toMatchObject({ name: 'a.jpg', width: 101, height: 50, ordinal: 1 });
    const labels = await dataset.labelsOf(images[1], { width: 101, height: 50 });
    expect(labels?.labels.map(({ box, category }) => ({ box, category }))).toEqual([
      { box: [1, 1, 3, 4], category: 'cat' },
    ]);
    expect(labels?.problems).toEqual([]);
  });

  it('lists what is missing and refuses what leads out', async () => {
    const at = await folder({
      'ws/.git/HEAD': '',
      'secret.jpg': '',
      'ws/labels.json': coco(['a.jpg', '../secret.jpg', '../../etc/x.jpg', '/etc/passwd', 'C:\\data\\a.jpg', '..']),
      'ws/a.jpg': '',
    });
    const dataset = await openDataset(join(at, 'ws'));
    const { files, missing } = await listed(dataset);
    expect(files).toEqual(['a.jpg', 'a.jpg']);
    expect(missing.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      '../secret.jpg: its path leads out of the data set',
      '../../etc/x.jpg: its path leads out of the data set',
      '/etc/passwd: its path leads out of the data set',
      '..: its name is empty',
    ]);
  });

  it('finds images in folders that the user names, and through links', async () => {
    const at = await folder({ 'ws/.git/HEAD': '', 'ws/labels.json': coco(['a.jpg']), 'disk/deep/a.jpg': '' });
    expect((await listed(await openDataset(join(at, 'ws')))).missing).toHaveLength(1);
    const named = await openDataset(join(at, 'ws'), { imageFolders: [join(at, 'disk/deep')] });
    expect((await listed(named)).images.map(({ file }) => file)).toEqual([join(at, 'disk/deep/a.jpg')]);
    await symlink(join(at, 'disk/deep'), join(at, 'ws/pictures'));
    expect((await listed(await openDataset(join(at, 'ws')))).files).toEqual(['pictures/a.jpg']);
  });

  it('reads labels by name once the file has changed', async () => {
    const at = await folder({ 'labels.json': coco(['a.jpg', 'b.jpg']), 'a.jpg': '', 'b.jpg': '' });
    const dataset = await openDataset(join(at, 'labels.json'));
    const { images } = await listed(dataset);
    await writeFile(join(at, 'labels.json'), coco(['x.jpg', 'y.jpg', 'b.jpg']));
    const labels = await dataset.labelsOf(images[1], { width: 102, height: 50 });
    expect(labels?.labels.map(({ box }) => box[0])).toEqual([2]);
    expect(await dataset.labelsOf(images[0], { width: 100, height: 50 })).toBeUndefined();
  });

  it('is cancelled between images', async () => {
    const at = await folder({ 'labels.json': coco(['a.jpg']), 'a.jpg': '' });
    const dataset = await openDataset(at);
    await expect(listed(dataset, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'CancelledError' });
    await expect(listed(dataset, { split: 'val' })).rejects.toThrow('a COCO file has no splits');
  });
});

describe('a YOLO data.yaml', () => {
  const labels = '0 0.5 0.5 0.2 0.2\n';

  it('lists splits in order, folders and lists alike', async () => {
    const at = await folder({
      'data.yaml': 'path: .\ntrain: images/train\nval: val.txt\ntest:\nnames: [cat, dog]\n',
      'val.txt': './images/v/2.jpg\r\nimages/v/1.jpg\nimages/v/none.jpg\n../../x.jpg\n',
      'images/train/b.png': '',
      'images/train/a.JPG': '',
      'images/train/deep/c.jpg': '',
      'images/train/notes.txt': '',
      'images/v/1.jpg': '',
      'images/v/2.jpg': '',
      'labels/train/a.txt': labels,
    });
    const dataset = await openDataset(join(at, 'data.yaml'));
    expect(dataset.splits).toEqual([
      { name: 'train', imageCount: 3 },
      { name: 'val', imageCount: 4 },
    ]);
    expect(dataset.imageCount).toBe(7);
    expect(await dataset.categories()).toEqual([
      { id: 0, name: 'cat' },
      { id: 1, name: 'dog' },
    ]);
    const { images, missing } = await listed(dataset);
    expect(images.map(({ name, split, ordinal }) => `${ordinal} ${split} ${name}`)).toEqual([
      '0 train images/train/a.JPG',
      '1 train images/train/b.png',
      '2 train images/train/deep/c.jpg',
      '3 val images/v/2.jpg',
      '4 val images/v/1.jpg',
    ]);
    expect(missing.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'images/v/none.jpg: there is no such file',
      '../../x.jpg: its path leads out of the data set',
    ]);
    expect((await listed(dataset, { split: 'val' })).images.map(({ ordinal }) => ordinal)).toEqual([3, 4]);
    expect((await dataset.labelsOf(images[0], { width: 100, height: 100 }))?.labels).toHaveLength(1);
    expect((await dataset.labelsOf(images[1], { width: 100, height: 100 }))?.labels).toEqual([]);
    await expect(listed(dataset, { split: 'trian' })).rejects.toThrow('has no split "trian": it has train, val');
  });

  it("takes Roboflow's ../train, and a path that leads nowhere, as Ultralytics does", async () => {
    const at = await folder({
      'set/data.yaml': 'path: ../datasets/elsewhere\ntrain: ../train/images\nvalid: ../valid/images\nnames: {0: cat}\n',
      'set/train/images/a.jpg': '',
    });
    const dataset = await openDataset(join(at, 'set'));
    expect((await listed(dataset)).images.map(({ name }) => name)).toEqual(['train/images/a.jpg']);
    expect(dataset.problems.map(({ message }) => message)).toEqual(['`val`: "../valid/images" is not there']);
  });

  it('counts an image of two splits once', async () => {
    const at = await folder({ 'data.yaml': 'train: images\nval: images\nnames: [cat]\n', 'images/a.jpg': '' });
    const dataset = await openDataset(at);
    expect(dataset.imageCount).toBe(1);
    expect((await listed(dataset)).images).toHaveLength(1);
    expect((await listed(dataset, { split: 'val' })).images).toMatchObject([{ split: 'val', ordinal: 0 }]);
  });

  it('refuses paths that lead out', async () => {
    const at = await folder({ 'ws/.git/HEAD': '', 'ws/data.yaml': 'train: ../../out\nval: /etc\nnames: [a]\n' });
    await expect(openDataset(join(at, 'ws'))).rejects.toThrow(
      /data\.yaml: none of its images can be found: `train`: "..\/..\/out" leads out of the data set, `val`/,
    );
  });
});

describe('a Pascal VOC folder', () => {
  it('lists what has an XML file, and image sets', async () => {
    const at = await folder({
      'Annotations/b.xml': xml('dog'),
      'Annotations/a.xml': xml('cat'),
      'Annotations/c.xml': xml('cat'),
      'JPEGImages/a.jpg': '',
      'JPEGImages/b.png': '',
      'JPEGImages/t.jpg': '',
      'ImageSets/Main/val.txt': 'b\nnope\n',
      'ImageSets/Main/train.txt': 'a\r\n',
      'ImageSets/Main/test.txt': 't\n../../x\n',
      'ImageSets/Main/cat_train.txt': 'a  1\nb -1\n',
    });
    for (const path of [at, join(at, 'Annotations')]) {
      const dataset = await openDataset(path);
      expect(dataset).toMatchObject({ format: 'voc', root: at, imageCount: 3 });
      expect(dataset.splits).toEqual([
        { name: 'train', imageCount: 1 },
        { name: 'val', imageCount: 2 },
        { name: 'test', imageCount: 2 },
      ]);
      expect(await dataset.categories()).toEqual([
        { name: 'cat', id: undefined },
        { name: 'dog', id: undefined },
      ]);
      const { images, files, missing } = await listed(dataset);
      expect(files).toEqual(['JPEGImages/a.jpg', 'JPEGImages/b.png']);
      expect(missing).toMatchObject([{ name: 'c' }]);
      expect((await dataset.labelsOf(images[1], { width: 9, height: 9 }))?.labels).toMatchObject([{ category: 'dog' }]);
      const val = await listed(dataset, { split: 'val' });
      expect(val.images.map(({ name, split }) => `${split} ${name}`)).toEqual(['val b']);
      expect(val.missing).toMatchObject([{ name: 'nope', split: 'val' }]);
      const test = await listed(dataset, { split: 'test' });
      expect(test.missing).toMatchObject([{ name: '../../x' }]);
      expect(await dataset.labelsOf(test.images[0], { width: 9, height: 9 })).toBeUndefined();
    }
  });

  it('may hold XML files beside images, and folders of both', async () => {
    const flat = await openDataset(await folder({ 'a.xml': xml('cat'), 'a.jpg': '' }));
    expect((await listed(flat)).files).toEqual(['a.jpg']);
    const deep = await openDataset(
      await folder({ 'Annotations/s/a.xml': xml('cat'), 'images/s/a.jpg': '', 'images/a.jpg': '' }),
    );
    expect((await listed(deep)).files).toEqual(['images/s/a.jpg']);
  });
});

describe('a folder', () => {
  it('opens the nearest data set', async () => {
    const at = await folder({ 'deep/er/labels.json': coco(['a.jpg']), 'deep/er/a.jpg': '', 'package.json': '{}' });
    expect((await openDataset(at)).path).toBe(join(at, 'deep/er/labels.json'));
  });

  it.each([
    [{ 'a.json': coco(['a.jpg']), 'b.json': coco(['a.jpg']) }, 'holds 2 data sets: a.json, b.json; name one'],
    [
      { 'data.yaml': 'train: x\nnames: [a]', 'Annotations/a.xml': xml('cat') },
      'holds 2 data sets: Pascal VOC files, data.yaml; name one',
    ],
    [{ 'a.json': '[1]', 'b.yaml': 'names: [a]' }, 'holds no COCO JSON file, no YOLO data.yaml and no Pascal VOC'],
  ])('with several or none is refused', async (files: Record<string, string>, message) => {
    await expect(openDataset(await folder(files))).rejects.toThrow(message);
  });

  it.each([
    ['a.txt', '', 'is no data set, expected'],
    ['a.json', '{"images": []}', 'is no COCO label file'],
    ['a.json', '{"images": [', 'is not valid JSON'],
    ['a.yaml', 'train: x', 'has no `names`'],
  ])('refuses %s with %s', async (name, text, message) => {
    await expect(openDataset(join(await folder({ [name]: text }), name))).rejects.toThrow(message);
  });

  it('opens as the format that was found in it', async () => {
    const at = await folder({ 'a.xml': xml('cat'), 'a.jpg': '', 'labels.json': coco(['a.jpg']) });
    expect((await openDataset(at, { format: 'voc' })).format).toBe('voc');
    expect((await openDataset(at, { format: 'coco' })).path).toBe(join(at, 'labels.json'));
  });

  it('that is not there is an error', async () => {
    await expect(openDataset('/nonexistent/x')).rejects.toThrow('/nonexistent/x: no such file; check the path');
  });
});

const bccd = resolve('../shared/data/bccd');

describe.skipIf(!existsSync(bccd))('BCCD (skipped where ../shared/data/bccd is not at hand)', () => {
  it('opens with its image sets', async () => {
    const dataset = await openDataset(bccd);
    expect(dataset.imageCount).toBe(364);
    expect(dataset.splits.map(({ name }) => name)).toEqual(['train', 'val', 'trainval', 'test']);
    expect((await dataset.categories()).map(({ name }) => name)).toEqual(['Platelets', 'RBC', 'WBC']);
    const { images, missing } = await listed(dataset, { split: 'test' });
    expect(images).toHaveLength(dataset.splits[3].imageCount);
    expect(missing).toEqual([]);
    expect((await listed(dataset)).images).toHaveLength(364);
  });
});
