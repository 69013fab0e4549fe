import type { DecodedImage } from '../types';

const { fround } = Math;

/** A bilinear resampling of one axis: per output index two source indices and their weights. */
interface Interpolation {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Of the first and of the second; float32 values held as double, which spares conversions. */
  readonly rest: Float64Array;
  readonly weight: Float64Array;
}

/** As in torch the scale and the weights are float32, the position between them is double. */
function interpolation(inputSize: number, outputSize: number): Interpolation {
  const first = new Int32Array(outputSize);
  const second = new Int32Array(outputSize);
  const rest = new Float64Array(outputSize);
  const weight = new Float64Array(outputSize);
  const scale = fround(inputSize / outputSize);
  for (let i = 0; i < outputSize; i++) {
    const position = Math.max(0, scale * (i + 0.5) - 0.5);
    first[i] = Math.floor(position);
    second[i] = Math.min(first[i] + 1, inputSize - 1);
    weight[i] = fround(position - first[i]);
    rest[i] = fround(1 - weight[i]);
  }
  return { first, second, rest, weight };
}

/**
 * Resizes an image into the top left of three planes: bilinear without antialiasing, half-pixel centres, rounded to
 * float32 after each axis.
 *
 * @param values what each byte becomes, 256 numbers a channel
 * @param planes CHW, filled
 */
export function resizeInto(
  image: DecodedImage,
  values: Float64Array,
  size: { readonly width: number; readonly height: number },
  planes: Float32Array,
  padded: { readonly width: number; readonly height: number },
): void {
  const columns = interpolation(image.width, size.width);
  const rows = interpolation(image.height, size.height);
  // Each source row is interpolated horizontally once.
  let upper = { row: -1, values: new Float32Array(size.width * 3) };
  let lower = { row: -1, values: new Float32Array(size.width * 3) };
  for (let y = 0; y < size.height; y++) {
    if (lower.row === rows.first[y]) [upper, lower] = [lower, upper];
    fill(upper, rows.first[y]);
    if (rows.weight[y] > 0) fill(lower, rows.second[y]);
    for (let channel = 0; channel < 3; channel++) {
      const at = (channel * padded.height + y) * padded.width;
      if (rows.weight[y] > 0) mixLines(upper.values, lower.values, channel, rows.rest[y], rows.weight[y], planes, at);
      else planes.set(upper.values.subarray(channel * size.width, (channel + 1) * size.width), at);
    }
  }

  function fill(line: { row: number; values: Float32Array }, row: number): void {
    if (line.row === row) return;
    line.row = row;
    const from = row * image.width * 3;
    if (image.width === size.width) fillUnscaled(image.data, from, values, line.values);
    else fillScaled(image.data, from, values, columns, line.values);
  }
}

/** The bytes of a row as they are: all of its red, then green, then blue. */
function fillUnscaled(data: Uint8Array, from: number, values: Float64Array, line: Float32Array): void {
  const width = line.length / 3;
  for (let x = 0; x < width; x++) {
    const at = from + x * 3;
    line[x] = values[data[at]];
    line[width + x] = values[256 + data[at + 1]];
    line[2 * width + x] = values[512 + data[at + 2]];
  }
}

/** The same interpolated horizontally. */
function fillScaled(
  data: Uint8Array,
  from: number,
  values: Float64Array,
  { first, second, rest, weight }: Interpolation,
  line: Float32Array,
): void {
  const width = line.length / 3;
  for (let x = 0; x < width; x++) {
    const left = from + first[x] * 3;
    const right = from + second[x] * 3;
    const a = rest[x];
    const b = weight[x];
    line[x] = values[data[left]] * a + values[data[right]] * b;
    line[width + x] = values[256 + data[left + 1]] * a + values[256 + data[right + 1]] * b;
    line[2 * width + x] = values[512 + data[left + 2]] * a + values[512 + data[right + 2]] * b;
  }
}

/** Writes one channel of a row between two lines. */
function mixLines(
  upper: Float32Array,
  lower: Float32Array,
  channel: number,
  rest: number,
  weight: number,
  planes: Float32Array,
  at: number,
): void {
  const width = upper.length / 3;
  const from = channel * width;
  for (let x = 0; x < width; x++) planes[at + x] = upper[from + x] * rest + lower[from + x] * weight;
}
