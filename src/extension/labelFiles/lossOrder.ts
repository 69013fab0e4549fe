import type { ImageFacts, LabelRef, Standing } from './labelFacts';

interface Entry extends LabelRef {
  readonly category: string;
  readonly loss: number;
}

/** The labels of some images by descending focal loss; labels that take no part in the loss are left out. */
export class LossOrder {
  private readonly entries: readonly Entry[];
  private readonly places = new Map<string, number>();
  private readonly images: number;
  /** By class: ascending losses. */
  private readonly classes = new Map<string, number[]>();

  constructor(images: readonly ImageFacts[]) {
    this.images = images.length;
    const entries: Entry[] = [];
    for (const { image, labels } of images) {
      labels.forEach(({ category, classification, excluded }, index) => {
        if (excluded === undefined) entries.push({ image: image.file, index, category, loss: classification });
      });
    }
    // Equal losses keep the order of the images, so that going to the next one meets every label once.
    this.entries = entries.sort((a, b) => b.loss - a.loss);
    this.entries.forEach((entry, place) => this.places.set(keyOf(entry), place));
    for (const { category, loss } of [...this.entries].reverse()) {
      const losses = this.classes.get(category) ?? [];
      losses.push(loss);
      this.classes.set(category, losses);
    }
  }

  standingOf(label: LabelRef): Standing | undefined {
    const place = this.places.get(keyOf(label));
    if (place === undefined) return undefined;
    const losses = this.classes.get(this.entries[place].category) ?? [];
    return {
      rank: place + 1,
      of: this.entries.length,
      images: this.images,
      classMedian: median(losses),
      classLabels: losses.length,
    };
  }

  after(label: LabelRef): LabelRef | undefined {
    const next = this.entries[(this.places.get(keyOf(label)) ?? -1) + 1] as Entry | undefined;
    return next && { image: next.image, index: next.index };
  }
}

function keyOf({ image, index }: LabelRef): string {
  return `${index} ${image}`;
}

/** @param sorted ascending; 0 when empty */
function median(sorted: readonly number[]): number {
  if (sorted.length === 0) return 0;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
