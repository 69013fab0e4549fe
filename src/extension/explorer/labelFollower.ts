import type { Disposable } from '../../common/disposables';
import { CancelledError } from '../../common/errors';
import { debounced } from '../debounced';
import { imageOfLabelFile } from '../imageOfLabelFile';
import { ChangedImages, type ImageChanges } from './changedImages';
import type { ChosenDataset } from './currentDataset';
import { isLabelFileOf } from './labelFilesOf';
import type { QuietRun } from './runQueue';

/** Of larger data sets only what is known to have changed is analyzed again: else every image is read. */
const mostImagesRead = 5_000;

/** A label file that is another one now. */
export interface ChangedLabels {
  readonly file: string;
  /** Images whose labels in it are known to have changed; there may be others. */
  readonly images: readonly string[];
}

export interface FollowerHost {
  readonly dataset: ChosenDataset | undefined;
  /** How many images the store of the data set holds; undefined where it has no results. */
  storedImages(): Promise<number | undefined>;
  /** Makes a run when no other is under way. */
  add(run: QuietRun): void;
  /** Analyzes some images of the data set again, or all that have changed; throws as requests do. */
  analyze(
    dataset: ChosenDataset,
    options: { readonly images: readonly string[] | undefined; readonly signal: AbortSignal },
  ): Promise<unknown>;
  /** {@link LabelFollower.isBehind} is another one. */
  onDidFallBehind(): void;
  onError(error: unknown): void;
}

/** Has images analyzed again when their labels have changed, in an editor or elsewhere. */
export class LabelFollower implements Disposable {
  private readonly changes = new ChangedImages();
  private readonly start = debounced<null>(700, () => this.host.add(signal => this.run(signal)));
  private behind = false;

  constructor(private readonly host: FollowerHost) {}

  /** Whether labels have changed, it is not known of which images, and there are too many to look through them. */
  get isBehind(): boolean {
    return this.behind;
  }

  async labelsChanged({ file, images }: ChangedLabels): Promise<void> {
    const { dataset } = this.host;
    if (dataset === undefined || !isLabelFileOf(dataset, file)) return;
    const stored = await this.host.storedImages();
    if (stored === undefined || dataset.path !== this.host.dataset?.path) return;
    const own = dataset.format === 'coco' ? undefined : imageOfLabelFile(file);
    const changed = own === undefined ? images : [own, ...images];
    if (changed.length > 0) this.changes.add(changed);
    else if (stored <= mostImagesRead) this.changes.addAny();
    else return this.fallBehind(true);
    this.start.add(null);
  }

  /** A run over all of the data set begins: what has changed by now is its business. */
  take(): ImageChanges {
    return this.changes.take();
  }

  /** That run has come to its end, or has not. */
  settle(changes: ImageChanges, isDone: boolean): void {
    if (isDone) return this.fallBehind(false);
    this.changes.putBack(changes);
    if (!this.changes.isEmpty) this.start.add(null);
  }

  /** There is another data set. */
  forget(): void {
    this.changes.clear();
    this.fallBehind(false);
  }

  dispose(): void {
    this.start.dispose();
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { dataset } = this.host;
    if (dataset === undefined || this.changes.isEmpty) return;
    const changes = this.changes.take();
    try {
      await this.host.analyze(dataset, { images: changes.any ? undefined : [...changes.images], signal });
    } catch (error) {
      if (error instanceof CancelledError) {
        if (signal.aborted) this.changes.putBack(changes);
        return;
      }
      this.host.onError(error);
      this.fallBehind(true);
    }
  }

  private fallBehind(behind: boolean): void {
    if (behind === this.behind) return;
    this.behind = behind;
    this.host.onDidFallBehind();
  }
}
