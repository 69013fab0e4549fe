/** ESLint's rule against cycles passes over imports of types alone; these count here as well. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { preProcessFile } from 'typescript';
import { expect, it } from 'vitest';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => join('src', file));
const known = new Set(files);

function importsOf(file: string): string[] {
  return preProcessFile(readFileSync(file, 'utf8'))
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .flatMap(({ fileName }) => {
      const path = normalize(join(dirname(file), fileName));
      return [`${path}.ts`, join(path, 'index.ts')].filter(candidate => known.has(candidate));
    });
}

/** Each file that is reached again from itself, with the way there. */
function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push([...path.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}

it('finds a cycle', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(findCycles(graph)).toEqual(['a -> b -> c -> a']);
});

it('no file imports itself by way of others, not even their types', () => {
  const graph = new Map(files.map(file => [file, importsOf(file)]));
  expect(graph.get(join('src', 'cli', 'main.ts'))).toContain(join('src', 'cli', 'commandLine.ts'));
  expect(findCycles(graph)).toEqual([]);
});
