import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes cached images written more than `days` ago: the cache would otherwise only ever grow. */
export async function pruneDisplayCache(folder: string, days: number, now: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const file = join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (info?.isFile() && now - info.mtimeMs > days * 86_400_000) await rm(file, { force: true });
  }
}
