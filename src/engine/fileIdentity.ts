import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Tells whether a file is still the one it was: path, modification time and size; a missing file is one more state. */
export async function fileIdentity(file: string): Promise<string> {
  const path = resolve(file);
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${path}\n${mtimeMs} ${size} ${ino}`;
  } catch {
    return `${path}\nabsent`;
  }
}
