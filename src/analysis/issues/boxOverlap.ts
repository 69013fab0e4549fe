/** Intersection over union of the boxes at positions `i` of `a` and `j` of `b`, four numbers each; 0 if either is empty. */
export function overlap(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number {
  const shared = intersection(a, i, b, j);
  return shared > 0 ? shared / (areaOf(a, i) + areaOf(b, j) - shared) : 0;
}

/** Share of the first box that the second one covers; 0 for an empty box. */
export function coverage(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number {
  const shared = intersection(a, i, b, j);
  return shared > 0 ? shared / areaOf(a, i) : 0;
}

export function areaOf(boxes: ArrayLike<number>, at: number): number {
  return Math.max(0, boxes[at + 2] - boxes[at]) * Math.max(0, boxes[at + 3] - boxes[at + 1]);
}

function intersection(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number {
  const width = Math.min(a[i + 2], b[j + 2]) - Math.max(a[i], b[j]);
  if (!(width > 0)) return 0;
  const height = Math.min(a[i + 3], b[j + 3]) - Math.max(a[i + 1], b[j + 1]);
  return height > 0 ? width * height : 0;
}
