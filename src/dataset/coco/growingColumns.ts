type Column = Float64Array | Uint32Array;

/** A typed-array column that grows as it is filled. */
export class GrowingColumn<T extends Column> {
  length = 0;

  private constructor(
    private values: T,
    private readonly allocate: (length: number) => T,
  ) {}

  static float64(): GrowingColumn<Float64Array> {
    return new GrowingColumn(new Float64Array(1024), length => new Float64Array(length));
  }

  static uint32(): GrowingColumn<Uint32Array> {
    return new GrowingColumn(new Uint32Array(1024), length => new Uint32Array(length));
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = this.allocate(2 * this.length);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** The values in a buffer of exact size. */
  toArray(): T {
    return this.values.slice(0, this.length) as T;
  }
}
