/** What the texts tell people to type is what there is, and what is tested. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchHelp } from '../../../src/cli/benchCommand';
import { convertHelp } from '../../../src/cli/convertCommand';
import { helpText } from '../../../src/cli/help';

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

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
    readonly configuration: { readonly properties: object };
  };
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const names = JSON.parse(read('package.nls.json')) as Record<string, string>;

/** Options that a help names, as `--model`, sorted. */
const optionsIn = (text: string) => [...new Set([...text.matchAll(/--[a-z-]+/g)].map(([option]) => option))].sort();

/** What a section of the help says, from its heading to the blank line. */
function sections(...headings: string[]): string {
  return headings
    .map(heading => /[^]*?(?=\n\n|$)/.exec(helpText.slice(helpText.indexOf(`\n${heading}`) + 1))?.[0])
    .join('\n');
}

describe('the README', () => {
  const readme = read('README.md');

  it('has every command of the palette in its table', () => {
    const { commands, menus } = manifest.contributes;
    const hidden = menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    const titles = commands
      .filter(({ command }) => !hidden.includes(command))
      .map(({ title }) => names[title.replaceAll('%', '')] ?? title);
    const [, table = ''] = readme.split('\n## Commands\n');
    const rows = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
      cell.split(', '),
    );
    expect(titles.length).toBeGreaterThan(15);
    expect(titles.filter(title => !rows.includes(title))).toEqual([]);
    expect(rows.filter(row => !titles.includes(row) && !['command', '---'].includes(row))).toEqual([]);
  });

  it('has every setting in its table', () => {
    const [, table = ''] = readme.split('\n## Settings\n');
    const rows = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) => {
      const keys = cell.split(', ').map(key => key.replaceAll('`', ''));
      // Such as `focalLens.labelFiles.problems`, `.minimumScore`.
      const parent = keys[0]?.slice(0, keys[0].lastIndexOf('.'));
      return keys.map(key => (key.startsWith('.') ? `${parent}${key}` : key));
    });
    expect(rows.sort()).toEqual(Object.keys(manifest.contributes.configuration.properties).sort());
  });

  it.each([
    ['analyze', sections('analyze and analyze-dataset:', 'analyze:')],
    ['analyze-dataset', sections('analyze and analyze-dataset:', 'analyze-dataset, of')],
    ['issues', sections('issues, suspicions')],
    ['convert', convertHelp],
    ['bench', benchHelp],
  ])('gives the options of %s as its help does', (command, help) => {
    const synopsis = new RegExp(`^    focal-lens ${command} .*(?:\\n {8}.*)*`, 'm').exec(readme)?.[0] ?? '';
    expect(optionsIn(help).length).toBeGreaterThan(2);
    expect(optionsIn(synopsis)).toEqual(optionsIn(help));
  });

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
