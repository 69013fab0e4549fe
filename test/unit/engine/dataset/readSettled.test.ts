import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '../../../../src/common/errors';
import { readSettled } from '../../../../src/engine/dataset/readSettled';
import { temporaryFolder } from '../../helpers/temporaryFolder';

const folder = await temporaryFolder();
const file = join(folder, 'labels.xml');

/** A reader that finds its file malformed so many times; how often it was asked. */
function reader(failures: number, error: () => Error = () => new UserError('is cut off', { where: `${file}:12` })) {
  const reads = { count: 0 };
  const read = () => {
    reads.count++;
    return reads.count <= failures ? Promise.reject(error()) : Promise.resolve('labels');
  };
  return { reads, read };
}

async function written(secondsAgo: number): Promise<void> {
  await writeFile(file, '');
  const time = Date.now() / 1000 - secondsAgo;
  await utimes(file, time, time);
}

describe('reading labels', () => {
  it('happens once where all is well', async () => {
    const { reads, read } = reader(0);
    await expect(readSettled(read)).resolves.toBe('labels');
    expect(reads.count).toBe(1);
  });

  it('is tried again while the file has just been written', async () => {
    await written(0);
    const { reads, read } = reader(2);
    await expect(readSettled(read)).resolves.toBe('labels');
    expect(reads.count).toBe(3);
  });

  it('fails with what is wrong where the file stays malformed', async () => {
    await written(0);
    const { reads, read } = reader(99);
    await expect(readSettled(read)).rejects.toThrow('is cut off');
    expect(reads.count).toBe(3);
  });

  it.each([
    ['was written long ago', () => written(60), undefined],
    ['is not named', () => written(0), () => new UserError('is cut off')],
    ['is gone', () => written(0), () => new UserError('no such file', { where: join(folder, 'none.xml') })],
    ['is not to blame', () => written(0), () => new TypeError('a defect')],
  ])('fails at once where the file %s', async (_, prepare, error) => {
    await prepare();
    const { reads, read } = reader(1, error);
    await expect(readSettled(read)).rejects.toThrow();
    expect(reads.count).toBe(1);
  });

  it('is given up once it is cancelled', async () => {
    await written(0);
    const { reads, read } = reader(99);
    await expect(readSettled(read, AbortSignal.abort())).rejects.toThrow(CancelledError);
    expect(reads.count).toBe(1);
  });
});
