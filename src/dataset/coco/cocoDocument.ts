import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled, UserError } from '../../common/errors';
import type { TextChange, TextSource } from '../edit/textEdit';
import type { Label } from '../labels';
import { CocoLists, type CocoColumns } from './cocoLists';
import { JsonSyntaxError } from './jsonBytes';
import { JsonStream } from './jsonStream';
import { MovingRanges } from './movingRanges';
import { readAnnotation, readCategories, type CocoCategory } from './readAnnotation';
import { readImage, type CocoImage } from './readImage';
import { hashBaseName, matchName } from './imageNames';
import { readCocoLists } from './scanCoco';
import { TextBytes } from './textBytes';

/** A label in an open text. */
export interface DocumentLabel {
  /** 0-based position in `annotations`. */
  readonly ordinal: number;
  /** Offsets of the label's text. */
  readonly start: number;
  readonly end: number;
  readonly label: Omit<Label, 'source'>;
  /** The image it belongs to, as the text names it; undefined when it is not listed. */
  readonly image: CocoImage | undefined;
}

/** An entry takes some ten microseconds to parse. */
const batchSize = 500;
/** More edits at once than worth being followed one by one. */
const maxChanges = 1000;

/**
 * Where everything stands in the text of a COCO file that is open in an editor: offsets and ids, no text, about 25
 * bytes per annotation and image. While the text is edited, entries that stay whole keep their places; when an edit
 * may have changed what there is, `isStale` says so and {@link CocoDocument.open} on the new text finds out.
 */
export class CocoDocument {
  private stale = false;
  private readonly imageOfKey = new Map<number, number>();
  private readonly annotations: MovingRanges;
  private readonly images: MovingRanges;

  private constructor(
    readonly file: string,
    /** By id as text, in the order of the file. */
    readonly categories: ReadonlyMap<string, CocoCategory>,
    private readonly columns: CocoColumns,
  ) {
    this.annotations = new MovingRanges(columns.annotations);
    this.images = new MovingRanges(columns.images);
    columns.images.key.forEach((key, image) => {
      if (!this.imageOfKey.has(key)) this.imageOfKey.set(key, image);
    });
  }

  /**
   * Scans the text in small parts, between which other events get their turn.
   * @throws UserError for text that is no COCO file or malformed
   * @throws CancelledError once `signal` is aborted, as when the text has changed meanwhile
   */
  static async open(text: TextSource, file: string, options: { signal?: AbortSignal } = {}): Promise<CocoDocument> {
    const source = new TextBytes(text, options.signal);
    const stream: JsonStream = new JsonStream(source, () => undefined);
    const lists = new CocoLists(
      stream,
      source.decoder(index => stream.offsetOf(index)),
    );
    try {
      const not = await readCocoLists(stream, lists, false);
      const remedy = 'open one with ground truth';
      if (not !== undefined) throw new UserError(`is no COCO label file: ${not.notCoco}`, { where: file, remedy });
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      const where = `${file}, character ${stream.offsetOf(error.index) + 1}`;
      throw new UserError(`is not valid JSON: ${error.message}`, { where, remedy: 'correct the text', cause: error });
    }
    const columns = lists.result();
    const { start, length } = columns.categories;
    const texts = Array.from(start, (from, i) => text.slice(from, from + length[i]));
    return new CocoDocument(file, readCategories(texts), columns);
  }

  /** Whether the text has been edited since it was scanned. */
  get isStale(): boolean {
    return this.stale;
  }

  get labelCount(): number {
    return this.annotations.count;
  }

  /** An annotation id that is free, as of the scan. */
  get nextAnnotationId(): string {
    return this.columns.nextAnnotationId;
  }

  /** The list of annotations with its brackets, as of the scan. */
  get annotationList(): { readonly start: number; readonly end: number } | undefined {
    return this.columns.annotationList;
  }

  /** Takes note of edits, each of which refers to the text that the one before leads to. */
  apply(changes: readonly TextChange[]): void {
    if (changes.length > 0) this.stale = true;
    for (const ranges of [this.annotations, this.images]) {
      if (changes.length > maxChanges) ranges.clear();
      else for (const change of changes) ranges.apply(change);
    }
  }

  /**
   * The label that holds an offset, its end included.
   * @param text as it is now
   */
  labelAt(text: TextSource, offset: number): DocumentLabel | undefined {
    const ordinal = this.annotations.at(offset);
    return ordinal === undefined ? undefined : this.read(text, ordinal);
  }

  /** The image whose entry in `images` holds an offset, with its range. */
  imageAt(text: TextSource, offset: number): { image: CocoImage; start: number; end: number } | undefined {
    const ordinal = this.images.at(offset);
    const range = ordinal === undefined ? undefined : this.images.rangeOf(ordinal);
    if (ordinal === undefined || range === undefined) return undefined;
    return { image: readImage(text.slice(range.start, range.end), ordinal), ...range };
  }

  /** All labels in the order of the text, in batches between which other events get their turn. */
  async *labels(text: TextSource, options: { signal?: AbortSignal } = {}): AsyncGenerator<readonly DocumentLabel[]> {
    for (let from = 0; from < this.labelCount; from += batchSize) {
      await setImmediate();
      throwIfCancelled(options.signal);
      const batch: DocumentLabel[] = [];
      for (let ordinal = from; ordinal < Math.min(this.labelCount, from + batchSize); ordinal++) {
        const label = this.read(text, ordinal);
        if (label !== undefined) batch.push(label);
      }
      yield batch;
    }
  }

  /** The text of an annotation and where it stands; negative ordinals count from the end. */
  entry(text: TextSource, ordinal: number): { text: string; start: number; end: number } | undefined {
    const range = this.annotations.rangeOf(ordinal < 0 ? this.labelCount + ordinal : ordinal);
    return range && { text: text.slice(range.start, range.end), ...range };
  }

  /** The text of the entry of an image. */
  imageEntry(text: TextSource, ordinal: number): string | undefined {
    const range = this.images.rangeOf(ordinal);
    return range && text.slice(range.start, range.end);
  }

  /** The entry that names an image best, the first among equals, with its range. */
  findImage(text: TextSource, file: string): { text: string; start: number; end: number } | undefined {
    const { nameHash } = this.columns.images;
    const hash = hashBaseName(file);
    let best: { score: number; ordinal: number } | undefined;
    for (let i = nameHash.indexOf(hash); i >= 0; i = nameHash.indexOf(hash, i + 1)) {
      const source = this.imageEntry(text, i);
      const match = source === undefined ? undefined : matchName(readImage(source, i).name, file, dirname(this.file));
      if (match !== undefined && (best === undefined || match.score > best.score)) {
        best = { score: match.score, ordinal: i };
      }
    }
    const range = best && this.images.rangeOf(best.ordinal);
    return range && { text: text.slice(range.start, range.end), ...range };
  }

  private read(text: TextSource, ordinal: number): DocumentLabel | undefined {
    const entry = this.entry(text, ordinal);
    if (entry === undefined) return undefined;
    const { start, end } = entry;
    const source = { file: this.file, start, end, line: 0, column: 0 };
    const read = readAnnotation(entry.text, source, ordinal + 1, this.categories, () => undefined);
    if (read === undefined) return undefined;
    const { id, category, categoryId, box, crowd, difficult } = read;
    const image = this.imageOfKey.get(this.columns.annotations.imageKey[ordinal]);
    const imageText = image === undefined ? undefined : this.imageEntry(text, image);
    return {
      ordinal,
      start,
      end,
      label: { id, category, categoryId, box, crowd, difficult },
      image: image === undefined || imageText === undefined ? undefined : readImage(imageText, image),
    };
  }
}
