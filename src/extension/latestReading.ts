/** Readings of something that changes: of several at a time, the one that began last tells. */
export class LatestReading {
  private readings = 0;
  private latest: Promise<void> = Promise.resolve();

  /**
   * Begins a reading.
   * @param read asks after each wait whether it is still the latest one, and ends where it is not
   * @returns once the latest reading has ended, be it this one or one that overtook it
   */
  async begin(read: (isLatest: () => boolean) => Promise<void>): Promise<void> {
    const own = ++this.readings;
    const reading = read(() => own === this.readings);
    this.latest = reading;
    await reading;
    if (own !== this.readings) await this.latest;
  }
}
