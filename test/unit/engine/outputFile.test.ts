import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UserError } from '../../../src/common/errors';
import { checkOutputFile, writeOutputFile } from '../../../src/engine/outputFile';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();

it('replaces a file and leaves nothing else behind', async () => {
  const file = join(folder, 'whole', 'out.txt');
  await mkdir(join(folder, 'whole'));
  await writeFile(file, 'old');
  await checkOutputFile(file);
  await writeOutputFile(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
  expect(await readdir(join(folder, 'whole'))).toEqual(['out.txt']);
});

it('keeps what was there when writing fails', async () => {
  const place = join(folder, 'taken');
  await mkdir(join(place, 'out', 'inner'), { recursive: true });
  await expect(writeOutputFile(join(place, 'out'), 'new')).rejects.toBeInstanceOf(UserError);
  expect(await readdir(place)).toEqual(['out']);
});

it.each([
  ['missing/out.html', 'does not exist'],
  ['file.txt/out.html', 'does not exist'],
  ['folder', 'not a regular file'],
])('refuses %s before anything is done', async (name, message) => {
  await mkdir(join(folder, 'folder'), { recursive: true });
  await writeFile(join(folder, 'file.txt'), '');
  const file = join(folder, name);
  await expect(checkOutputFile(file)).rejects.toThrow(message);
  await expect(checkOutputFile(file)).rejects.toMatchObject({ name: 'UserError', where: file });
});

it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('refuses a read-only folder', async () => {
  const place = join(folder, 'readonly');
  await mkdir(place);
  await chmod(place, 0o500);
  await expect(checkOutputFile(join(place, 'out'))).rejects.toThrow('not writable');
});
