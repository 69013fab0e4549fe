/**
 * A fixed network input [3, height, width] in the range of normalised images: smooth waves with some texture, different
 * in every channel, row and column. It needs no random numbers and is the same everywhere.
 */
export function fixedInput(height: number, width: number): Float32Array {
  const values = new Float32Array(3 * height * width);
  let index = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const wave = Math.sin(0.11 * x + 0.7 * channel) + Math.cos(0.17 * y - 0.3 * channel);
        const texture = ((7 * x + 13 * y + 5 * channel) % 16) / 16 - 0.5;
        values[index++] = wave + texture;
      }
    }
  }
  return values;
}
