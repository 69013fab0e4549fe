/**
 * The shortest decimal of a number that is as good as the number itself.
 * @param isAsGood asked about decimals of 1, 2, 3... digits; when none passes, the number keeps all it needs
 */
export function shortestDecimal(value: number, isAsGood: (decimal: number) => boolean): number {
  for (let digits = 1; digits <= 17; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (isAsGood(decimal)) return decimal;
  }
  return value;
}

/**
 * The length from `from` to `to` in the fewest digits that lead from the one exactly to the other: of 0.1 and
 * 0.1 + 0.2 it is 0.2. Where no double does, it is the nearest, which leads to a neighbour of `to`.
 */
export function lengthBetween(from: number, to: number): number {
  return shortestDecimal(to - from, length => from + length === to);
}

/** A finite number without exponent, which some readers of YOLO and Pascal VOC files do not know. */
export function plainDecimal(value: number): string {
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const power = Number(exponent);
  const digits = whole + fraction;
  return power < 0
    ? `${sign}0.${'0'.repeat(-power - 1)}${digits}`
    : `${sign}${digits}${'0'.repeat(power - fraction.length)}`;
}
