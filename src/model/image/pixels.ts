import { endianness } from 'node:os';

/** The high byte of every 16-bit sample, as PIL reads 16-bit RGB. */
export function highBytes(samples: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(samples.length / 2);
  const first = endianness() === 'LE' ? 1 : 0;
  for (let i = 0; i < bytes.length; i++) bytes[i] = samples[i * 2 + first];
  return bytes;
}

/** Interleaved grey, grey with alpha, RGB or RGB with alpha to RGB; alpha is dropped. */
export function toRgb(pixels: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return pixels;
  const count = pixels.length / channels;
  const green = channels < 3 ? 0 : 1;
  const blue = channels < 3 ? 0 : 2;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0, from = 0, to = 0; i < count; i++, from += channels, to += 3) {
    rgb[to] = pixels[from];
    rgb[to + 1] = pixels[from + green];
    rgb[to + 2] = pixels[from + blue];
  }
  return rgb;
}

/** Interleaved CMYK (0 is no ink) to RGB by PIL's integer arithmetic: white less black, less that times the ink. */
export function cmykToRgb(pixels: Uint8Array, channels: number): Uint8Array {
  const count = pixels.length / channels;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0, from = 0, to = 0; i < count; i++, from += channels, to += 3) {
    const white = 255 - pixels[from + 3];
    rgb[to] = white - multiply255(pixels[from], white);
    rgb[to + 1] = white - multiply255(pixels[from + 1], white);
    rgb[to + 2] = white - multiply255(pixels[from + 2], white);
  }
  return rgb;
}

/** a * b / 255, rounded, for bytes; at most `b`. */
function multiply255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
