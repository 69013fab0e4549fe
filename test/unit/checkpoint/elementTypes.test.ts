import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../../../src/model/checkpoint/elementTypes';

describe('toFloat32', () => {
  const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
  const bytes = () => new Uint8Array(all.slice().buffer);

  it('widens every half exactly (IEEE 754, section 3.4)', () => {
    const values = toFloat32(bytes(), 'F16');
    for (let bits = 0; bits < 65536; bits++) {
      const sign = bits >>> 15 ? -1 : 1;
      const exponent = (bits >>> 10) & 31;
      const fraction = bits & 1023;
      const expected =
        exponent === 31
          ? fraction === 0
            ? sign * Infinity
            : NaN
          : exponent === 0
            ? sign * fraction * 2 ** -24
            : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
      if (!Object.is(values[bits], expected)) expect([bits, values[bits]]).toEqual([bits, expected]);
    }
  });

  it('widens every bfloat16 to the float32 with the same upper bits', () => {
    const bits = new Uint32Array(toFloat32(bytes(), 'BF16').buffer);
    expect(bits.every((word, index) => word === index * 65536)).toBe(true);
  });
});
