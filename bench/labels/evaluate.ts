import { iou } from '../../src/common/boxes';
import { seededRandom } from '../../test/unit/helpers/random';
import type { ErrorKind, PlantedError, Suspicion } from './types';

/** A method's suspicions about one image and what was planted there. */
export interface ImageResult {
  readonly suspicions: readonly Suspicion[];
  /** Rankings by kind, where the method has them. */
  readonly ofKind: Readonly<Partial<Record<ErrorKind, readonly Suspicion[]>>>;
  readonly errors: readonly PlantedError[];
  /** All labels that take part, listed by the method or not. */
  readonly labelIds: readonly string[];
  readonly imageScore: number;
}

export interface BoxMetrics {
  /** Average precision of the ranked list, not interpolated. */
  readonly averagePrecision: number;
  /** Of the planted errors, those among the first N entries, N being their number. */
  readonly recallAtN: number;
  readonly maxF1: number;
}

export interface ImageMetrics {
  readonly averagePrecision: number;
  readonly auroc: number;
}

/** One entry of a ranked list: which planted error it hits, if any. */
interface Entry {
  readonly score: number;
  /** Index of the planted error, -1 for none. */
  readonly error: number;
}

/** A dropped label is found by a box of this IoU. */
const foundIou = 0.5;

/**
 * Metrics of one ranked list over all images. A label counts once, with its highest score. An entry about a label hits
 * the error planted in it, whatever kind the method names; an entry without label hits a dropped label from IoU 0.5 on.
 * The first entry that hits an error counts as true, further ones as false. Equal scores are put in random order.
 */
export function overall(images: readonly ImageResult[], kinds: readonly ErrorKind[]): BoxMetrics {
  return ofKinds(images, kinds, suspicions => suspicions);
}

/**
 * Metrics of one kind: the entries a method files under it, or all where it names no kinds, against the errors of
 * that kind. Entries that hit an error of another kind are left out.
 */
export function ofKind(results: readonly ImageResult[], kind: ErrorKind): BoxMetrics & { readonly auroc: number } {
  const images = results.map(result => ({ ...result, suspicions: result.ofKind[kind] ?? result.suspicions }));
  const select = filedUnder(images, kind);
  return { ...ofKinds(images, [kind], select), auroc: auroc(images, kind, select) };
}

/** How well image scores tell images with planted errors from those without. */
export function imageLevel(images: readonly ImageResult[]): ImageMetrics {
  const entries = images.map(({ imageScore, errors }, i) => ({ score: imageScore, error: errors.length > 0 ? i : -1 }));
  const positives = entries.filter(({ error }) => error >= 0).map(({ score }) => score);
  const negatives = entries.filter(({ error }) => error < 0).map(({ score }) => score);
  return {
    averagePrecision: listMetrics(entries, positives.length).averagePrecision,
    auroc: rankedAbove(positives, negatives),
  };
}

/** An entry and the error it is the first to hit; undefined where it hits none, or one that was hit before. */
export interface Judged {
  readonly suspicion: Suspicion;
  readonly error: PlantedError | undefined;
}

/** Every label's highest entry and all entries without label, of those selected, image by image. */
export function judged(images: readonly ImageResult[], select: (suspicion: Suspicion) => boolean): readonly Judged[] {
  return images.flatMap(({ suspicions, errors }) => {
    const claimed = new Set<number>();
    return collapsed(suspicions.filter(select)).map(suspicion => {
      const hit = hitBy(suspicion, errors, claimed);
      const error = hit < 0 || claimed.has(hit) ? undefined : errors[hit];
      if (hit >= 0) claimed.add(hit);
      return { suspicion, error };
    });
  });
}

export interface ShownMetrics {
  readonly precision: number;
  readonly recall: number;
  /** Of the entries that hit an error, those filed under its kind. */
  readonly kindRight: number;
  /** Entries that are no suspicion but certain, and those of them that hit an error. */
  readonly certain: number;
  readonly certainHits: number;
}

/** Metrics of the entries that score at least `minScore`. */
export function shown(images: readonly ImageResult[], minScore: number): ShownMetrics {
  const entries = judged(images, ({ score }) => score >= minScore);
  const hits = entries.filter(({ error }) => error !== undefined);
  const certain = entries.filter(({ suspicion }) => suspicion.kind === null);
  const planted = images.reduce((sum, { errors }) => sum + errors.length, 0);
  return {
    precision: hits.length / Math.max(1, entries.length),
    recall: hits.length / Math.max(1, planted),
    kindRight: hits.filter(({ suspicion, error }) => error?.kind === suspicion.kind).length / Math.max(1, hits.length),
    certain: certain.length,
    certainHits: certain.filter(({ error }) => error !== undefined).length,
  };
}

type Select = (suspicions: readonly Suspicion[]) => readonly Suspicion[];

/** A kind's own entries where the method has any of that kind anywhere; all entries of a method without kinds. */
function filedUnder(images: readonly ImageResult[], kind: ErrorKind): Select {
  const all = images.flatMap(({ suspicions }) => suspicions);
  const missing = kind === 'drop';
  if (all.some(suspicion => suspicion.kind === kind)) return list => list.filter(entry => entry.kind === kind);
  return list => list.filter(({ labelId }) => (labelId === null) === missing);
}

function ofKinds(images: readonly ImageResult[], kinds: readonly ErrorKind[], select: Select): BoxMetrics {
  const entries: Entry[] = [];
  let planted = 0;
  let offset = 0;
  for (const { suspicions, errors } of images) {
    const claimed = new Set<number>();
    for (const suspicion of collapsed(select(suspicions))) {
      const hit = hitBy(suspicion, errors, claimed);
      if (hit >= 0 && !kinds.includes(errors[hit].kind)) continue;
      const first = hit >= 0 && !claimed.has(hit);
      if (first) claimed.add(hit);
      entries.push({ score: suspicion.score, error: first ? offset + hit : -1 });
    }
    planted += errors.filter(({ kind }) => kinds.includes(kind)).length;
    offset += errors.length;
  }
  return listMetrics(entries, planted);
}

/** Each label once with its highest score, descending. */
function collapsed(suspicions: readonly Suspicion[]): readonly Suspicion[] {
  const best = new Map<string, Suspicion>();
  const missing: Suspicion[] = [];
  for (const suspicion of suspicions) {
    if (suspicion.labelId === null) missing.push(suspicion);
    else if (suspicion.score > (best.get(suspicion.labelId)?.score ?? -Infinity)) {
      best.set(suspicion.labelId, suspicion);
    }
  }
  return [...best.values(), ...missing].sort((a, b) => b.score - a.score);
}

/** The planted error an entry hits: a free one if there is one; -1 for none. */
function hitBy({ labelId, box }: Suspicion, errors: readonly PlantedError[], claimed: ReadonlySet<number>): number {
  let hit = -1;
  errors.forEach(({ kind, labelIds, box: planted }, i) => {
    const matches = labelId === null ? kind === 'drop' && iou(box, planted) >= foundIou : labelIds.includes(labelId);
    if (matches && (hit < 0 || (claimed.has(hit) && !claimed.has(i)))) hit = i;
  });
  return hit;
}

function listMetrics(entries: readonly Entry[], planted: number): BoxMetrics {
  const random = seededRandom(1);
  const ranked = entries.map(entry => ({ ...entry, tie: random() })).sort((a, b) => b.score - a.score || a.tie - b.tie);
  let found = 0;
  let precisions = 0;
  let recallAtN = 0;
  let maxF1 = 0;
  ranked.forEach(({ error }, rank) => {
    if (error >= 0) {
      found++;
      precisions += found / (rank + 1);
    }
    if (rank < planted) recallAtN = found / planted;
    maxF1 = Math.max(maxF1, (2 * found) / (rank + 1 + planted));
  });
  return { averagePrecision: planted > 0 ? precisions / planted : 0, recallAtN, maxF1 };
}

/** As in arXiv 2303.06999: boxes with an error of the kind against boxes without any error. */
function auroc(images: readonly ImageResult[], kind: ErrorKind, select: Select): number {
  const positives: number[] = [];
  const negatives: number[] = [];
  for (const { suspicions, errors, labelIds } of images) {
    const scores = errors.map(() => -Infinity);
    const listed = collapsed(select(suspicions));
    const unlisted = new Set(kind === 'drop' ? [] : labelIds);
    for (const { labelId } of listed) if (labelId !== null) unlisted.delete(labelId);
    for (const id of unlisted) if (!errors.some(error => error.labelIds.includes(id))) negatives.push(-Infinity);
    for (const suspicion of listed) {
      if ((suspicion.labelId === null) !== (kind === 'drop')) continue;
      const hit = hitBy(suspicion, errors, new Set());
      if (hit < 0) negatives.push(suspicion.score);
      else scores[hit] = Math.max(scores[hit], suspicion.score);
    }
    errors.forEach((error, i) => {
      if (error.kind === kind) positives.push(scores[i]);
    });
  }
  return rankedAbove(positives, negatives);
}

/** Probability that a positive scores above a negative, ties counting half: the area under the ROC curve. */
function rankedAbove(positives: readonly number[], negatives: readonly number[]): number {
  if (positives.length === 0 || negatives.length === 0) return NaN;
  let sum = 0;
  for (const a of positives) for (const b of negatives) sum += a > b ? 1 : a === b ? 0.5 : 0;
  return sum / (positives.length * negatives.length);
}
