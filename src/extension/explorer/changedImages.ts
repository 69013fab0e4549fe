/** Images whose labels have changed since they were analyzed. */
export interface ImageChanges {
  readonly images: ReadonlySet<string>;
  /** Nobody knows which ones: any may have. */
  readonly any: boolean;
}

/** Collects images to be analyzed again, until they have been. */
export class ChangedImages {
  private images = new Set<string>();
  private any = false;

  get isEmpty(): boolean {
    return this.images.size === 0 && !this.any;
  }

  /** What has come together by now. */
  get all(): ImageChanges {
    return { images: new Set(this.images), any: this.any };
  }

  add(images: Iterable<string>): void {
    for (const image of images) this.images.add(image);
  }

  addAny(): void {
    this.any = true;
  }

  /** Hands over what has come together. */
  take(): ImageChanges {
    const { all } = this;
    this.clear();
    return all;
  }

  /** Takes back what was not dealt with after all. */
  putBack({ images, any }: ImageChanges): void {
    this.add(images);
    this.any ||= any;
  }

  clear(): void {
    this.images = new Set();
    this.any = false;
  }
}
