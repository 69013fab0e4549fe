import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Analyzer } from '../../../src/engine/analyzer';
import { defaultBands, type Analysis } from '../../../src/protocol/analysis';
import { temporaryFolder } from '../helpers/temporaryFolder';

const sample = join('examples', 'harbour');
const picture = join('images', 'harbour-05.jpg');
/** Planted: a label where there is none. */
const planted = '2835';

interface Labels {
  readonly annotations: readonly { readonly id: number }[];
}

const analyzer = new Analyzer();
afterAll(() => analyzer.dispose());

async function analysisWithout(folder: string, label: string | undefined): Promise<Analysis> {
  const text = await readFile(join(sample, 'labels.json'), 'utf8');
  const labels = JSON.parse(text) as Labels;
  const annotations = labels.annotations.filter(({ id }) => String(id) !== label);
  await mkdir(join(folder, 'images'), { recursive: true });
  await cp(join(sample, picture), join(folder, picture));
  await writeFile(join(folder, 'labels.json'), JSON.stringify({ ...labels, annotations }));
  const model = { checkpoint: join(sample, 'model.safetensors'), runtime: 'cpu' } as const;
  const request = { model, image: join(folder, picture), bands: defaultBands, maxPixels: 1e8 };
  return (await analyzer.analyzeImage(request)).analysis;
}

/** The figures are those of examples/harbour/README.md. */
it('loses what a planted label cost once that is removed', async () => {
  const folder = await temporaryFolder();
  const before = await analysisWithout(join(folder, 'before'), undefined);
  const suspected = before.issues.filter(({ labelId }) => labelId === planted);
  expect(suspected.map(({ kind }) => kind)).toEqual(['spurious']);
  expect(suspected[0].score).toBeGreaterThan(0.9);
  const after = await analysisWithout(join(folder, 'after'), planted);
  expect(after.issues.filter(({ labelId }) => labelId === planted)).toEqual([]);
  const figures = [before, after].map(({ loss }) => [loss.classification, loss.boxRegression, loss.foregroundCount]);
  const expected = [
    [0.5434, 0.2124, 127],
    [0.4287, 0.1988, 120],
  ];
  figures.flat().forEach((value, i) => {
    expect(value).toBeCloseTo(expected.flat()[i], 4);
  });
}, 120_000);
