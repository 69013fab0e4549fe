/**
 * The sum of an anchor's non-target terms as a function of gamma, S(gamma) = sum of e_c p_c^gamma with e_c a column's
 * cross entropy and p_c its probability, in a few numbers: a Gauss quadrature of the columns but the worst. It holds
 * the sums at gamma 0, 1, ... 5 exactly, and those between to 0.3% of S (see its test), whatever the number of columns.
 */

/** Atoms of a tail. */
export const tailAtoms = 3;

/** Sums over a tail's columns of e_c p_c^gamma for gamma 0, 1, 2, 3, 4, 5, and for gamma 1/2. */
export type TailSums = Float64Array;

/** S(gamma) = sum of weights[i] * nodes[i]^gamma, times 1 + correction * {@link betweenZeroAndOne} for gamma < 1. */
export interface Tail {
  readonly weights: Float64Array;
  /** In [0, 1]. */
  readonly nodes: Float64Array;
  correction: number;
}

export function newTail(): Tail {
  return { weights: new Float64Array(tailAtoms), nodes: new Float64Array(tailAtoms), correction: 0 };
}

/** 1 at gamma 1/2, 0 at 0 and 1, with the shape of the quadrature's error between. */
export function betweenZeroAndOne(gamma: number): number {
  return gamma > 0 && gamma < 1 ? 8 * gamma * (1 - gamma) ** 2 : 0;
}

/** What is left of sums is nothing but rounding below this share. */
const leastShare = 1e-9;

/** Takes the term of a column with probability `p` and cross entropy `entropy` out of sums over columns. */
export function withoutTerm(sums: TailSums, p: number, entropy: number): void {
  const all = sums[0];
  let term = entropy;
  for (let gamma = 0; gamma <= 5; gamma++) {
    sums[gamma] = Math.max(0, sums[gamma] - term);
    term *= p;
  }
  sums[6] = Math.max(0, sums[6] - Math.sqrt(p) * entropy);
  if (!(sums[0] > leastShare * all)) sums.fill(0);
}

/** Fits a tail to its sums. Three atoms where the columns differ, fewer where they are (nearly) alike. */
export function fitTail(sums: TailSums, tail: Tail): void {
  const { weights, nodes } = tail;
  weights.fill(0);
  nodes.fill(0);
  tail.correction = 0;
  const mass = sums[0];
  // Probabilities below about 1e-50 leave no first power to fit to.
  const mean = sums[1] / mass;
  if (!(mean > 1e-50 && mass > 0)) {
    weights[0] = mass > 0 ? mass : 0;
    return;
  }
  if (!threeAtoms(sums, mass, mean, tail) && !twoAtoms(sums, mass, mean, tail)) {
    weights[0] = mass;
    nodes[0] = Math.min(1, mean);
  }
  let half = 0;
  for (let i = 0; i < tailAtoms; i++) half += weights[i] * Math.sqrt(nodes[i]);
  const correction = sums[6] / half - 1;
  tail.correction = Number.isFinite(correction) ? correction : 0;
}

/** Nodes are the roots of the third orthogonal polynomial of the measure, whose moments are scaled to a mean of 1. */
function threeAtoms(sums: TailSums, mass: number, mean: number, { weights, nodes }: Tail): boolean {
  const inverse = 1 / mean;
  let unit = inverse * inverse * (1 / mass);
  const m2 = sums[2] * unit;
  const m3 = sums[3] * (unit *= inverse);
  const m4 = sums[4] * (unit *= inverse);
  const m5 = sums[5] * (unit * inverse);
  // Hankel system [1 1 m2; 1 m2 m3; m2 m3 m4] (c, b, a) = -(m3, m4, m5), reduced by its first row.
  const a11 = m2 - 1;
  const a12 = m3 - m2;
  const a22 = m4 - m2 * m2;
  const b1 = -(m4 - m3);
  const b2 = -(m5 - m2 * m3);
  const determinant = a11 * a22 - a12 * a12;
  if (!(determinant > 1e-11 * Math.max(1, a11 * a22))) return false;
  const b = (b1 * a22 - b2 * a12) / determinant;
  const a = (a11 * b2 - a12 * b1) / determinant;
  const c = -m3 - b - a * m2;
  // Roots of z^3 + a z^2 + b z + c, all of them real.
  const q = (a * a - 3 * b) / 9;
  const r = (2 * a * a * a - 9 * a * b + 27 * c) / 54;
  if (!(q > 0) || r * r > q * q * q) return false;
  const radius = -2 * Math.sqrt(q);
  const cosine = Math.cos(Math.acos((-2 * r) / (radius * q)) / 3);
  const sine = Math.sqrt(Math.max(0, 1 - cosine * cosine));
  const middle = (-radius * cosine) / 2 - a / 3;
  const spread = (radius * sine * Math.sqrt(3)) / 2;
  nodes[0] = radius * cosine - a / 3;
  nodes[1] = middle - spread;
  nodes[2] = middle + spread;
  for (let i = 0; i < tailAtoms; i++) if (!(nodes[i] >= 0) || nodes[i] * mean > 1 + 1e-6) return false;
  for (let i = 0; i < tailAtoms; i++) {
    const u = nodes[(i + 1) % tailAtoms];
    const v = nodes[(i + 2) % tailAtoms];
    const weight = (m2 - (u + v) + u * v) / ((nodes[i] - u) * (nodes[i] - v));
    if (!(weight >= 0)) return false;
    weights[i] = weight * mass;
  }
  for (let i = 0; i < tailAtoms; i++) nodes[i] = Math.min(1, nodes[i] * mean);
  return true;
}

/** The two points with the measure's mean, variance and skewness. */
function twoAtoms(sums: TailSums, mass: number, mean: number, { weights, nodes }: Tail): boolean {
  weights.fill(0);
  nodes.fill(0);
  const variance = sums[2] / mass - mean * mean;
  if (!(variance > 1e-12 * mean * mean)) return false;
  const deviation = Math.sqrt(variance);
  const skewness = (sums[3] / mass - 3 * mean * (sums[2] / mass) + 2 * mean * mean * mean) / (deviation * variance);
  const reach = Math.sqrt(skewness * skewness + 4);
  const low = Math.max(0, mean + (deviation * (skewness - reach)) / 2);
  const high = Math.min(1, mean + (deviation * (skewness + reach)) / 2);
  if (!(high > mean)) return false;
  nodes[0] = low;
  nodes[1] = high;
  weights[0] = (mass * (high - mean)) / (high - low);
  weights[1] = mass - weights[0];
  return true;
}
