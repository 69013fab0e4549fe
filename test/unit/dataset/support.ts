import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { seededRandom } from '../helpers/random';

/** Writes files into new temporary folders that are removed after each test. */
export function useFolders() {
  const folders: string[] = [];
  afterEach(async () => {
    await Promise.all(folders.splice(0).map(folder => rm(folder, { recursive: true, force: true })));
  });
  return async (files: Record<string, string | Buffer> = {}): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'focal-lens-labels-'));
    folders.push(folder);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  };
}

/** Repeatable choices. */
export class Random {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Uniform, rounded to `digits` decimals. */
  number(low: number, high: number, digits = 2): number {
    return Number((low + (high - low) * this.next()).toFixed(digits));
  }

  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(values.length)];
  }
}

/** The text of a file as an editor holds it. */
export function editorText(bytes: Buffer): string {
  return new TextDecoder().decode(bytes);
}

/** Line and column of an offset, counted the slow way. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, column: lines[lines.length - 1].length };
}
