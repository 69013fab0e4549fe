/** Scales on which probabilities and IoUs are weighed. */

/** Logit of a probability held between 1e-4 and 1 - 1e-4. */
export function boundedLogit(probability: number): number {
  const p = clamp(probability, 1e-4, 1 - 1e-4);
  return Math.log(p / (1 - p));
}

/** Logarithm of what an IoU lacks of 1, from -3.9 for equal boxes to 0 for disjoint ones. */
export function logMiss(iou: number): number {
  return Math.log(1.02 - clamp(iou, 0, 1));
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
