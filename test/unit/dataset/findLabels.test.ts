import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLabels } from '../../../src/dataset/findLabels';
import { isImageFile, isLabelFile } from '../../../src/dataset/imageFiles';
import { LabelIndex } from '../../../src/dataset/labelIndex';
import type { ImageLabels } from '../../../src/dataset/labels';
import { useFolders } from './support';

const folder = useFolders();

const voc = (name = 'cat') =>
  `<annotation><object><name>${name}</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></object></annotation>`;
const yolo = '0 0.5 0.5 0.5 0.5\n';
const coco = (...names: string[]) =>
  JSON.stringify({
    images: names.map((file_name, id) => ({ id, file_name })),
    annotations: names.map((_, id) => ({ id, image_id: id, category_id: 1, bbox: [1, 2, 3, 4] })),
    categories: [{ id: 1, name: 'cat' }],
  });

/** Labels of an image in a folder, with the files read relative to the folder. */
async function find(at: string, image: string, labels?: string, index?: LabelIndex) {
  const file = join(at, image);
  const found = await findLabels({ file, width: 100, height: 100 }, labels && join(at, labels), index);
  return found && summary(at, found);
}

function summary(at: string, found: ImageLabels) {
  return {
    format: found.format,
    files: found.files.map(file => file.slice(at.length + 1)),
    categories: found.labels.map(label => label.category),
    problems: found.problems.map(({ message }) => message.replaceAll(at, '')),
  };
}

describe('labels found around an image', () => {
  it.each([
    ['Pascal VOC', 'JPEGImages/x.jpg', 'Annotations/x.xml'],
    ['Pascal VOC in folders', 'JPEGImages/a/b/x.jpg', 'Annotations/a/b/x.xml'],
    ['a folder per split', 'train/x.jpg', 'Annotations/train/x.xml'],
    ['a flat folder', 'images/a/x.jpg', 'Annotations/x.xml'],
    ['lower case', 'images/x.jpg', 'annotations/x.xml'],
    ['Oxford Pets', 'images/x.jpg', 'annotations/xmls/x.xml'],
    ['beside the image', 'a/x.jpeg', 'a/x.xml'],
    ['in the image folder', 'a/x.jpg', 'a/Annotations/x.xml'],
  ])('Pascal VOC: %s', async (_name, image, file) => {
    const at = await folder({ [file]: voc(), 'Annotations/other.xml': voc('other') });
    expect(await find(at, image)).toEqual({ format: 'voc', files: [file], categories: ['cat'], problems: [] });
  });

  it.each([
    ['images and labels', 'images/x.jpg', 'labels/x.txt', 'data.yaml'],
    ['splits inside', 'images/train/x.jpg', 'labels/train/x.txt', 'dataset.yaml'],
    ['splits outside', 'train/images/x.jpg', 'train/labels/x.txt', 'data.yaml'],
    ['any YAML file with names', 'images/x.jpg', 'labels/x.txt', 'coco8.yml'],
    ['beside the image', 'obj/x.jpg', 'obj/x.txt', 'obj.names'],
    ['labels in the folder', 'a/x.jpg', 'a/labels/x.txt', 'a/classes.txt'],
    ['a sibling folder', 'a/x.jpg', 'labels/a/x.txt', 'labels/classes.txt'],
    ['labelImg', 'images/x.jpg', 'labels/x.txt', 'labels/classes.txt'],
  ])('YOLO: %s', async (_name, image, file, names) => {
    const at = await folder({
      [file]: yolo,
      [names]: names.includes('.y') ? 'names: [cat]' : 'cat\n',
      'compose.yaml': 'services: {}',
    });
    expect(await find(at, image)).toEqual({ format: 'yolo', files: [file, names], categories: ['cat'], problems: [] });
  });

  it.each([
    ['instances in annotations', 'train2017/x.jpg', 'annotations/instances_train2017.json', 'x.jpg'],
    ['Roboflow', 'train/x.jpg', 'train/_annotations.coco.json', 'x.jpg'],
    ['with folders', 'data/images/a/x.jpg', 'data/labels.json', 'images/a/x.jpg'],
    ['relative to the JSON file', 'images/x.jpg', 'annotations/all.json', '../images/x.jpg'],
  ])('COCO: %s', async (_name, image, file, listed) => {
    const at = await folder({ [file]: coco(listed), 'package.json': '{"name":"x"}', 'tsconfig.json': '{ // c\n}' });
    expect(await find(at, image)).toEqual({ format: 'coco', files: [file], categories: ['cat'], problems: [] });
  });

  it('finds nothing where nothing is', async () => {
    const at = await folder({
      'images/x.jpg': '',
      'images/x.txt': 'a caption of the image',
      'images/x.xml': '<metadata/>',
      'images/notes.json': '[1, 2]',
      'annotations/other.json': coco('y.jpg'),
    });
    expect(await find(at, 'images/x.jpg')).toBeUndefined();
  });

  it('tells an image without objects from one that is not listed', async () => {
    const at = await folder({
      'a/Annotations/x.xml': '<annotation/>',
      'b/labels/x.txt': '',
      'c/labels.json': JSON.stringify({ images: [{ id: 1, file_name: 'x.jpg' }], annotations: [], categories: [] }),
      'd/x.txt': '',
      'd/classes.txt': 'cat',
      'e/x.txt': '',
    });
    for (const image of ['a/images/x.jpg', 'b/images/x.jpg', 'c/x.jpg', 'd/x.jpg'])
      expect((await find(at, image))?.categories).toEqual([]);
    for (const image of ['a/images/y.jpg', 'b/images/y.jpg', 'c/y.jpg', 'd/y.jpg', 'e/x.jpg'])
      expect(await find(at, image)).toBeUndefined();
  });

  it('prefers Pascal VOC to YOLO to COCO', async () => {
    const files: Record<string, string> = {
      'images/x.xml': voc(),
      'labels/x.txt': yolo,
      'annotations/a.json': coco('x.jpg'),
    };
    const at = await folder(files);
    expect((await find(at, 'images/x.jpg'))?.format).toBe('voc');
    await rm(join(at, 'images/x.xml'));
    expect((await find(at, 'images/x.jpg'))?.format).toBe('yolo');
    await rm(join(at, 'labels/x.txt'));
    expect((await find(at, 'images/x.jpg'))?.format).toBe('coco');
  });

  it('prefers the COCO file for objects, named after the split, and says when another one lists the image', async () => {
    const at = await folder({
      'annotations/captions_val.json': coco('x.jpg'),
      'annotations/person_keypoints_val.json': coco('x.jpg'),
      'annotations/instances_train.json': coco('x.jpg'),
      'annotations/instances_val.json': coco('x.jpg'),
    });
    expect(await find(at, 'val2017/x.jpg')).toMatchObject({
      files: ['annotations/instances_val.json'],
      problems: [
        'instances_train.json lists the image too; name the one to use',
        'captions_val.json lists the image too; name the one to use',
        'person_keypoints_val.json lists the image too; name the one to use',
      ],
    });
    expect((await find(at, 'train2017/x.jpg'))?.files).toEqual(['annotations/instances_train.json']);
  });

  it('prefers a COCO file with the whole name to one where only the last part agrees', async () => {
    const at = await folder({ 'annotations/a.json': coco('train/x.jpg'), 'annotations/b.json': coco('val/x.jpg') });
    expect(await find(at, 'val/x.jpg')).toMatchObject({ files: ['annotations/b.json'], problems: [] });
    expect((await find(at, 'test/x.jpg'))?.problems[0]).toContain('only the last part');
  });

  it('passes over a malformed COCO file if another one lists the image, and reports it otherwise', async () => {
    const at = await folder({ 'a.json': '{"images":[{"id":1,"file_name":"x.jpg"}', 'b.json': coco('x.jpg') });
    const found = await find(at, 'x.jpg');
    expect(found?.files).toEqual(['b.json']);
    expect(found?.problems[0]).toContain('passed over: /a.json:1: is not valid JSON');
    await expect(find(at, 'y.jpg')).rejects.toThrow('is not valid JSON');
  });

  it('looks no further than the root of the workspace', async () => {
    const at = await folder({
      'Annotations/x.xml': voc(),
      'labels.json': coco('x.jpg'),
      'data.yaml': 'names: [outside]',
      'work/.git/HEAD': '',
      'work/images/x.jpg': '',
      'work/labels/y.txt': yolo,
    });
    expect(await find(at, 'work/images/x.jpg')).toBeUndefined();
    expect((await find(at, 'work/images/y.jpg'))?.categories).toEqual(['class 0']);
  });

  it('follows links to files, and to where the image really is', async () => {
    const at = await folder({
      'real/images/x.jpg': '',
      'real/labels/x.txt': yolo,
      'real/classes.txt': 'cat',
      'store/y.xml': voc(),
    });
    await mkdir(join(at, 'view/Annotations'), { recursive: true });
    await mkdir(join(at, 'view/images'));
    await symlink(join(at, 'real/images/x.jpg'), join(at, 'view/images/x.jpg'));
    await symlink(join(at, 'store/y.xml'), join(at, 'view/Annotations/y.xml'));
    await symlink(join(at, 'view'), join(at, 'view/loop'));
    await symlink(join(at, 'view/z.json'), join(at, 'view/z.json'));
    expect((await find(at, 'view/images/x.jpg'))?.files).toEqual(['real/labels/x.txt', 'real/classes.txt']);
    expect((await find(at, 'view/images/y.jpg'))?.files).toEqual(['view/Annotations/y.xml']);
    expect(await find(at, 'view/images/z.jpg')).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('does not wait for named pipes', async () => {
    const at = await folder({ 'images/x.jpg': '' });
    for (const name of ['x.xml', 'x.txt', 'x.json', 'data.yaml']) execFileSync('mkfifo', [join(at, 'images', name)]);
    expect(await find(at, 'images/x.jpg')).toBeUndefined();
    await expect(find(at, 'images/x.jpg', 'images/x.json')).rejects.toThrow('is no regular file');
    await expect(find(at, 'images/x.jpg', 'images/x.xml')).rejects.toThrow('is no regular file');
  });

  it('reads YOLO labels without a data.yaml that is broken, and says so', async () => {
    const at = await folder({ 'labels/x.txt': yolo, 'data.yaml': 'names: [', 'k8s.yaml': '{{ template }}' });
    const found = await find(at, 'images/x.jpg');
    expect(found?.categories).toEqual(['class 0']);
    expect(found?.problems).toHaveLength(2);
    expect(found?.problems[0]).toContain('class names were not read: /data.yaml: is no valid YAML');
  });

  it('reports the image’s own malformed file', async () => {
    const at = await folder({ 'Annotations/x.xml': '<annotation>\n<object>' });
    await expect(find(at, 'images/x.jpg')).rejects.toThrow('x.xml:2: is not well-formed XML');
  });
});

describe('labels that the user names', () => {
  it('reads any file, whatever its name', async () => {
    const at = await folder({ 'v.xml': voc('v'), 'y.txt': yolo, 'c.json': coco('x.jpg'), 'names/classes.txt': 'no' });
    expect((await find(at, 'x.jpg', 'v.xml'))?.categories).toEqual(['v']);
    expect((await find(at, 'x.jpg', 'y.txt'))?.categories).toEqual(['class 0']);
    expect((await find(at, 'x.jpg', 'c.json'))?.categories).toEqual(['cat']);
  });

  it('takes class names from the data.yaml named', async () => {
    const at = await folder({
      'images/x.jpg': '',
      'labels/x.txt': yolo,
      'data.yaml': 'names: [wrong]',
      'my.yaml': 'names: {0: right}',
    });
    expect(await find(at, 'images/x.jpg', 'my.yaml')).toEqual({
      format: 'yolo',
      files: ['labels/x.txt', 'my.yaml'],
      categories: ['right'],
      problems: [],
    });
  });

  it('takes an image without label file for one without objects, as Ultralytics does', async () => {
    const at = await folder({ 'images/y.jpg': '', 'labels/x.txt': yolo, 'data.yaml': 'names: [cat]' });
    const found = await find(at, 'images/y.jpg', 'data.yaml');
    expect(found).toMatchObject({ categories: [], files: ['data.yaml'] });
    expect(found?.problems[0]).toContain('labels/y.txt: the image counts as one without objects');
    await expect(find(at, 'other/y.jpg', 'data.yaml')).rejects.toThrow('has no labels for y.jpg');
  });

  it.each([
    ['Pascal VOC files', 'v', { 'v/x.xml': voc() }, 'v/x.xml'],
    ['Pascal VOC files in folders', 'v', { 'v/a/x.xml': voc(), 'v/x.xml': voc('no') }, 'v/a/x.xml'],
    ['a Pascal VOC data set', 'v', { 'v/Annotations/x.xml': voc() }, 'v/Annotations/x.xml'],
    ['YOLO files', 'y/labels', { 'y/labels/a/x.txt': yolo }, 'y/labels/a/x.txt'],
    ['a YOLO data set', 'y', { 'y/labels/x.txt': yolo }, 'y/labels/x.txt'],
    ['an empty YOLO file', 'labels', { 'labels/x.txt': '' }, 'labels/x.txt'],
    ['COCO files', 'c', { 'c/any.json': coco('a/x.jpg') }, 'c/any.json'],
    ['a COCO data set', 'c', { 'c/annotations/any.json': coco('x.jpg') }, 'c/annotations/any.json'],
    ['the image too', '.', { 'images/a/labels/x.txt': yolo }, 'images/a/labels/x.txt'],
  ])('searches a folder of %s', async (_name, named, files, expected) => {
    const at = await folder(files);
    expect((await find(at, 'images/a/x.jpg', named))?.files).toEqual([expected]);
  });

  it.each([
    ['missing.json', 'missing.json: no such file; check the path'],
    ['empty', 'has no labels for x.jpg: no Pascal VOC, YOLO or COCO file there names it'],
    ['x.csv', 'is no label file, expected a .json, .xml, .txt or .yaml file or a folder'],
    ['other.json', 'has no labels for x.jpg: none of its 1 images has that name'],
    ['x.xml', 'its root element is not <annotation>'],
    ['caption.txt', 'is no YOLO label file'],
    ['compose.yaml', 'has no `names`'],
    ['broken.yaml', 'is no valid YAML'],
  ])('refuses %s', async (named, message) => {
    const at = await folder({
      'empty/.keep': '',
      'x.csv': '',
      'other.json': coco('y.jpg'),
      'x.xml': '<svg/>',
      'caption.txt': 'a cat',
      'compose.yaml': 'services: {}',
      'broken.yaml': 'names: [',
    });
    await expect(find(at, 'x.jpg', named)).rejects.toMatchObject({ name: 'UserError' });
    await expect(find(at, 'x.jpg', named)).rejects.toThrow(message);
  });

  it('does not take labels of the folder around for those of the folder named', async () => {
    const at = await folder({
      'Annotations/x.xml': voc(),
      'labels/x.txt': yolo,
      'a.json': coco('x.jpg'),
      'n/.keep': '',
    });
    await expect(find(at, 'images/x.jpg', 'n')).rejects.toThrow('has no labels');
  });
});

describe('LabelIndex', () => {
  it('scans a COCO file once, and again when it changes', async () => {
    const at = await folder({ 'a.json': coco('x.jpg', 'y.jpg') });
    const index = new LabelIndex();
    await find(at, 'x.jpg', undefined, index);
    const first = await index.coco(join(at, 'a.json'), { sniff: true });
    await Promise.all([find(at, 'y.jpg', undefined, index), find(at, 'x.jpg', 'a.json', index)]);
    expect(await index.coco(join(at, 'a.json'), { sniff: false })).toBe(first);

    await writeFile(join(at, 'a.json'), coco('z.jpg'));
    expect(await find(at, 'x.jpg', undefined, index)).toBeUndefined();
    expect((await find(at, 'z.jpg', undefined, index))?.categories).toEqual(['cat']);
  });

  it('sees new files and new class names', async () => {
    const at = await folder({ 'images/x.jpg': '', 'labels/x.txt': yolo });
    const index = new LabelIndex();
    expect((await find(at, 'images/x.jpg', undefined, index))?.categories).toEqual(['class 0']);
    await writeFile(join(at, 'data.yaml'), 'names: [cat]');
    expect((await find(at, 'images/x.jpg', undefined, index))?.categories).toEqual(['cat']);
    await appendFile(join(at, 'labels/x.txt'), yolo);
    expect((await find(at, 'images/x.jpg', undefined, index))?.categories).toEqual(['cat', 'cat']);
    await writeFile(join(at, 'data.yaml'), 'names: [horse]');
    expect((await find(at, 'images/x.jpg', undefined, index))?.categories).toEqual(['horse', 'horse']);
  });
});

describe('file names', () => {
  it('tells images and labels by extension', () => {
    expect(['a.jpg', 'A.JPEG', '/x/y.z.png', 'c:\\a.tif'].every(isImageFile)).toBe(true);
    expect(['a.txt', 'jpg', '.jpg', '/jpg/.png', 'a.jpg.bak', 'a.', ''].some(isImageFile)).toBe(false);
    expect(['a.json', 'a.XML', 'data.yaml', 'x.txt'].every(isLabelFile)).toBe(true);
  });
});
