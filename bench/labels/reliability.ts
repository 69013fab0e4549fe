import { judged, type ImageResult } from './evaluate';
import { markdownTable } from './table';

/** Suspicions of one range of scores. */
export interface ScoreBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanScore: number;
  /** Share of them that hit a planted error: what the mean score promises. */
  readonly hitRate: number;
}

/**
 * How far scores are probabilities: suspicions in bins of 0.1, those that hit an error another one hit already counting
 * as misses. Certain issues are left out: their scores are none.
 *
 * @param minScore a multiple of 0.1
 */
export function reliability(images: readonly ImageResult[], minScore: number): readonly ScoreBin[] {
  const entries = judged(images, ({ kind }) => kind !== null);
  const first = Math.round(minScore * 10);
  return Array.from({ length: 10 - first }, (_, i) => {
    const [from, to] = [(first + i) / 10, (first + i + 1) / 10];
    const within = entries.filter(({ suspicion: { score } }) => score >= from && (score < to || to === 1));
    const mean = (values: readonly number[]): number =>
      values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      from,
      to,
      count: within.length,
      meanScore: mean(within.map(({ suspicion }) => suspicion.score)),
      hitRate: mean(within.map(({ error }) => (error === undefined ? 0 : 1))),
    };
  });
}

export function reliabilityTable(images: readonly ImageResult[], minScore: number): string {
  const number = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(2));
  const rows = reliability(images, minScore).map(({ from, to, count, meanScore, hitRate }) => [
    `${from.toFixed(1)} to ${to.toFixed(1)}`,
    String(count),
    number(meanScore),
    number(hitRate),
  ]);
  return markdownTable(['score', 'suspicions', 'mean score', 'hit an error'], rows);
}
