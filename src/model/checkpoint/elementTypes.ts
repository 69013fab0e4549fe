import type { TensorDtype } from '../types';

/** Bytes per element. */
export const elementSize: Readonly<Record<TensorDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  C128: 16,
  C64: 8,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};

export type FloatDtype = 'F64' | 'F32' | 'F16' | 'BF16';

export function isFloat(dtype: TensorDtype): dtype is FloatDtype {
  return dtype === 'F64' || dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}

/**
 * Little-endian elements as float32. F32 shares the buffer of `bytes`; F16 and BF16 are exact; F64 is rounded to
 * the nearest float32.
 */
export function toFloat32(bytes: Uint8Array<ArrayBuffer>, dtype: FloatDtype): Float32Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  const count = byteLength / elementSize[dtype];
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, count);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, count));
    case 'F16':
      return widen(new Uint16Array(buffer, byteOffset, count), halfToSingleBits);
    case 'BF16':
      return widen(new Uint16Array(buffer, byteOffset, count), bits => bits << 16);
  }
}

function widen(source: Uint16Array, toBits: (bits: number) => number): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(source.length);
  for (let i = 0; i < source.length; i++) bits[i] = toBits(source[i] ?? 0);
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16 bits to binary32 bits, exact, subnormals, infinities and NaN payloads included. */
function halfToSingleBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // A subnormal half is fraction * 2^-24: normalise it.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
