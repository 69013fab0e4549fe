import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../dataset/dataset';
import { openDataset } from '../dataset/openDataset';
import type { LabelFormat } from '../dataset/labels';
import { stepsPerTurn } from '../dataset/turns';
import type { ImagePlace } from '../protocol/messages';
import { imagesBeside } from './imageFolder';

/** A list that has been read is taken as it was for this long; then it is read anew, behind what goes on. */
const freshMs = 30_000;

/** Images in an order, each by its absolute path. */
export class ImageList {
  private readonly indices = new Map<string, number>();

  constructor(private readonly files: readonly string[]) {}

  /** The images of a data set in its order; other events get their turn meanwhile. */
  static async of(dataset: Pick<Dataset, 'images'>): Promise<ImageList> {
    const files: string[] = [];
    const list = new ImageList(files);
    for await (const { file } of dataset.images()) {
      list.indices.set(keyOf(file), files.push(file) - 1);
      if (files.length % stepsPerTurn === 0) await setImmediate();
    }
    return list;
  }

  static async beside(image: string): Promise<ImageList> {
    const files = await imagesBeside(image);
    const list = new ImageList(files);
    files.forEach((file, i) => list.indices.set(keyOf(file), i));
    return list;
  }

  placeOf(image: string): ImagePlace | undefined {
    const index = this.indices.get(keyOf(image));
    return index === undefined ? undefined : { index, count: this.files.length };
  }

  /** The image before or after one of the list; undefined at either end, and for one that is not in it. */
  neighbor(image: string, direction: 1 | -1): string | undefined {
    const place = this.placeOf(image);
    return place === undefined ? undefined : this.files[place.index + direction];
  }
}

interface NamedDataset {
  readonly path: string;
  readonly format: LabelFormat;
}

interface KnownList {
  readonly dataset: NamedDataset;
  readonly list: Promise<ImageList | undefined>;
  /** When reading began, in milliseconds. */
  readonly since: number;
}

/**
 * The order in which one goes from image to image: that of the current data set for its images, in whatever folders they
 * are, and that of a file manager for others. A data set's images are listed once and then again now and then, never
 * for each image.
 */
export class ImageOrder {
  private known: KnownList | undefined;
  private renewing: KnownList | undefined;

  /** @param current the current data set */
  constructor(
    private readonly current: () => NamedDataset | undefined,
    private readonly open: (dataset: NamedDataset) => Promise<Pick<Dataset, 'images'>> = openNamed,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * The list that an image stands in.
   * @throws where the image is none of the data set's and its folder cannot be read
   */
  async around(image: string): Promise<ImageList> {
    const list = await this.datasetList();
    return list?.placeOf(image) === undefined ? ImageList.beside(image) : list;
  }

  /** Undefined where that cannot be told. */
  async placeOf(image: string): Promise<ImagePlace | undefined> {
    try {
      return (await this.around(image)).placeOf(image);
    } catch {
      return undefined;
    }
  }

  private datasetList(): Promise<ImageList | undefined> {
    const dataset = this.current();
    if (dataset === undefined) return Promise.resolve(undefined);
    if (this.known === undefined || !isSame(this.known.dataset, dataset)) this.known = this.read(dataset);
    else if (this.now() - this.known.since > freshMs) this.renew(dataset);
    return this.known.list;
  }

  /** Images may have come or gone: the list is read anew while the former one is in use. */
  private renew(dataset: NamedDataset): void {
    if (this.renewing !== undefined && isSame(this.renewing.dataset, dataset)) return;
    const next = this.read(dataset);
    this.renewing = next;
    void next.list.then(() => {
      if (this.renewing !== next) return;
      this.renewing = undefined;
      if (this.known !== undefined && isSame(this.known.dataset, dataset)) this.known = next;
    });
  }

  /** One that cannot be read leads nowhere: the analysis of its images says what is wrong with it. */
  private read(dataset: NamedDataset): KnownList {
    const list = this.open(dataset)
      .then(opened => ImageList.of(opened))
      .catch(() => undefined);
    return { dataset, list, since: this.now() };
  }
}

function openNamed({ path, format }: NamedDataset): Promise<Dataset> {
  return openDataset(path, { format });
}

function isSame(a: NamedDataset, b: NamedDataset): boolean {
  return a.path === b.path && a.format === b.format;
}

/** Windows means the same file however its letters are written. */
function keyOf(file: string): string {
  return process.platform === 'win32' ? file.toLowerCase() : file;
}
