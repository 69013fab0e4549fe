import { symlink } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoverDatasets, outermostDataset, type DiscoveryLimits } from '../../../src/dataset/discoverDatasets';
import { useFolders } from './support';

const folder = useFolders();
const coco = '{"images":[{"id":1,"file_name":"a.jpg"}],"annotations":[],"categories":[]}';
const yaml = 'train: images\nnames: [cat]\n';
const xml = '<?xml version="1.0"?><annotation></annotation>';

async function found(files: Record<string, string | Buffer>, limits: Partial<DiscoveryLimits> = {}) {
  const at = await folder(files);
  const { datasets, reached } = await discoverDatasets(at, { limits });
  return { names: datasets.map(({ format, path, depth }) => `${depth} ${format} ${relative(at, path)}`), reached };
}

describe('discoverDatasets', () => {
  it('finds several data sets of all formats, nearest first', async () => {
    expect(
      await found({
        'z/labels.json': coco,
        'coco/annotations/instances_val.json': coco,
        'coco/annotations/captions_val.json': coco,
        'coco/annotations/image_info_test.json': coco,
        'yolo/data.yaml': yaml,
        'voc/Annotations/a.xml': xml,
        'voc/Annotations/deep/b.xml': xml,
        'voc2/annotations/xmls/a.xml': xml,
        'export/train/a.xml': xml,
        'export/valid/b.xml': xml,
        'package.json': '{"name":"x"}',
        'tsconfig.json': '// comment\n{}',
        'compose.yaml': 'services: {}\n',
        'names.yaml': 'names: [a]\n',
        'pom.xml': '<project/>',
      }),
    ).toEqual({
      names: [
        '1 coco coco/annotations/instances_val.json',
        '1 voc voc',
        '1 voc voc2',
        '1 yolo yolo/data.yaml',
        '1 coco z/labels.json',
        '2 voc export/train',
        '2 voc export/valid',
      ],
      reached: [],
    });
  });

  it.each(['node_modules/x', '.git', '.cache/x', 'venv/lib', 'a/__pycache__'])('passes over %s', async name => {
    expect(await found({ [`${name}/labels.json`]: coco })).toEqual({ names: [], reached: [] });
  });

  const long = `"${'x'.repeat(1000)}"`;
  const entries = Array.from({ length: 1000 }, (_, i) => `{"id":${i},"file_name":"${i}.jpg","note":${long}}`).join(',');
  it.each([
    ['a large file, images first', `{"info":{},"images":[${entries}],"annotations":[]}`, true],
    ['with a byte order mark', `\ufeff${coco}`, true],
    ['annotations first', `{"annotations":[{"image_id":1,"bbox":[${' '.repeat(70_000)}`, false],
    [
      'annotations alone at the beginning',
      `{"annotations":[{"image_id":1,"bbox":[1,2,3,4]},${' '.repeat(70_000)}`,
      true,
    ],
    ['results', '[{"image_id":1,"bbox":[1,2,3,4],"score":1}]', false],
    ['empty lists', '{"images":[],"annotations":[]}', true],
    ['images that are none', '{"images":["a.png"],"annotations":[]}', false],
    ['images without names', '{"images":[{"url":"a.png"}],"annotations":[]}', false],
    ['captions', '{"images":[{"file_name":"a"}],"annotations":[{"image_id":1,"caption":"x"}]}', false],
    ['another object', '{"a":{"images":[]}}', false],
    ['a broken file', '{"images":[{"file_name" 3', false],
    ['binary', Buffer.from([0, 1, 2, 255]), false],
    ['nothing', '', false],
  ])('tells COCO by its keys: %s', async (_, text, expected) => {
    expect((await found({ 'x.json': text })).names).toEqual(expected ? ['0 coco x.json'] : []);
  });

  it('passes over malformed YAML and XML of another kind', async () => {
    expect(
      await found({
        'data.yaml': 'names: [\ntrain: x',
        'a.xml': '<project/>',
        'b.xml': xml.replace('annotation', 'a'),
      }),
    ).toEqual({ names: [], reached: [] });
  });

  it('does not follow links to folders, so that none makes it endless', async () => {
    const at = await folder({ 'a/labels.json': coco });
    await symlink(at, join(at, 'a', 'loop'));
    expect((await discoverDatasets(at)).datasets).toHaveLength(1);
  });

  it('says which limits it reached', async () => {
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`d${i}/x/labels.json`, coco]));
    expect((await found(files, { depth: 1 })).reached).toEqual(['depth']);
    expect((await found(files, { folders: 5 })).reached).toEqual(['folders']);
    expect(await found(files, { datasets: 3 })).toMatchObject({ names: { length: 3 }, reached: ['datasets'] });
    expect(await found(files, { candidates: 4 })).toMatchObject({ names: { length: 4 }, reached: ['candidates'] });
    expect((await found(files, { entries: 2 })).reached).toEqual(['entries']);
    expect((await found(files)).reached).toEqual([]);
  });

  it('can be cancelled', async () => {
    const at = await folder({ 'labels.json': coco });
    await expect(discoverDatasets(at, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'CancelledError',
    });
  });

  it('finds nothing in a folder that is not there', async () => {
    expect(await discoverDatasets('/nonexistent/x')).toEqual({ datasets: [], reached: [] });
  });
});

describe('the outermost data set', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['the only one', { 'a/b/labels.json': coco }, 'a/b/labels.json'],
    ['one that another lies below', { 'labels.json': coco, 'truth/labels.clean.json': coco }, 'labels.json'],
    [
      'one that all others lie below, of whatever format',
      { 'a/annotations/train.json': coco, 'a/old/data.yaml': yaml, 'a/old/voc/Annotations/a.xml': xml },
      'a/annotations/train.json',
    ],
    ['a folder of annotations', { 'Annotations/a.xml': xml, 'export/labels.json': coco }, ''],
    ['none of two in one folder', { 'train.json': coco, 'val.json': coco, 'old/val.json': coco }, undefined],
    ['none of a folder and its annotations', { 'labels.json': coco, 'annotations/val.json': coco }, undefined],
    ['none of two side by side', { 'demo/labels.json': coco, 'data/coco/labels.json': coco }, undefined],
    ['none where the names alone begin alike', { 'a/labels.json': coco, 'ab/c/labels.json': coco }, undefined],
    ['none of nothing', {}, undefined],
  ])('is %s', async (_, files, wanted) => {
    const at = await folder(files);
    const { datasets } = await discoverDatasets(at);
    const outermost = outermostDataset(datasets);
    expect(outermost && relative(at, outermost.path)).toBe(wanted);
  });

  it('is not asked for in the sample, which holds its true labels too', async () => {
    const { datasets } = await discoverDatasets(resolve('examples/harbour'));
    expect(datasets).toHaveLength(2);
    expect(outermostDataset(datasets)?.path).toBe(resolve('examples/harbour/labels.json'));
  });
});
