/** The check of a finished package lets a good one pass, and refuses bad ones by saying what to do about which file. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { zipBytes, type ZipEntry } from '../checkpoint/zipBytes';
import { temporaryFolder } from '../helpers/temporaryFolder';

interface Target {
  readonly name: string;
  readonly platform: { readonly os: string; readonly cpu: string };
  readonly megabytes: number;
}

interface CheckScript {
  readonly checkPackage: (
    file: string,
    target: Target,
  ) => Promise<{ readonly megabytes: number; readonly files: number }>;
}

const script = pathToFileURL(
  join(import.meta.dirname, '..', '..', '..', 'scripts', 'package', 'checkPackage.mjs'),
).href;
const target: Target = { name: 'linux-x64', platform: { os: 'linux', cpu: 'x64' }, megabytes: 1 };
const manifest = {
  main: './dist/extension.js',
  icon: 'media/icon.png',
  contributes: { walkthroughs: [{ steps: [{ media: { markdown: 'media/walkthrough/model.md' } }] }] },
};
const runtime = 'node_modules/onnxruntime-node/bin/napi-v6';
const sample = 'examples/harbour';

/** Paths in a package that lacks nothing, and what they hold where it matters. */
const good: Readonly<Record<string, string | Buffer>> = {
  'package.json': JSON.stringify(manifest),
  ...Object.fromEntries(
    [
      'package.nls.json',
      'readme.md',
      'changelog.md',
      'LICENSE.txt',
      'dist/extension.js',
      'dist/engine.js',
      'dist/inference.js',
      'dist/analysis.js',
      'dist/tensorflow.js',
      'dist/tfjs-backend-wasm-simd.wasm',
      'dist/node-sqlite3-wasm.wasm',
      ...['webview', 'mapping', 'overview', 'gallery'].flatMap(page => [`dist/${page}.js`, `dist/${page}.css`]),
      'media/icon.png',
      'media/icon.svg',
      'media/walkthrough/model.md',
      `${sample}/README.md`,
      `${sample}/model.json`,
      `${sample}/model.safetensors`,
      `${sample}/.vscode/settings.json`,
      `${sample}/images/quay.jpg`,
      'node_modules/onnxruntime-common/package.json',
      'node_modules/onnxruntime-node/package.json',
      `${runtime}/linux/x64/onnxruntime_binding.node`,
      `${runtime}/linux/x64/libonnxruntime.so.1`,
      'node_modules/sharp/package.json',
      'node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node',
      'node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8',
    ].map(name => [name, '{}']),
  ),
  [`${sample}/labels.json`]: JSON.stringify({ images: [{ file_name: 'quay.jpg' }] }),
};

let checkPackage: CheckScript['checkPackage'];
let folder: string;

beforeAll(async () => {
  ({ checkPackage } = (await import(script)) as CheckScript);
  folder = await temporaryFolder();
});

/** A .vsix with the good one's files but those left out, and others. */
async function vsix(name: string, changes: { without?: string; and?: Record<string, string | Buffer> } = {}) {
  const files = { ...good, ...changes.and };
  const entries: ZipEntry[] = [{ name: 'extension.vsixmanifest', data: Buffer.from('<PackageManifest/>') }];
  for (const [path, data] of Object.entries(files)) {
    if (path !== changes.without) entries.push({ name: `extension/${path}`, data: Buffer.from(data), deflate: true });
  }
  const file = join(folder, `${name}.vsix`);
  await writeFile(file, zipBytes(entries));
  return file;
}

/** What the check says, a line for each finding. */
async function findings(file: string): Promise<string[]> {
  const error: unknown = await checkPackage(file, target).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('The package was accepted.');
  const [first, ...lines] = error.message.split('\n');
  expect(first).toBe(`${file}:`);
  return lines.map(line => line.trim());
}

describe('the check of a package', () => {
  it('accepts a good one, and counts it', async () => {
    const { megabytes, files } = await checkPackage(await vsix('good'), target);
    expect(files).toBe(Object.keys(good).length);
    expect(megabytes).toBeGreaterThan(0.003);
    expect(megabytes).toBeLessThan(0.05);
  });

  it.each([
    'package.json',
    'dist/engine.js',
    'dist/gallery.css',
    `${sample}/.vscode/settings.json`,
    `${runtime}/linux/x64/onnxruntime_binding.node`,
    'node_modules/sharp/package.json',
  ])('refuses one without %s', async without => {
    const found = await findings(await vsix('missing', { without }));
    expect(found).toContain(`${without} is missing: let esbuild.mjs or npm make it and .vscodeignore keep it`);
  });

  it.each(['dist/extension.js', 'media/icon.png', 'media/walkthrough/model.md', `${sample}/images/quay.jpg`])(
    'refuses one without %s, which its manifest or its sample names',
    async without => {
      const remedy = `make the file, or take its name out of package.json or ${sample}/labels.json`;
      expect(await findings(await vsix('named', { without }))).toEqual([`${without} is named and missing: ${remedy}`]);
    },
  );

  it('refuses one whose README links to what is not in it', async () => {
    const and = { 'readme.md': 'See [the sample](examples/harbour/README.md), ![a picture](media/lens.webp).' };
    expect(await findings(await vsix('linked', { and }))).toEqual([
      'media/lens.webp is linked in the README and missing: pack the file, or let scripts/package/packedReadme.mjs take the link out',
    ]);
  });

  it.each([
    'dist/engine.js.map',
    'node_modules/semver/test/index.js',
    'node_modules/sharp/lib/index.d.ts',
    'test/unit/anchors.test.js',
    'src/extension/extension.ts',
    'media/lens.webp',
    `${sample}/labels.clean.json`,
    'notes.log',
    '.env',
  ])('refuses one with %s', async superfluous => {
    const found = await findings(await vsix('superfluous', { and: { [superfluous]: '' } }));
    expect(found).toEqual([
      `${superfluous} is superfluous: exclude it in .vscodeignore, or expect it in scripts/package/checkPackage.mjs`,
    ]);
  });

  it.each([
    `${runtime}/win32/x64/onnxruntime.dll`,
    `${runtime}/linux/arm64/onnxruntime_binding.node`,
    `${runtime}/linux/x64/libonnxruntime_providers_cuda.so`,
    'node_modules/@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node',
  ])('refuses one with %s', async foreign => {
    const found = await findings(await vsix('foreign', { and: { [foreign]: '' } }));
    expect(found).toEqual([
      `${foreign} is of another platform: exclude it in .vscodeignore, or name it in scripts/package/targets.mjs`,
    ]);
  });

  it('refuses one over its bound', async () => {
    const found = await findings(await vsix('large', { and: { 'dist/engine.js': randomBytes(1_200_000) } }));
    expect(found).toEqual([
      '1.2 MB, more than 1 MB: find what grew, or raise the bound in scripts/package/targets.mjs',
    ]);
  });

  it('tells all that is wrong at once', async () => {
    const changes = { without: 'dist/engine.js', and: { 'a.map': '', [`${runtime}/win32/x64/dxil.dll`]: '' } };
    expect(await findings(await vsix('several', changes))).toHaveLength(3);
  });
});

describe('the check of a broken archive', () => {
  const sound = 'remove it and run `npm run package` again';

  it('refuses a file that ends early', async () => {
    const whole = await vsix('whole');
    const bytes = await readFile(whole);
    const file = join(folder, 'short.vsix');
    await writeFile(file, bytes.subarray(0, bytes.length / 2));
    const refusal = await checkPackage(file, target).catch((error: Error) => error.message);
    expect(refusal).toMatch(/^.*short\.vsix: not a sound \.vsix \(.+\): /);
    expect(refusal).toContain(sound);
  });

  it('refuses one whose manifest is damaged, and names it', async () => {
    const file = await vsix('damaged', { and: { 'package.json': '{ "main": ' } });
    const refusal = await checkPackage(file, target).catch((error: Error) => error.message);
    expect(refusal).toMatch(/^.*damaged\.vsix: not a sound \.vsix \(package\.json: .+\): /);
    expect(refusal).toContain(sound);
  });
});
