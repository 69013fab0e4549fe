import { writeFile } from 'node:fs/promises';
import { iou } from '../../src/common/boxes';
import { labelVerdicts, type Calibration, type LabelVerdict } from '../../src/analysis/issues/calibration';
import { labelFeatures, objectFeatures } from '../../src/analysis/issues/features';
import { ForwardCache } from './forwardCache';
import { fitLogistic } from './logisticRegression';
import type { LabelledSource } from './options';
import { cleanImages, plantedScenes, type PlantedScene } from './scenes';
import { errorKinds, type ErrorKind, type PlantedError } from './types';

const verdictOf: Readonly<Record<Exclude<ErrorKind, 'drop'>, LabelVerdict>> = {
  flip: 'wrongClass',
  shift: 'badBox',
  spawn: 'spurious',
  duplicate: 'duplicate',
};

const labelRidge = 3;
const missingRidge = 10;
/** As many rows as a source counts for. */
const perSource = 5000;
/** The many faint objects would decide the fit, while only the more probable ones are ever shown. */
const leastProbability = 0.15;

interface Sample {
  readonly features: number[];
  readonly outcome: number;
  readonly importance: number;
}

/**
 * Fits the calibration of the suspicions on errors planted in these data sets and writes
 * `src/analysis/issues/calibration.json`. The models must not have been trained on the images, and what is fitted here
 * must not be what is reported.
 */
export async function fitCalibration(sources: readonly LabelledSource[], seeds: readonly number[]): Promise<void> {
  const labels: Sample[] = [];
  const objects: Sample[] = [];
  for (const source of sources) {
    const ofSource = { labels: [] as Omit<Sample, 'importance'>[], objects: [] as Omit<Sample, 'importance'>[] };
    const cache = await ForwardCache.open(source.model);
    const images = await cleanImages(source, cache);
    const plantings = seeds.map(seed => ({ seed, kinds: errorKinds, rate: 0.2, imageShare: 1 }));
    await plantedScenes(images, cache, plantings, (_, planted) => {
      ofSource.labels.push(...labelSamples(planted));
      ofSource.objects.push(...objectSamples(planted));
    });
    await cache.dispose();
    // Every source weighs as much as the others, however many labels it has.
    const importance = perSource / ofSource.labels.length;
    labels.push(...ofSource.labels.map(sample => ({ ...sample, importance })));
    objects.push(...ofSource.objects.map(sample => ({ ...sample, importance })));
  }

  const verdicts = fit(labels, labelVerdicts.length, labelRidge);
  const [without, missing] = fit(objects, 2, missingRidge);
  const of = (verdict: LabelVerdict): number[] => rounded(verdicts[labelVerdicts.indexOf(verdict)]);
  const calibration: Calibration = {
    labels: {
      clean: of('clean'),
      spurious: of('spurious'),
      wrongClass: of('wrongClass'),
      badBox: of('badBox'),
      duplicate: of('duplicate'),
    },
    missing: rounded(missing.map((weight, i) => weight - without[i])),
  };
  await writeFile('src/analysis/issues/calibration.json', `${JSON.stringify(calibration, null, 2)}\n`);
  process.stdout.write(`${labels.length} labels, ${objects.length} objects without one\n`);
}

function labelSamples({ scene, errors }: PlantedScene): Omit<Sample, 'importance'>[] {
  return scene.evidence.labels.map(row => {
    const { id } = scene.labels.labels[row.label];
    const kind = errors.find(({ labelIds }) => labelIds.includes(id))?.kind ?? 'drop';
    const verdict = kind === 'drop' ? 'clean' : verdictOf[kind];
    return { features: labelFeatures(row, scene.evidence), outcome: labelVerdicts.indexOf(verdict) };
  });
}

/** Of several objects seen where one label was dropped, the most probable one is the true suspicion. */
function objectSamples({ scene, errors }: PlantedScene): Omit<Sample, 'importance'>[] {
  const { missing, objects } = scene.evidence;
  const likely = missing.filter(({ probability }) => probability >= leastProbability);
  const found = new Set<PlantedError>();
  return likely.map(row => {
    const [x1, y1, x2, y2] = objects.boxes.subarray(row.object * 4, row.object * 4 + 4);
    const dropped = errors.find(
      error => error.kind === 'drop' && !found.has(error) && iou(error.box, [x1, y1, x2, y2]) >= 0.5,
    );
    if (dropped !== undefined) found.add(dropped);
    return { features: objectFeatures(row, scene.evidence), outcome: dropped === undefined ? 0 : 1 };
  });
}

function fit(samples: readonly Sample[], outcomes: number, ridge: number): number[][] {
  return fitLogistic(
    samples.map(({ features }) => features),
    samples.map(({ outcome }) => outcome),
    outcomes,
    ridge,
    samples.map(({ importance }) => importance),
  );
}

function rounded(weights: readonly number[]): number[] {
  return weights.map(weight => Number(weight.toPrecision(5)));
}
