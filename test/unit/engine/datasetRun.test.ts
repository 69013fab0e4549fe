import { writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as nodeTimers from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Analyzer } from '../../../src/engine/analyzer';
import { DatasetDesk } from '../../../src/engine/dataset/datasetDesk';
import { readStore } from '../../../src/engine/store/storeFile';
import { defaultBands } from '../../../src/protocol/analysis';
import type { AnalyzeDatasetRequest, DatasetProgress, PageCursor, StoredLabel } from '../../../src/protocol/dataset';
import { storeDump } from '../helpers/storeDump';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { tinyDatasetLabels, writeTinyDataset, writeTinyDatasetImage } from '../helpers/tinyDataset';
import { writeTinyModel } from '../helpers/tinyModel';

/** What happens instead of a pause, where a test says so. */
const pauses = vi.hoisted(() => {
  let instead: (() => Promise<void>) | undefined;
  return { take: (task: typeof instead) => void (instead = task), run: () => instead?.() };
});
vi.mock('node:timers/promises', async original => {
  const timers = await original<typeof nodeTimers>();
  const setTimeout: typeof timers.setTimeout = (delay, value, options) =>
    pauses.run()?.then(() => value as never) ?? timers.setTimeout(delay, value, options);
  return { ...timers, setTimeout };
});

const folder = await temporaryFolder();
const model = await writeTinyModel(folder);
const analyzer = new Analyzer({ threads: 1 });
const desk = new DatasetDesk(analyzer);
const count = 6;
afterAll(() => analyzer.dispose());

function request(dataset: string, overrides: Partial<AnalyzeDatasetRequest> = {}): AnalyzeDatasetRequest {
  return {
    model: { checkpoint: model.checkpoint, runtime: 'cpu' },
    dataset,
    resume: true,
    bands: defaultBands,
    maxPixels: 1e6,
    ...overrides,
  };
}

async function freshDataset(name: string): Promise<{ dataset: string; store: string }> {
  const dataset = await writeTinyDataset(join(folder, name), count);
  return { dataset, store: join(dataset, '.focal-lens', 'dataset.sqlite') };
}

describe('a run over a data set', () => {
  let dataset = '';
  let store = '';
  const progress: DatasetProgress[] = [];
  beforeAll(async () => {
    ({ dataset, store } = await freshDataset('plain'));
    const result = await desk.analyze(request(dataset), { onProgress: value => progress.push(value) });
    expect(result).toMatchObject({ store, state: 'done', images: count, computed: count, reused: 0, failed: 0 });
  }, 60_000);

  it('keeps its store out of version control', async () => {
    await expect(readFile(join(dataset, '.focal-lens', '.gitignore'), 'utf8')).resolves.toBe('*\n');
  });

  it('reports where it is', () => {
    expect(progress.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['dataset', 'model', 'images']));
    expect(progress.at(-1)).toMatchObject({ stage: 'images', done: count, images: count, computed: count });
  });

  it('stores what the analysis of each image says', async () => {
    const image = join(dataset, 'JPEGImages', 's002.png');
    const { analysis } = await analyzer.analyzeImage({
      ...{ model: request(dataset).model, image, bands: defaultBands, maxPixels: 1e6 },
      labels: join(dataset, 'Annotations', 's002.xml'),
    });
    const stored = await desk.query('storedImage', { store, image });
    // A run's losses come from a table.
    const closeTo = (loss: number) => expect.closeTo(loss, 6) as number;
    expect(stored?.image).toMatchObject({
      ...{ file: image, width: 160, height: 120, labels: analysis.labels.length, issues: analysis.issues.length },
      ...{ classification: closeTo(analysis.loss.classification), boxRegression: analysis.loss.boxRegression },
    });
    expect(stored?.labels).toEqual(
      analysis.labels.map(
        label =>
          expect.objectContaining({
            ...{ label: label.id, category: label.category, bbox: label.bbox, source: label.source, image },
            ...{ anchors: label.anchors, bestIou: label.bestIou, uncovered: label.uncovered, meanPt: label.meanPt },
            ...{ classification: closeTo(label.classification), boxRegression: label.boxRegression },
          }) as unknown,
      ),
    );
    expect(stored?.issues.map(({ kind, evidence }) => [kind, evidence]).sort()).toEqual(
      analysis.issues.map(({ kind, evidence }) => [kind, evidence]).sort(),
    );
  });

  it('has totals that are the sums of its rows', async () => {
    const overview = await desk.query('datasetOverview', { store });
    const sums = await readStore(store, database => {
      const rows = (sql: string) => database.all(sql);
      return {
        levels: rows('SELECT level, sum(focal) AS focal, sum(anchors) AS anchors FROM levels GROUP BY level'),
        bands: rows('SELECT band, sum(focal) AS focal, sum(anchors) AS anchors FROM bands GROUP BY band'),
        images: rows('SELECT count(*) AS n, sum(anchors) AS anchors, sum(labels) AS labels FROM images')[0],
        bins: rows("SELECT sum(b00) AS first, sum(b19) AS last FROM pt_histograms WHERE state = 'background'")[0],
        issues: rows('SELECT kind, count(*) AS issues FROM issues GROUP BY kind ORDER BY issues DESC, kind'),
      };
    });
    expect(overview).toMatchObject({ images: sums.images.n, anchors: sums.images.anchors, labels: sums.images.labels });
    for (const { level, focal, anchors } of sums.levels) {
      const total = overview.levels.find(entry => entry.level === level);
      expect(total?.anchors).toBe(anchors);
      expect(total?.focal).toBeCloseTo(Number(focal), 8);
    }
    for (const { band, focal, anchors } of sums.bands) {
      const total = overview.breakdown.find(entry => entry.group === band);
      expect(total?.anchors).toBe(anchors);
      expect(total?.focal).toBeCloseTo(Number(focal), 8);
    }
    expect(overview.breakdown.reduce((sum, row) => sum + row.focalShare, 0)).toBeCloseTo(1, 9);
    expect(overview.ptHistogram.background[0]).toBe(sums.bins.first);
    expect(overview.ptHistogram.background.at(-1)).toBe(sums.bins.last);
    const { foreground, background } = overview.ptHistogram;
    const ignored = overview.breakdown.find(row => row.group === 'ignored')?.anchors ?? 0;
    expect([...foreground, ...background].reduce((sum, bin) => sum + bin, ignored)).toBe(overview.anchors);
    expect(overview.issues).toEqual(sums.issues);
  });

  it('gives all labels page by page, by descending loss', async () => {
    const rows: StoredLabel[] = [];
    let after: PageCursor | undefined;
    do {
      const page = await desk.query('storedLabels', { store, limit: 4, ...(after === undefined ? {} : { after }) });
      rows.push(...page.rows);
      after = page.next;
    } while (after !== undefined);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(count * 3);
    expect(rows.map(({ loss }) => loss)).toEqual(rows.map(({ loss }) => loss).sort((a, b) => b - a));

    const [category] = (await desk.query('datasetOverview', { store })).categories;
    const ofCategory = await desk.query('storedLabels', { store, limit: 100, category: category?.id ?? -1 });
    expect(ofCategory.rows.map(({ id }) => id)).toEqual(
      rows.filter(row => row.category === category?.name).map(({ id }) => id),
    );
    const place = rows.findIndex(row => row.category === category?.name);
    const standing = await desk.query('labelStanding', { store, image: rows[2].image, label: rows[2].label });
    expect(standing).toMatchObject({ rank: 3, labels: count * 3, label: { id: rows[2].id } });
    const first = await desk.query('labelStanding', { store, image: rows[place].image, label: rows[place].label });
    expect(first).toMatchObject({ rank: place + 1, rankInCategory: 1, labelsOfCategory: count });
    expect(first?.categoryMedian).toBe(ofCategory.rows[Math.floor((count - 1) / 2)].loss);
  });

  it('finds background places away from labels, by descending focal loss', async () => {
    const { rows } = await desk.query('storedPlaces', { store, limit: 1000 });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ focal }) => focal)).toEqual(rows.map(({ focal }) => focal).sort((a, b) => b - a));
    for (const { bbox, pt } of rows) {
      expect(bbox[0] >= 0 && bbox[1] >= 0 && bbox[0] + bbox[2] <= 160.01 && bbox[1] + bbox[3] <= 120.01).toBe(true);
      expect(pt).toBeLessThan(1);
    }
  });

  it('computes nothing again that has not changed', async () => {
    const before = await storeDump(store);
    await expect(desk.analyze(request(dataset), {})).resolves.toMatchObject({ computed: 0, reused: count });
    expect(await storeDump(store)).toEqual(before);
  });

  it('computes everything again without resume, and comes to the same', async () => {
    const before = await storeDump(store);
    const result = await desk.analyze(request(dataset, { resume: false }), {});
    expect(result).toMatchObject({ computed: count, reused: 0 });
    expect(await storeDump(store)).toEqual(before);
  });

  it('computes everything again for other thresholds', async () => {
    const bands = { easy: 0.8, hard: 0.4 };
    await expect(desk.analyze(request(dataset, { bands }), {})).resolves.toMatchObject({ computed: count });
  });
});

describe('a data set that changes', () => {
  it('has the one image computed whose labels changed, and follows labels that only moved', async () => {
    const { dataset, store } = await freshDataset('changing');
    await desk.analyze(request(dataset), {});
    await writeTinyDatasetImage(dataset, 1, tinyDatasetLabels(1).slice(0, 2));
    const moved = join(dataset, 'Annotations', 's003.xml');
    await writeFile(moved, `<!-- checked -->\n${await readFile(moved, 'utf8')}`);
    const image = join(dataset, 'JPEGImages', 's003.png');
    const lines = async () => (await desk.query('storedImage', { store, image }))?.labels.map(row => row.source?.line);
    const before = await lines();
    await expect(desk.analyze(request(dataset), {})).resolves.toMatchObject({ computed: 1, reused: count - 1 });
    expect(await lines()).toEqual(before?.map(line => (line ?? NaN) + 1));
    expect(await desk.query('datasetOverview', { store })).toMatchObject({ labels: count * 3 - 1 });

    const anew = join(folder, 'anew.sqlite');
    await desk.analyze(request(dataset, { store: anew }), {});
    const losses = async (file: string) =>
      (await desk.query('storedLabels', { store: file, limit: 100 })).rows.map(row => row.loss);
    expect(await losses(store)).toEqual(await losses(anew));
  });

  it('loses images that are gone, and lists those that cannot be read', async () => {
    const { dataset, store } = await freshDataset('losing');
    await desk.analyze(request(dataset), {});
    await rm(join(dataset, 'JPEGImages', 's000.png'));
    await rm(join(dataset, 'Annotations', 's000.xml'));
    await writeFile(join(dataset, 'JPEGImages', 's001.png'), 'no picture');
    await writeFile(join(dataset, 'Annotations', 's002.xml'), '<annotation><object>');
    const boxless = '<annotation>\n<object><name>disc</name></object></annotation>';
    await writeFile(join(dataset, 'Annotations', 's003.xml'), boxless);
    const result = await desk.analyze(request(dataset), {});
    expect(result).toMatchObject({ state: 'done', computed: 0, reused: count - 4, failed: 3 });
    const { rows } = await desk.query('failedImages', { store, limit: 10 });
    expect(rows.map(({ file }) => file)).toEqual(
      ['s001', 's002', 's003'].map(name => join(dataset, 'JPEGImages', `${name}.png`)),
    );
    expect(rows[0].error).toMatch(/s001\.png: not an image/);
    expect(rows[1].error).toContain('s002.xml');
    expect(rows[2].error).toMatch(/s003\.xml:2: .*none of the image's entries can be read/);
    expect(rows.every(({ error }) => !error.includes(dataset))).toBe(true);
    expect(await desk.query('datasetOverview', { store })).toMatchObject({ images: count - 4, failed: 3, labels: 6 });
  });
});

describe('a label file that is written while a run reads it', () => {
  afterEach(() => pauses.take(undefined));

  /** Half a file when the images' turn comes; the rest, where `completed`, once the run waits for it. */
  async function runOver(name: string, completed: boolean) {
    const { dataset, store } = await freshDataset(name);
    const file = join(dataset, 'Annotations', 's001.xml');
    const whole = await readFile(file, 'utf8');
    // From then on reading takes no time.
    await desk.analyze(request(dataset), {});
    let halved = false;
    const onProgress = ({ stage }: DatasetProgress) => {
      if (stage !== 'images' || halved) return;
      halved = true;
      writeFileSync(file, whole.slice(0, whole.length / 2));
    };
    let waits = 0;
    pauses.take(async () => {
      waits++;
      if (completed) await writeFile(file, whole);
    });
    const result = await desk.analyze(request(dataset), { onProgress });
    expect(waits).toBe(completed ? 1 : 2);
    return { result, failures: (await desk.query('failedImages', { store, limit: 10 })).rows };
  }

  it('does not fail its image', async () => {
    const { result, failures } = await runOver('written', true);
    expect(failures).toEqual([]);
    expect(result).toMatchObject({ state: 'done', reused: count, failed: 0 });
  });

  it('fails its image where it stays as it is', async () => {
    const { result, failures } = await runOver('halved', false);
    expect(result).toMatchObject({ state: 'done', reused: count - 1, failed: 1 });
    expect(failures.map(({ error }) => error)).toEqual([expect.stringContaining('s001.xml')]);
  });
});

describe('a run that is cancelled', () => {
  it('leaves what it has done and goes on from there', async () => {
    const { dataset, store } = await freshDataset('cancelled');
    const whole = join(folder, 'whole.sqlite');
    await desk.analyze(request(dataset, { store: whole }), {});
    const abort = new AbortController();
    const onProgress = ({ done }: DatasetProgress) => {
      if (done >= 1) abort.abort();
    };
    const cut = await desk.analyze(request(dataset), { signal: abort.signal, onProgress });
    expect(cut.state).toBe('cancelled');
    expect(cut.computed).toBeGreaterThanOrEqual(1);
    expect(cut.computed).toBeLessThan(count);
    const { run, images } = await desk.query('datasetOverview', { store });
    expect([run?.state, images]).toEqual(['cancelled', cut.computed]);
    const rest = await desk.analyze(request(dataset), {});
    expect(rest).toMatchObject({ state: 'done', computed: count - cut.computed, reused: cut.computed });
    expect(await storeDump(store)).toEqual(await storeDump(whole));
  });
});

describe('a checkpoint that is replaced during a run', () => {
  async function runWhile(name: string, replace: (checkpoint: string) => Promise<void>) {
    const { dataset, store } = await freshDataset(name);
    const { checkpoint } = await writeTinyModel(folder, { name });
    const own = request(dataset, { model: { checkpoint, runtime: 'cpu' } });
    const written = await readFile(checkpoint);
    let replacing: Promise<void> | undefined;
    const onProgress = ({ done }: DatasetProgress) => {
      if (done >= 1) replacing ??= replace(checkpoint);
    };
    const failure: unknown = await desk.analyze(own, { onProgress }).catch((error: unknown) => error);
    await replacing;
    const { run, images, failed } = await desk.query('datasetOverview', { store });
    expect(run?.state).toBe('failed');
    expect(images).toBeLessThan(count);
    expect(failed).toBe(0);
    // What was stored by then goes with the model that was there.
    await writeFile(checkpoint, written);
    await expect(desk.analyze(own, {})).resolves.toMatchObject({ computed: count - images, reused: images });
    const whole = join(folder, `${name}.sqlite`);
    await desk.analyze({ ...own, store: whole }, {});
    expect(await storeDump(store)).toEqual(await storeDump(whole));
    return failure;
  }

  it('ends it, and mixes no results', async () => {
    const failure = await runWhile('replaced', async checkpoint => {
      const { checkpoint: other } = await writeTinyModel(folder, {
        name: 'other',
        change: tensors => tensors.delete('backbone.body.bn1.num_batches_tracked'),
      });
      await writeFile(checkpoint, await readFile(other));
    });
    expect(String(failure)).toMatch(/replaced\.safetensors: the model changed during the run; run again/);
  });

  it('ends it where only half of the file is there', async () => {
    const failure = await runWhile('half', async checkpoint => {
      const whole = await readFile(checkpoint);
      await writeFile(checkpoint, whole.subarray(0, whole.length / 2));
    });
    expect(String(failure)).toMatch(/half\.safetensors: the model changed during the run \(.+\); run again/);
  });
});

describe('while a run goes on', () => {
  it('its store answers', async () => {
    const { dataset, store } = await freshDataset('busy');
    const seen: Promise<number>[] = [];
    await desk.analyze(request(dataset), {
      onProgress: ({ done }) => {
        if (done === 1) seen.push(desk.query('datasetOverview', { store }).then(({ images }) => images));
      },
    });
    expect((await Promise.all(seen))[0]).toBeGreaterThanOrEqual(1);
  });
});
