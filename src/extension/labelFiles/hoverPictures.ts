import type { Disposable } from '../../common/disposables';
import type { ImageCrop } from '../../protocol/messages';

/** How long a hover waits for the analysis that its heatmap takes, milliseconds. */
export const hoverPatience = 500;

/** Crops of labels, made by the engine. Undefined where there is none; neither rejects. */
export interface CropSource<Label> {
  /** At once: with the heatmap where the image's analysis is in memory. */
  plain(label: Label): Promise<ImageCrop | undefined>;
  /** With the heatmap, for which the image is analyzed if need be; without it where no model is loaded. */
  heated(label: Label, signal: AbortSignal): Promise<ImageCrop | undefined>;
  /** Whether the engine has other work that is not to be disturbed. */
  isBusy(): boolean;
}

export interface HoverPicture {
  readonly crop: ImageCrop | undefined;
  /** The crop is plain, and its heatmap is being computed. */
  readonly heatFollows: boolean;
}

/**
 * Pictures of labels that the pointer rests on, with the heatmap where nobody has to wait for it. What is not ready in
 * time goes on in the background, until the pointer rests on a label of another image.
 */
export class HoverPictures<Label> implements Disposable {
  private current: { readonly image: string; readonly abort: AbortController } | undefined;

  constructor(
    private readonly source: CropSource<Label>,
    private readonly patience = hoverPatience,
  ) {}

  /** @param isAnalyzed whether the engine may have the label's image in memory */
  async of(image: string, label: Label, isAnalyzed: boolean): Promise<HoverPicture> {
    const { signal } = this.turnTo(image);
    if (isAnalyzed) {
      const crop = await this.source.plain(label);
      // Plain where the engine has forgotten the analysis.
      if (crop?.heat !== false) return { crop, heatFollows: false };
    }
    if (this.source.isBusy()) return { crop: await this.source.plain(label), heatFollows: false };
    const heated = await inTime(this.source.heated(label, signal), this.patience);
    if (heated === 'late') return { crop: await this.source.plain(label), heatFollows: !signal.aborted };
    return { crop: heated ?? (await this.source.plain(label)), heatFollows: false };
  }

  /** The pointer rests on a label of an image: what goes on for another one is given up. */
  turnTo(image: string): AbortController {
    if (this.current?.image !== image) {
      this.dispose();
      this.current = { image, abort: new AbortController() };
    }
    return this.current.abort;
  }

  dispose(): void {
    this.current?.abort.abort();
    this.current = undefined;
  }
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
