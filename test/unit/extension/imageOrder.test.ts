import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImageList, ImageOrder } from '../../../src/extension/imageOrder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-lens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the order of images', () => {
  const images = ['left/b.png', 'right/a.png', 'left/a.png'];

  /** A COCO file whose images lie in two folders, beside others that it does not name. */
  async function writeCoco(): Promise<string> {
    for (const name of ['left', 'right']) await mkdir(join(folder, name), { recursive: true });
    for (const name of [...images, 'left/0.png', 'right/z.png']) await writeFile(join(folder, name), '');
    const coco = {
      images: images.map((file_name, i) => ({ id: i + 1, file_name, width: 4, height: 4 })),
      categories: [{ id: 1, name: 'disc' }],
      annotations: [],
    };
    const file = join(folder, 'labels.json');
    await writeFile(file, JSON.stringify(coco));
    return file;
  }

  it('is the data set’s for its images, over several folders, and the folder’s for others', async () => {
    const path = await writeCoco();
    const order = new ImageOrder(() => ({ path, format: 'coco' }));
    const [first, second, third] = images.map(name => join(folder, name));
    const list = await order.around(first);
    expect([list.neighbor(first, -1), list.neighbor(first, 1), list.neighbor(second, 1)]).toEqual([
      undefined,
      second,
      third,
    ]);
    expect(list.neighbor(third, 1)).toBeUndefined();
    expect(await order.placeOf(third)).toEqual({ index: 2, count: 3 });
    const other = join(folder, 'left', '0.png');
    expect((await order.around(other)).neighbor(other, 1)).toBe(third);
    expect(await order.placeOf(other)).toEqual({ index: 0, count: 3 });
    expect(await order.placeOf(join(folder, 'gone', 'x.png'))).toBeUndefined();
  });

  it('is the folder’s without a data set, or with one that cannot be read', async () => {
    await writeCoco();
    const image = join(folder, 'left', 'b.png');
    for (const current of [undefined, { path: join(folder, 'missing.json'), format: 'coco' as const }]) {
      expect(await new ImageOrder(() => current).placeOf(image)).toEqual({ index: 2, count: 3 });
    }
  });

  it('lists a data set once, and again after a while, behind what goes on', async () => {
    let now = 0;
    let opened = 0;
    let current = { path: '/a.json', format: 'coco' as const };
    const files = ['/x/1.png', '/y/2.png'];
    const open = () => {
      opened++;
      const own = [...files];
      return Promise.resolve({
        async *images() {
          for (const [ordinal, file] of own.entries()) {
            yield await Promise.resolve({ file, name: file, split: undefined, width: 1, height: 1, ordinal });
          }
        },
      });
    };
    const order = new ImageOrder(
      () => current,
      open,
      () => now,
    );
    const places = async () => (await order.around('/x/1.png')).placeOf('/x/1.png')?.count;
    expect([await places(), await places(), await places()]).toEqual([2, 2, 2]);
    expect(opened).toBe(1);
    files.push('/y/3.png');
    now = 31_000;
    expect(await places()).toBe(2);
    await expect.poll(places).toBe(3);
    expect(opened).toBe(2);
    current = { path: '/b.json', format: 'coco' };
    await places();
    expect(opened).toBe(3);
  });

  it('lets other events have their turn in a large data set', async () => {
    const count = 118_287;
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const list = await ImageList.of({
      // eslint-disable-next-line @typescript-eslint/require-await -- as fast as can be
      async *images() {
        for (let ordinal = 0; ordinal < count; ordinal++) {
          yield { file: `/d/${ordinal}.jpg`, name: '', split: undefined, width: 1, height: 1, ordinal };
        }
      },
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
    expect(list.placeOf('/d/118286.jpg')).toEqual({ index: count - 1, count });
  });
});
