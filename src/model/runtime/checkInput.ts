/** @throws Error unless `input` holds 3 * height * width values */
export function checkInput(input: Float32Array, height: number, width: number): void {
  if (input.length !== 3 * height * width) {
    throw new Error(`Found ${input.length} input values, expected 3 x ${height} x ${width}.`);
  }
}
