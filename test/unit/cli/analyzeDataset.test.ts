import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { progressText } from '../../../src/cli/analyzeDatasetCommand';
import { readStore } from '../../../src/engine/store/storeFile';
import { bundle, bundleEnvironment } from '../helpers/bundles';
import { seededRandom } from '../helpers/random';
import { storeDump } from '../helpers/storeDump';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { writeTinyDataset } from '../helpers/tinyDataset';
import { writeTinyModel } from '../helpers/tinyModel';
import { focalLens } from './inProcess';

const folder = await temporaryFolder();
const model = await writeTinyModel(folder);
const count = 4;
const dataset = await writeTinyDataset(join(folder, 'data'), count);
const store = join(folder, 'results.sqlite');
const base = ['analyze-dataset', dataset, '--model', model.checkpoint, '--runtime', 'cpu', '--store', store];

interface Issue {
  readonly kind: string;
  readonly score: number;
  readonly labelId: string | null;
  readonly source: { readonly file: string; readonly line: number } | null;
}

interface Document {
  readonly run: { readonly computed: number; readonly reused: number; readonly failed: number };
  readonly labels: readonly { readonly source: { readonly file: string; readonly line: number } }[];
  readonly issueCounts: Readonly<Record<string, number>>;
  readonly failures: readonly { readonly image: string; readonly error: string }[];
}

async function document(...argv: string[]): Promise<Document> {
  const { status, out, err } = await focalLens([...base, '--json', ...argv]);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as Document;
}

describe('analyze-dataset', () => {
  it('prints one document whose keys are documented', async () => {
    const printed = await document();
    expect(Object.keys(printed).join(' ')).toBe(
      'dataset model run anchors loss breakdown ptHistogram categories issueCounts labels issues hardestBackground failures notes',
    );
    expect(printed.run).toMatchObject({ store, state: 'done', images: count, computed: count });
    expect(await document('--resume')).toMatchObject({ run: { computed: 0, reused: count } });
    expect(await document()).toMatchObject({ run: { computed: count, reused: 0 } });
  });

  it('tells people where the loss sits, with places to go to', async () => {
    const { status, out, err } = await focalLens(base);
    expect([status, err]).toEqual([0, '']);
    const [worst] = (await document('--resume')).labels;
    expect(out).toContain(`${count} images, ${count * 3} labels`);
    expect(out).toMatch(/of the anchors are easy negatives/);
    expect(out).toMatch(/P3 .*P7 /s);
    expect(out).toMatch(/disc .*square |square .*disc /s);
    expect(out).toContain(`${worst.source.file.split('/').at(-1)}:${worst.source.line}`);
    // eslint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('stops at a limit and keeps what it had beyond', async () => {
    const few = join(folder, 'few.sqlite');
    const argv = base.map(argument => (argument === store ? few : argument));
    expect((await focalLens([...argv, '--limit', '2'])).out).toContain('2 images, 6 labels');
    expect((await focalLens([...argv, '--resume'])).out).toContain('2 images computed, 2 unchanged');
    expect((await focalLens([...argv, '--resume', '--limit', '1'])).out).toContain(`${count} images, 12 labels`);
  });

  it('lists images that fail, and fails where all do', async () => {
    const damaged = join(folder, 'damaged');
    await writeTinyDataset(damaged, 2);
    await writeFile(join(damaged, 'JPEGImages', 's001.png'), '');
    const argv = ['analyze-dataset', damaged, '--model', model.checkpoint, '--runtime', 'cpu'];
    const listed = await focalLens(argv);
    expect([listed.status, listed.err]).toEqual([0, '']);
    expect(listed.out).toMatch(/1 image failed:\n {2}\S*s001\.png: .*is empty/);
    await writeFile(join(damaged, 'JPEGImages', 's000.png'), '');
    const failed = await focalLens(argv);
    expect([failed.status, failed.out]).toEqual([1, '']);
    expect(failed.err).toMatch(/^focal-lens: .*none of 2 images could be analyzed; the first: .*empty.*\n$/);
  });

  it.each([
    ['a data set that is not there', ['no-such-folder'], /no-such-folder/],
    ['a folder without one', [folder], /several|data set|dataset/],
  ])('fails in one line for %s', async (_, [path], message) => {
    const { status, out, err } = await focalLens(['analyze-dataset', path, '--model', model.checkpoint]);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^focal-lens: [^\n]+\n$/);
    expect(err).toMatch(message);
  });

  it('does not write over a file that is no store', async () => {
    const precious = join(folder, 'precious.txt');
    await writeFile(precious, 'mine');
    const { status, err } = await focalLens([...base.slice(0, -1), precious]);
    expect(status).toBe(1);
    expect(err).toMatch(/precious\.txt: is not a Focal Lens store/);
  });
});

describe('issues', () => {
  beforeAll(() => focalLens(base));

  it('lists suspicions, the most likely first, by kind and up to a limit', async () => {
    const { issueCounts } = await document('--resume');
    const total = Object.values(issueCounts).reduce((sum, issues) => sum + issues, 0);
    const list = async (...argv: string[]) => {
      const { status, out, err } = await focalLens(['issues', store, '--json', ...argv]);
      expect([status, err]).toEqual([0, '']);
      return JSON.parse(out) as { total: number; issues: Issue[] };
    };
    const all = await list();
    expect([all.total, all.issues.length]).toEqual([total, total]);
    const scores = all.issues.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const [kind, issues] = Object.entries(issueCounts)[0] ?? ['missing', 0];
    const some = await list('--kind', kind);
    expect(some.issues).toHaveLength(issues);
    expect(some.issues.every(issue => issue.kind === kind)).toBe(true);
    expect((await list('--limit', '1')).issues).toEqual(all.issues.slice(0, 1));
    const { out } = await focalLens(['issues', store]);
    expect(out.split('\n')).toHaveLength(total + 2);
  });

  it('says, as the run does, that the model may have been trained on the data', async () => {
    const trained = join(folder, 'trained');
    await writeTinyDataset(trained, 2);
    const sets = join(trained, 'ImageSets', 'Main');
    await mkdir(sets, { recursive: true });
    await writeFile(join(sets, 'trainval.txt'), 's000\n');
    await writeFile(join(sets, 'test.txt'), 's001\n');
    const own = join(folder, 'trained.sqlite');
    const run = await focalLens(['analyze-dataset', trained, '--model', model.checkpoint, '--store', own]);
    const note = 'By its name, the split "trainval" (1 image) is for training';
    expect(run.out).toContain(note);
    expect((await focalLens(['issues', own])).out).toContain(note);
    const { out } = await focalLens(['issues', own, '--json']);
    expect((JSON.parse(out) as { notes: readonly string[] }).notes).toEqual([expect.stringContaining(note)]);
    expect((await focalLens(['issues', store])).out).not.toContain('Notes');
  });

  it('fails in one line without a store', async () => {
    const { status, err } = await focalLens(['issues', join(folder, 'none.sqlite')]);
    expect(status).toBe(1);
    expect(err).toMatch(/^focal-lens: .*none\.sqlite: there is no such store; run focal-lens analyze-dataset first\n$/);
  });
});

describe('progress', () => {
  const counts = { computed: 0, reused: 0, failed: 0, perSecond: 0, secondsLeft: undefined };
  it.each([
    [{ stage: 'images', done: 0, images: 60 }, {}, `[${'.'.repeat(24)}] 0/60 images`],
    [
      { stage: 'images', done: 30, images: 60 },
      { failed: 1, perSecond: 3.44, secondsLeft: 8.7 },
      `[${'#'.repeat(12)}${'.'.repeat(12)}] 30/60 images, 1 failed, 3.4 a second, 9 s left`,
    ],
    [
      { stage: 'images', done: 1, images: 60 },
      { perSecond: 0.01, secondsLeft: 5900 },
      `[${'.'.repeat(24)}] 1/60 images, 0.0 a second, 1 h 38 min left`,
    ],
  ] as const)('%j reads well', (place, measure, text) => {
    expect(progressText({ ...counts, ...place, ...measure })).toBe(text);
  });
});

describe('dist/cli.js', () => {
  const place = join(folder, 'bundle');
  const images = 20;
  const kills = 10;
  let cli = '';
  let many = '';
  // Takes some time an image, so that a kill finds one at work.
  let slow = '';
  beforeAll(async () => {
    await mkdir(place);
    cli = await bundle('cli', place);
    many = await writeTinyDataset(join(folder, 'many'), images);
    slow = (await writeTinyModel(folder, { name: 'slow', card: { minSize: 320, maxSize: 480 } })).checkpoint;
  }, 60_000);

  function start(file: string) {
    const argv = [cli, 'analyze-dataset', many, '--model', slow, '--runtime', 'cpu', '--store', file, '--resume'];
    return spawn(process.execPath, [...argv, '--json'], { env: { ...process.env, ...bundleEnvironment } });
  }

  /** None, too, where a run was killed before it had a store. */
  async function storedImages(file: string): Promise<number> {
    try {
      return await readStore(file, database => Number(database.get('SELECT count(*) AS n FROM images')?.n));
    } catch (error) {
      expect(String(error)).toContain('there is no such store');
      return 0;
    }
  }

  async function finish(child: ReturnType<typeof start>) {
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { status, signal, out, err };
  }

  it(
    `killed at ${kills} random moments or more and resumed, comes to what an undisturbed run does`,
    { timeout: 300_000 },
    async () => {
      const whole = join(place, 'whole.sqlite');
      const started = performance.now();
      const undisturbed = await finish(start(whole));
      const milliseconds = performance.now() - started;
      expect([undisturbed.status, undisturbed.err]).toEqual([0, '']);

      const broken = join(place, 'broken.sqlite');
      const random = seededRandom(5);
      let killed = 0;
      let within = 0;
      for (let attempt = 0; (killed < kills || within === 0) && attempt < 10 * kills; attempt++) {
        // Anew when all is done before enough kills are.
        const child = start(broken);
        const ended = finish(child);
        // From before the store is opened to its end; with less to do at each resumption, some come too late.
        const moment = Math.round(random() * milliseconds);
        await Promise.race([ended, new Promise(resolve => setTimeout(resolve, moment))]);
        child.kill('SIGKILL');
        if ((await ended).signal === 'SIGKILL') killed++;
        else await rm(broken);
        const done = await storedImages(broken);
        if (done > 0 && done < images) within++;
      }
      expect(killed).toBeGreaterThanOrEqual(kills);
      expect(within).toBeGreaterThan(0);

      const resumed = await finish(start(broken));
      expect([resumed.status, resumed.err]).toEqual([0, '']);
      expect(await storeDump(broken)).toEqual(await storeDump(whole));
      const check = await readStore(broken, database => database.get('PRAGMA integrity_check'));
      expect(check).toEqual({ integrity_check: 'ok' });
    },
  );

  it('interrupted, ends in order and says how to go on', { timeout: 60_000 }, async () => {
    const file = join(place, 'interrupted.sqlite');
    const child = start(file);
    const ended = finish(child);
    await expect.poll(() => existsSync(`${file}-wal`), { timeout: 30_000, interval: 20 }).toBe(true);
    child.kill('SIGINT');
    const { status, out, err } = await ended;
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^focal-lens: .*interrupted after \d+ of 20 images; what is stored stays: go on with --resume\n$/,
    );
    expect([existsSync(`${file}-wal`), existsSync(`${file}-writer`), existsSync(`${file}.lock`)]).toEqual([
      ...[false, false, false],
    ]);
    await copyFile(file, `${file}.copy`);
    expect(await storeDump(`${file}.copy`)).toHaveProperty('images');
  });
});
