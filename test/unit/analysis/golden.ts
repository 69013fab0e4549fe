import { readFileSync } from 'node:fs';

interface Golden {
  readonly focal: {
    readonly logits: readonly number[];
    readonly cases: readonly {
      readonly gamma: number;
      readonly alpha: number;
      readonly target: 0 | 1;
      readonly torchvision: readonly number[];
      /** Null where torchvision's own is lost to cancellation. */
      readonly gradient: readonly (number | null)[];
      readonly exact: readonly number[];
    }[];
  };
  readonly sums: {
    readonly classes: number;
    readonly logits: readonly number[];
    readonly targets: readonly number[];
    readonly crossEntropy: readonly number[];
    readonly cases: readonly { readonly gamma: number; readonly alpha: number; readonly focal: readonly number[] }[];
  };
  readonly boxes: {
    readonly anchors: readonly number[];
    readonly labels: readonly number[];
    readonly deltas: readonly number[];
    readonly l1: readonly number[];
    readonly smooth: readonly { readonly beta: number; readonly losses: readonly number[] }[];
    readonly giou: readonly number[];
  };
  readonly matching: readonly {
    readonly name: string;
    readonly anchors: readonly number[];
    readonly labels: readonly number[];
    readonly iou: readonly number[];
    readonly best: readonly number[];
    readonly labelIou: readonly number[];
    readonly results: readonly {
      readonly fgIou: number;
      readonly bgIou: number;
      readonly allowLowQualityMatches: boolean;
      readonly matched: readonly number[];
    }[];
  }[];
}

/** torchvision's numbers, written by `test/golden/losses.py`. */
export const golden = JSON.parse(readFileSync('test/golden/losses.json', 'utf8')) as Golden;

/** Largest |a - b| / max(|b|, floor). */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-300): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]) / Math.max(Math.abs(expected[i]), floor);
    if (!(error <= largest)) largest = error;
  }
  return largest;
}
