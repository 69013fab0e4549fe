import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { useFolders } from '../dataset/support';
import { focalLens } from './inProcess';

const folder = useFolders();

const convert = (...argv: string[]) => focalLens(['convert', ...argv]);

async function yoloSet(): Promise<string> {
  const png = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#123' } })
    .png()
    .toBuffer();
  return folder({
    'data.yaml': 'train: images\nnames: [cat]\n',
    'images/a.png': png,
    'labels/a.txt': '0 0.5 0.5 0.25 0.5\n',
  });
}

describe('focal-lens convert', () => {
  it('writes a data set in another format', async () => {
    const at = await yoloSet();
    const result = await convert(at, '--to', 'voc', '--out', join(at, 'voc'));
    expect(result).toEqual({ status: 0, out: `1 images with 1 labels: ${join(at, 'voc')}\n`, err: '' });
    const xml = readFileSync(join(at, 'voc/Annotations/a.xml'), 'utf8');
    expect(xml).toContain('<width>40</width>');
    expect(/<xmin>.*<\/ymax>/s.exec(xml)?.[0].replace(/\s/g, '')).toBe(
      '<xmin>15</xmin><ymin>5</ymin><xmax>25</xmax><ymax>15</ymax>',
    );
    expect(existsSync(join(at, 'voc/JPEGImages/a.png'))).toBe(true);
  });

  it('prints one JSON document', async () => {
    const at = await yoloSet();
    const { out } = await convert(join(at, 'data.yaml'), '--to=coco', '-o', join(at, 'c'), '--images=none', '--json');
    expect(JSON.parse(out)).toMatchObject({ images: 1, labels: 1, missing: [], problems: [] });
    expect(existsSync(join(at, 'c/images'))).toBe(false);
  });

  it('refuses a folder that is not empty', async () => {
    const at = await yoloSet();
    const { status, err } = await convert(at, '--to', 'voc', '--out', join(at, 'labels'));
    expect({ status, err }).toEqual({
      status: 1,
      err: `focal-lens: ${join(at, 'labels')}: the folder is not empty; name a new one, or allow files in it to be replaced\n`,
    });
    expect((await convert(at, '--to', 'voc', '--out', join(at, 'labels'), '--overwrite')).status).toBe(0);
  });

  it.each([
    ['--to voc --out o', 'convert needs a PATH'],
    ['a b --to voc --out o', 'one PATH, found 2'],
    ['a --to voc', 'convert needs --out'],
    ['a --out o', '--to is "", expected one of coco, yolo, voc'],
    ['a --to voc --out o --images move', '--images is "move", expected one of link, copy, none'],
    ['a --to voc --out o --frob', '--frob'],
  ])('refuses "%s"', async (line, message) => {
    const { status, err } = await convert(...line.split(' '));
    expect(status).toBe(2);
    expect(err).toContain(message);
  });

  it('explains itself', async () => {
    expect(await convert('--help')).toMatchObject({ status: 0, out: expect.stringContaining('--to FORMAT') as string });
  });
});
