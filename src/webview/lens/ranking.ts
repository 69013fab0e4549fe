/** Indices of the `count` largest values above 0, largest first; equal ones by index. One pass; for small counts. */
export function largest(values: Float32Array, count: number): number[] {
  const best: number[] = [];
  let least = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value <= least) continue;
    let place = best.length;
    while (place > 0 && values[best[place - 1]] < value) place--;
    best.splice(place, 0, i);
    if (best.length > count) best.pop();
    if (best.length === count) least = values[best[count - 1]];
  }
  return best;
}
