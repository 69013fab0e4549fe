import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/common/errors';
import { searchDatasets } from '../../../src/extension/explorer/datasetSearch';
import { temporaryFolder } from '../helpers/temporaryFolder';

const coco = '{"images":[{"id":1,"file_name":"a.jpg"}],"annotations":[],"categories":[]}';

async function folderWith(...datasets: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const dataset of datasets) {
    await mkdir(join(folder, dataset, '..'), { recursive: true });
    await writeFile(join(folder, dataset), coco);
  }
  return folder;
}

describe('the search for data sets of a workspace', () => {
  it('finds those of all its folders, and which one to take without asking', async () => {
    const one = await folderWith('labels.json', 'subset/labels.json');
    const found = await searchDatasets([one, await folderWith()]);
    expect(found.datasets).toHaveLength(2);
    expect(found.outermost?.path).toBe(join(one, 'labels.json'));
    expect(found.reached).toEqual([]);
    const several = await searchDatasets([one, await folderWith('x/labels.json')]);
    expect([several.datasets.length, several.outermost]).toEqual([3, undefined]);
  });

  it('says where it ended before everything was seen', async () => {
    const deep = await folderWith(join('1', '2', '3', '4', '5', '6', '7', 'labels.json'));
    expect(await searchDatasets([deep, deep])).toEqual({ datasets: [], reached: ['depth'], outermost: undefined });
  });

  it('ends with the window', async () => {
    const folder = await folderWith('labels.json');
    await expect(searchDatasets([folder], AbortSignal.abort())).rejects.toThrow(CancelledError);
  });
});
