/** Numbers as the lens writes them: always with a full stop as decimal mark, as formulas and files have it. */

/** Three significant digits; powers of ten where there are many zeros. */
export function lossText(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001) return value.toExponential(1);
  return size >= 1000 ? String(Math.round(value)) : value.toPrecision(3);
}

/** Probabilities, IoUs and scores. */
export function unitText(value: number): string {
  return value > 0 && value < 0.005 ? '<0.01' : value.toFixed(2);
}

/** How many times as large: `2.4×`; undefined where there is nothing to compare with. */
export function timesText(value: number, reference: number): string | undefined {
  if (!(reference > 0) || !Number.isFinite(value / reference)) return undefined;
  const times = value / reference;
  return `${times >= 100 ? '>99' : times >= 10 ? times.toFixed(0) : times.toFixed(1)}×`;
}
