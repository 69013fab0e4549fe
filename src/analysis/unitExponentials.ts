/**
 * e^-z and log(1 + e) for the arguments the loss of millions of terms needs, in plain arithmetic that the compiler
 * inlines: to a few units in the last place of float64, at about half the time of `Math.exp` and `Math.log1p`.
 * Table-driven as in P. T. P. Tang, ACM TOMS 15 (1989) and 16 (1990).
 */

/** Arguments of `expOfNegative` above this give less than 1e-304 and are to be taken as 0. */
export const maxExponent = 700;

const steps = 256;
const stepsPerUnit = steps / Math.LN2;
// log(2) / 256 in two parts: the first has so few bits that its product with any step number is exact.
const stepHigh = Math.round((Math.LN2 / steps) * 2 ** 42) / 2 ** 42;
const stepLow = Math.LN2 / steps - stepHigh + 2.3190468138462996e-17 / steps;
const fractions = Float64Array.from({ length: steps }, (_, i) => 2 ** (-i / steps));
const powers = Float64Array.from({ length: 1024 }, (_, i) => 2 ** -i);

/** @param z in [0, {@link maxExponent}] */
export function expOfNegative(z: number): number {
  const step = (z * stepsPerUnit + 0.5) | 0;
  const r = step * stepHigh - z + step * stepLow;
  const series = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24))));
  return powers[step >> 8] * fractions[step & 255] * series;
}

const nodes = 128;
const logs = Float64Array.from({ length: nodes + 1 }, (_, i) => Math.log1p(i / nodes));
const reciprocals = Float64Array.from({ length: nodes + 1 }, (_, i) => 1 / (1 + i / nodes));

/** @param e in [0, 1] */
export function logOfOnePlus(e: number): number {
  const node = (e * nodes + 0.5) | 0;
  const r = (e - node / nodes) * reciprocals[node];
  const series = 1 - r * (1 / 2 - r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6)))));
  return logs[node] + r * series;
}
