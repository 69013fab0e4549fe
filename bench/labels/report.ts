import { performance } from 'node:perf_hooks';
import { defaultMinScore } from '../../src/analysis/issues/suspicions';
import { imageLevel, ofKind, overall, shown, type ImageResult, type ShownMetrics } from './evaluate';
import { detectorScore } from './baselines/detectorScore';
import { fiftyOne } from './baselines/fiftyOne';
import { objectLab } from './baselines/objectLab';
import { properLabels } from './baselines/sceneParts';
import { totalLoss } from './baselines/totalLoss';
import { focalLens } from './focalLens';
import { ForwardCache } from './forwardCache';
import type { LabelledSource } from './options';
import { plantings, publishedKinds } from './plantings';
import { reliabilityTable } from './reliability';
import { cleanImages, plantedScenes } from './scenes';
import { markdownTable, meanAndSpread } from './table';
import { errorKinds, type Method, type PlantedError, type Scene } from './types';

const methods: readonly Method[] = [focalLens, totalLoss, detectorScore, fiftyOne, objectLab(false), objectLab(true)];

/** Runs every method on the same forward passes and planted errors, and prints what each found. */
export async function reportSource(source: LabelledSource, seeds: readonly number[]): Promise<string> {
  const cache = await ForwardCache.open(source.model);
  const started = performance.now();
  const images = await cleanImages(source, cache);
  const labels = images.reduce((sum, image) => sum + image.labels.labels.length, 0);
  // By planting (three a seed), by method.
  const options = seeds.flatMap(plantings);
  const results = options.map(() => methods.map((): ImageResult[] => []));
  await plantedScenes(images, cache, options, (planting, { scene, errors }) => {
    methods.forEach((method, m) => results[planting][m].push(resultOf(method, scene, errors)));
  });
  await cache.dispose();

  const planted = results[0][0].reduce((sum, { errors }) => sum + errors.length, 0);
  const ours = seedsOf(results, seeds.length, 1, methods.indexOf(focalLens));
  const seconds = (performance.now() - started) / 1000;
  return [
    `## ${source.name}`,
    '',
    `${images.length} images, ${labels} labels, ${planted} errors planted, ${seeds.length} seeds: mean ± standard deviation; ${seconds.toFixed(0)} s.`,
    '',
    'One ranked list of labels and unlabelled objects:',
    '',
    boxTable(results, seeds.length),
    '',
    shownSentence(ours),
    '',
    'Its suspicions by score, over all seeds:',
    '',
    reliabilityTable(ours.flat(), defaultMinScore),
    '',
    'By kind, average precision / AUROC:',
    '',
    kindTable(results, seeds.length),
    '',
  ].join('\n');
}

function resultOf(method: Method, scene: Scene, errors: readonly PlantedError[]): ImageResult {
  const suspicions = method.suspicions(scene);
  const byKind = errorKinds.map(kind => [kind, method.ofKind?.(scene, kind) ?? suspicions] as const);
  return {
    suspicions,
    ofKind: method.ofKind === undefined ? {} : Object.fromEntries(byKind),
    errors,
    labelIds: properLabels(scene).map(({ id }) => id),
    imageScore: method.imageScore?.(scene) ?? Math.max(0, ...suspicions.map(({ score }) => score)),
  };
}

/** Results of one of the three plantings, seed by seed, of one method. */
function seedsOf(results: ImageResult[][][], seeds: number, planting: number, method: number): ImageResult[][] {
  return Array.from({ length: seeds }, (_, seed) => results[(seed * results.length) / seeds + planting][method]);
}

/** What the product shows of its list, its lower bound on scores applied. */
function shownSentence(seeds: readonly ImageResult[][]): string {
  const all = seeds.map(images => shown(images, defaultMinScore));
  const mean = (key: keyof ShownMetrics): number => all.reduce((sum, part) => sum + part[key], 0) / all.length;
  const percent = (key: 'precision' | 'recall' | 'kindRight'): string => `${Math.round(100 * mean(key))} %`;
  return (
    `${focalLens.name} shows what scores ${defaultMinScore} or more: ${percent('precision')} of it hits a planted error ` +
    `(duplicates among them), ${percent('recall')} of these are hit, ${percent('kindRight')} of the hits name the right kind. ` +
    `Of the entries, ${mean('certain').toFixed(1)} a planting are there for want of an anchor, ${mean('certainHits').toFixed(1)} of them wrong labels.`
  );
}

function boxTable(results: ImageResult[][][], seeds: number): string {
  const head = ['method', 'AP', 'recall at N', 'max F1', 'AP with duplicates', 'image AP', 'image AUROC'];
  const rows = methods.map(({ name }, m) => {
    const boxes = seedsOf(results, seeds, 0, m).map(images => overall(images, publishedKinds));
    const withDuplicates = seedsOf(results, seeds, 1, m).map(images => overall(images, errorKinds));
    const whole = seedsOf(results, seeds, 2, m).map(imageLevel);
    return [
      name,
      meanAndSpread(boxes.map(({ averagePrecision }) => averagePrecision)),
      meanAndSpread(boxes.map(({ recallAtN }) => recallAtN)),
      meanAndSpread(boxes.map(({ maxF1 }) => maxF1)),
      meanAndSpread(withDuplicates.map(({ averagePrecision }) => averagePrecision)),
      meanAndSpread(whole.map(({ averagePrecision }) => averagePrecision)),
      meanAndSpread(whole.map(({ auroc }) => auroc)),
    ];
  });
  return markdownTable(head, rows);
}

function kindTable(results: ImageResult[][][], seeds: number): string {
  const head = ['method', 'drop', 'flip', 'shift', 'spawn', 'duplicate'];
  const rows = methods.map(({ name }, m) => [
    name,
    ...errorKinds.map(kind => {
      const metrics = seedsOf(results, seeds, kind === 'duplicate' ? 1 : 0, m).map(images => ofKind(images, kind));
      const ap = meanAndSpread(metrics.map(({ averagePrecision }) => averagePrecision));
      const auroc = metrics.reduce((sum, metric) => sum + metric.auroc, 0) / metrics.length;
      return `${ap} / ${auroc.toFixed(3)}`;
    }),
  ]);
  return markdownTable(head, rows);
}
