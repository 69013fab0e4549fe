import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { refusalOf } from './readAll';

const folder = await temporaryFolder();
const lfs = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 136137\n';

describe('files that are no checkpoints', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /the file is empty; copy or download/],
    ['a Git LFS pointer', lfs, /is a Git LFS pointer, not the checkpoint itself; .*git lfs pull/],
    [
      'a web page',
      '\n<!DOCTYPE html><html><body>Sign in</body></html>',
      /is a web page, not a checkpoint; the download failed/,
    ],
    ['JSON', '{"classes": ["a"]}', /is a text file, not a checkpoint: it begins with "\{/],
    ['text', 'epoch 1 loss 0.5 naïve', /is a text file, not a checkpoint: it begins with "epoch/],
    ['text with a brace in ninth place', 'settings{a: b}', /is a text file/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0), /is compressed with gzip; unpack it/],
    ['Keras', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /is an HDF5 file/],
    ['a bare pickle', Uint8Array.of(0x80, 4, 0x95, 1, 0, 0, 0), /is a bare Python pickle/],
    ['an old tar', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\0'), Buffer.alloc(249)]), /is a tar archive/],
    [
      'an image',
      Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),
      /neither .* begins with bytes 89 50 4e 47 0d 0a 1a 0a;/,
    ],
    ['zeros', Buffer.alloc(4096), /neither a torch checkpoint nor/],
    ['one byte', Uint8Array.of(0x50), /is a text file/],
    ['a zip signature alone', 'PK\x03\x04', /cut off or damaged: [^;]*[^.;]; copy or download it again$/],
  ])('%s', async (name, bytes, message) => {
    const file = join(folder, `${name}.pth`);
    await writeFile(file, bytes);
    const refusal = await refusalOf(file);
    expect(refusal).toMatch(message);
    expect(refusal.startsWith(`${file}: `)).toBe(true);
  });

  it('a folder, a missing file, a pipe', async () => {
    await mkdir(join(folder, 'folder.pth'));
    expect(await refusalOf(join(folder, 'folder.pth'))).toMatch(/is a folder|cannot be opened/);
    expect(await refusalOf(join(folder, 'absent.pth'))).toMatch(/absent\.pth: no such checkpoint file; check the path/);
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [join(folder, 'pipe.pth')]);
    expect(await refusalOf(join(folder, 'pipe.pth'))).toMatch(/is not a regular file/);
  });
});
