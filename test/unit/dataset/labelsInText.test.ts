import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageOfLabelFile } from '../../../src/dataset/imageOfLabelFile';
import { labelAt, labelsInText } from '../../../src/dataset/labelsInText';
import { useFolders } from './support';

const folder = useFolders();
const size = { width: 100, height: 50 };

describe('labelsInText', () => {
  it('reads YOLO as it is typed, with the class names on disk', async () => {
    const at = await folder({ 'data.yaml': 'names: [cat, dog]\n', 'labels/a.txt': '', 'images/a.png': '' });
    const image = { file: join(at, 'images/a.png'), ...size };
    const text = '1 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.\n';
    const found = await labelsInText(text, join(at, 'labels/a.txt'), image);
    expect(found?.labels.map(({ category, source }) => [category, source.start, source.end])).toEqual([['dog', 0, 17]]);
    expect(found?.problems).toMatchObject([{ line: 1 }]);
    expect(labelAt(found?.labels ?? [], 17)?.id).toBe('1');
    expect(labelAt(found?.labels ?? [], 18)).toBeUndefined();
  });

  it('reads Pascal VOC, and no other XML', async () => {
    const bounds = '<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox>';
    const text = `<annotation>\r\n<object><name>猫</name>${bounds}</object></annotation>`;
    const found = await labelsInText(text, '/d/a.xml', { file: '/d/a.png', ...size });
    expect(found?.labels).toMatchObject([
      { category: '猫', box: [1, 2, 3, 4], source: { line: 1, column: 0, start: 14 } },
    ]);
    expect(await labelsInText('<project/>', '/d/a.xml', { file: '/d/a.png', ...size })).toBeUndefined();
    await expect(labelsInText('<annotation>', '/d/a.xml', { file: '/d/a.png', ...size })).rejects.toThrow('/d/a.xml:1');
    const long = ' '.repeat(9_000_000);
    await expect(labelsInText(long, '/d/a.txt', { file: '/d/a.png', ...size })).rejects.toThrow('expected at most');
  });
});

describe('imageOfLabelFile', () => {
  it.each([
    ['labels/a.txt', 'images/a.jpg'],
    ['labels/val/deep/a.txt', 'images/val/deep/a.JPG'],
    ['train/labels/a.txt', 'train/images/a.png'],
    ['a.txt', 'a.png'],
    ['labels/a.txt', 'a.png'],
    ['Annotations/a.xml', 'JPEGImages/a.jpg'],
    ['Annotations/s/a.xml', 'JPEGImages/s/a.jpg'],
    ['annotations/xmls/a.xml', 'images/a.jpg'],
    ['set/a.xml', 'set/a.webp'],
    ['set/Annotations/a.xml', 'set/a.webp'],
  ])('of %s is %s', async (labels, image) => {
    const at = await folder({ [labels]: '', [image]: '', 'other/a.jpg': '', '.git/HEAD': '' });
    expect(relative(at, (await imageOfLabelFile(join(at, labels))) ?? '')).toBe(image);
  });

  it('is none where there is none, or where the file is not what would be found for it', async () => {
    const at = await folder({ 'labels/a.txt': '', 'images/b.jpg': '', 'labels/a.md': '', '.git/HEAD': '' });
    expect(await imageOfLabelFile(join(at, 'labels/a.txt'))).toBeUndefined();
    expect(await imageOfLabelFile('/nonexistent/labels/a.txt')).toBeUndefined();
  });
});
