import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporaryFolder';
import { focalLens } from './inProcess';

interface Ranked {
  readonly kind: string;
  /** From 1; undefined for errors that nothing in the list names. */
  readonly rank: number | undefined;
}

interface PlantedErrorsScript {
  readonly rankPlantedErrors: (errors: readonly unknown[], issues: readonly unknown[]) => readonly Ranked[];
}

const sample = join('examples', 'harbour');
/** A third of the sample: the rest takes longer and says the same. */
const pictures = 20;
let ranked: readonly Ranked[] = [];
let listed = 0;

/** Share of the planted errors of a kind, or of all, among as many suspicions as errors were planted. */
function found(kind?: string): number {
  const errors = ranked.filter(error => kind === undefined || error.kind === kind);
  return errors.filter(({ rank = Infinity }) => rank <= ranked.length).length / errors.length;
}

async function readJson<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(join(sample, name), 'utf8')) as T;
}

/** The first pictures and their labels. */
async function writePart(folder: string): Promise<void> {
  const { images, annotations, ...rest } = await readJson<{
    readonly images: readonly { readonly id: number; readonly file_name: string }[];
    readonly annotations: readonly { readonly image_id: number }[];
  }>('labels.json');
  const part = images.filter(({ id }) => id <= pictures);
  for (const { file_name } of part) {
    await cp(join(sample, 'images', file_name), join(folder, 'images', file_name));
  }
  const labels = { ...rest, images: part, annotations: annotations.filter(({ image_id }) => image_id <= pictures) };
  await writeFile(join(folder, 'labels.json'), JSON.stringify(labels));
}

describe('the suspicions about the sample', () => {
  beforeAll(async () => {
    const folder = await temporaryFolder();
    const store = join(folder, 'harbour.sqlite');
    await writePart(folder);
    const options = ['--model', join(sample, 'model.safetensors'), '--runtime', 'cpu', '--store', store];
    const analyzed = await focalLens(['analyze-dataset', join(folder, 'labels.json'), ...options]);
    expect([analyzed.status, analyzed.err]).toEqual([0, '']);
    const { out } = await focalLens(['issues', store, '--json']);
    const { issues } = JSON.parse(out) as { readonly issues: readonly unknown[] };
    const { errors } = await readJson<{ readonly errors: readonly { readonly image_id: number }[] }>('planted.json');
    const script = pathToFileURL(resolve('scripts', 'sample', 'plantedErrors.mjs')).href;
    const { rankPlantedErrors } = (await import(script)) as PlantedErrorsScript;
    ranked = rankPlantedErrors(
      errors.filter(({ image_id }) => image_id <= pictures),
      issues,
    );
    listed = issues.length;
  }, 300_000);

  it('hold four of five planted errors among the first N', () => {
    expect(ranked.length).toBeGreaterThan(100);
    expect(found()).toBeGreaterThan(0.8);
  });

  it('hold errors of every kind, the certain ones all', () => {
    const floors = { spurious: 0.9, wrongClass: 0.9, duplicate: 0.95, degenerate: 1, missing: 0.55, badBox: 0.5 };
    for (const [kind, floor] of Object.entries(floors)) {
      expect(found(kind), kind).toBeGreaterThanOrEqual(floor);
    }
  });

  it('do not drown them', () => {
    const hits = ranked.filter(({ rank }) => rank !== undefined).length;
    expect(hits / listed).toBeGreaterThan(0.7);
  });
});
