import type { DatasetProgress, DatasetStage } from '../../protocol/dataset';

/** Milliseconds over which the rate is measured, and between two reports. */
const window = 20_000;
const pause = 100;

/** Counts a run's images and reports them, with the rate of late and the time that is left. */
export class RunProgress {
  readonly counts = { computed: 0, reused: 0, failed: 0 };
  /** Times of the latest images, milliseconds, and how many were done by then. */
  private recent: { readonly time: number; readonly done: number; readonly computed: number }[] = [];
  private reported = -Infinity;
  private images = 0;
  private stage: DatasetStage = 'dataset';

  constructor(
    private readonly report: (progress: DatasetProgress) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get done(): number {
    return this.counts.computed + this.counts.reused + this.counts.failed;
  }

  enter(stage: DatasetStage, images = this.images): void {
    this.stage = stage;
    this.images = images;
    this.recent = [{ time: this.now(), done: this.done, computed: this.counts.computed }];
    this.emit();
  }

  /** One more image is dealt with. */
  count(outcome: 'computed' | 'reused' | 'failed'): void {
    this.counts[outcome]++;
    const time = this.now();
    this.recent.push({ time, done: this.done, computed: this.counts.computed });
    while (this.recent.length > 2 && time - this.recent[1].time > window) this.recent.shift();
    if (time - this.reported >= pause || this.done === 1 || this.done >= this.images) this.emit();
  }

  /** One image less: it is listed, but not there. */
  leaveOut(): void {
    this.images = Math.max(0, this.images - 1);
  }

  private emit(): void {
    const time = this.now();
    this.reported = time;
    const [first] = this.recent;
    const seconds = (time - first.time) / 1000;
    const rate = (count: number) => (seconds > 0 ? count / seconds : 0);
    const pace = rate(this.done - first.done);
    this.report({
      stage: this.stage,
      done: this.done,
      images: this.images,
      ...this.counts,
      perSecond: rate(this.counts.computed - first.computed),
      secondsLeft: pace > 0 ? (this.images - this.done) / pace : undefined,
    });
  }
}
