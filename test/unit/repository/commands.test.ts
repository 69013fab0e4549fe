/** What the texts tell people to type is what there is, and what is tested. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const texts = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map(name => join('docs', name))];

describe.each(texts)('%s', name => {
  const text = read(name);

  it('names only npm scripts that there are', () => {
    const named = [...text.matchAll(/\bnpm (?:run (?:--?\w+ )*([\w:]+)|(start|test)\b)/g)].map(
      ([, script, short]) => script ?? short,
    );
    expect(named.filter(script => !(script in scripts))).toEqual([]);
  });

  it('names only files of the repository', () => {
    const paths = [...text.matchAll(/`(?:node )?((?:scripts|test|bench|src|docs|media)\/[\w./-]*)/g)].map(
      ([, path]) => path,
    );
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path]) => join(name, '..', path));
    expect([...paths, ...links].filter(path => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('the README', () => {
  const commands = [...read('README.md').matchAll(/^ {4}(npm .+)$/gm)].map(([, command]) => command);

  it('names the two commands', () => {
    expect(commands.some(command => command.startsWith('npm start'))).toBe(true);
    expect(commands).toContain('npm test');
  });

  it('names those that continuous integration runs', () => {
    const run = read('.ci/run').split('\n');
    expect(run).toContain('npm test');
    expect(scripts.test).toBe('node scripts/test.mjs');
    expect(scripts.start).toBe('node scripts/start.mjs');
    expect(read('scripts/test.mjs')).toContain("'npm', ['start']");
  });
});
