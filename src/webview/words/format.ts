import type { CornerBox } from '../../common/boxes';

export { formatShare as percent } from '../../protocol/breakdownSentence';

/** Numbers as the lens writes them; always with a full stop as decimal mark, as the formulas and files have it. */

const whole = new Intl.NumberFormat('en-US');

export function count(value: number): string {
  return whole.format(value);
}

/** `1 anchor`, `2 anchors`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Three significant digits, e.g. 0.238, 1.42, 238; powers of ten where there are many zeros. */
export function loss(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001) return value.toExponential(1);
  if (size >= 1000) return whole.format(Math.round(value));
  return value.toPrecision(3);
}

/** Probabilities, IoUs and scores. */
export function unit(value: number): string {
  return value.toFixed(2);
}

/** A probability near 0 or 1 with enough digits that it is neither. */
export function probability(value: number): string {
  if (value > 0 && value < 0.005) return value < 1e-4 ? value.toExponential(0) : value.toPrecision(1);
  if (value < 1 && value > 0.995) return `1 − ${probability(1 - value)}`;
  return value.toFixed(2);
}

/** The same in a sentence, where almost 1 is told in words. */
export function likelihood(value: number): string {
  return value > 0.995 && value < 1 ? 'over 0.99' : probability(value);
}

/** The aspect ratio height / width as small whole numbers where it is one. */
export function aspect(ratio: number): string {
  for (let width = 1; width <= 5; width++) {
    const height = ratio * width;
    if (Math.abs(height - Math.round(height)) < 1e-6 && Math.round(height) > 0) return `${width}:${Math.round(height)}`;
  }
  return `1:${ratio.toFixed(2)}`;
}

/** Gamma and alpha of a focal loss; a negative alpha is none. */
export function focalSettings({ gamma, alpha }: { readonly gamma: number; readonly alpha: number }): string {
  const short = (value: number) => String(Number(value.toFixed(3)));
  return `γ ${short(gamma)} · α ${alpha < 0 ? 'off' : short(alpha)}`;
}

/** A level's stride, given y first; one number where both are equal. */
export function widthByHeight([y, x]: readonly [number, number]): string {
  return y === x ? String(y) : `${x} × ${y}`;
}

/** A power of ten as an axis writes it, e.g. 10⁻³; all of its ticks alike. */
export function powerOfTen(exponent: number): string {
  return `10${String(exponent).replace(/[-\d]/g, sign => (sign === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)] ?? '')))}`;
}

/** `x, y · width × height px`. */
export function boxText([x1, y1, x2, y2]: CornerBox): string {
  return `${x1.toFixed(0)}, ${y1.toFixed(0)} · ${(x2 - x1).toFixed(0)} × ${(y2 - y1).toFixed(0)} px`;
}

/** An anchor size as a multiple of the smallest of its level. */
export function sizeFactor(size: number, smallest = size): string {
  return `×${(size / smallest).toFixed(2).replace(/\.?0+$/, '')}`;
}

export function milliseconds(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${Math.round(value)} ms`;
}

export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
