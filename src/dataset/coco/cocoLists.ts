import { GrowingColumn } from './growingColumns';
import { IdKeys, LargestId } from './idKeys';
import { hashBaseName } from './imageNames';
import { incomplete, JsonSyntaxError, ObjectSkimmer, skipValue, type DecodeString } from './jsonBytes';
import type { JsonStream, Skim } from './jsonStream';

const maxEntries = 50_000_000;

/** Byte offsets and lengths of a list's objects, in the order of the file. */
export interface ByteRanges {
  readonly start: Float64Array;
  readonly length: Uint32Array;
}

/** Where everything stands in a COCO file, in columns: one entry per image or annotation, in the order of the file. */
export interface CocoColumns {
  /** `key`: the id as {@link IdKeys} gives it, NaN without one; `nameHash`: {@link hashBaseName} of the file name. */
  readonly images: ByteRanges & { readonly key: Float64Array; readonly nameHash: Uint32Array };
  /** `imageKey`: key of the annotation's image, NaN without one. */
  readonly annotations: ByteRanges & { readonly imageKey: Float64Array };
  readonly categories: ByteRanges;
  /** Entries that are no object and images without a name: what they are, how many, and where the first stands. */
  readonly oddEntries: readonly { readonly what: string; readonly first: number; readonly count: number }[];
  /** The list of annotations, brackets included; undefined where there is none. */
  readonly annotationList: { readonly start: number; readonly end: number } | undefined;
  /** An annotation id that is free: one more than the largest. */
  readonly nextAnnotationId: string;
}

/** Collects the columns of the three lists that matter. */
export class CocoLists {
  private readonly ids: IdKeys;
  private readonly annotationIds = new LargestId();
  private annotationList: CocoColumns['annotationList'];
  private readonly images = { ...rangeColumns(), key: GrowingColumn.float64(), nameHash: GrowingColumn.uint32() };
  private readonly annotations = { ...rangeColumns(), imageKey: GrowingColumn.float64() };
  private readonly categories = rangeColumns();
  private readonly odd = new Map<string, { first: number; count: number }>();

  constructor(
    private readonly stream: JsonStream,
    private readonly decode: DecodeString,
  ) {
    this.ids = new IdKeys(decode);
  }

  get isEmpty(): boolean {
    return this.images.start.length === 0 && this.annotations.start.length === 0;
  }

  skimmerOf(key: string): Skim | undefined {
    switch (key) {
      case 'images':
        return this.objectsOf(key, this.imageSkimmer());
      case 'annotations':
        return this.objectsOf(key, this.annotationSkimmer());
      case 'categories':
        return this.objectsOf(key, this.categorySkimmer());
      default:
        return undefined;
    }
  }

  /** Told of each list that has been read; the last of several equal keys counts. */
  addList(key: string, start: number, end: number): void {
    if (key === 'annotations') this.annotationList = { start, end };
  }

  result(): CocoColumns {
    const { images, annotations, categories, odd } = this;
    return {
      images: { ...ranges(images), key: images.key.toArray(), nameHash: images.nameHash.toArray() },
      annotations: { ...ranges(annotations), imageKey: annotations.imageKey.toArray() },
      categories: ranges(categories),
      oddEntries: [...odd].map(([what, { first, count }]) => ({ what, first, count })),
      annotationList: this.annotationList,
      nextAnnotationId: this.annotationIds.next,
    };
  }

  private imageSkimmer(): Skim {
    const { images, ids } = this;
    const fields = new ObjectSkimmer(['id', 'file_name', 'coco_url']);
    return (bytes, index, end) => {
      const after = fields.skim(bytes, index, end);
      if (after === incomplete) return incomplete;
      const [idStart, idEnd, nameStart, nameEnd, urlStart, urlEnd] = fields.ranges;
      const name = this.stringAt(bytes, nameStart, nameEnd) ?? this.stringAt(bytes, urlStart, urlEnd);
      if (name === undefined) {
        this.addOdd('"images": no "file_name"', index);
        return after;
      }
      this.addRange(images, index, after);
      images.key.push(ids.keyAt(bytes, idStart, idEnd));
      images.nameHash.push(hashBaseName(name));
      return after;
    };
  }

  private annotationSkimmer(): Skim {
    const { annotations, ids } = this;
    const fields = new ObjectSkimmer(['image_id', 'id']);
    return (bytes, index, end) => {
      const after = fields.skim(bytes, index, end);
      if (after === incomplete) return incomplete;
      this.addRange(annotations, index, after);
      annotations.imageKey.push(ids.keyAt(bytes, fields.ranges[0], fields.ranges[1]));
      this.annotationIds.add(bytes, fields.ranges[2], fields.ranges[3]);
      return after;
    };
  }

  private categorySkimmer(): Skim {
    return (bytes, index, end) => {
      const after = skipValue(bytes, index, end);
      if (after !== incomplete) this.addRange(this.categories, index, after);
      return after;
    };
  }

  private objectsOf(key: string, skim: Skim): Skim {
    return (bytes, index, end) => {
      if (bytes[index] === 0x7b) return skim(bytes, index, end);
      const after = skipValue(bytes, index, end);
      if (after !== incomplete) this.addOdd(`"${key}": no object`, index);
      return after;
    };
  }

  private stringAt(bytes: Buffer, start: number, end: number): string | undefined {
    return start >= 0 && bytes[start] === 0x22 ? this.decode(bytes, start, end) : undefined;
  }

  private addRange(columns: ReturnType<typeof rangeColumns>, index: number, after: number): void {
    if (columns.start.length === maxEntries) throw new JsonSyntaxError(index, `more than ${maxEntries} entries`);
    columns.start.push(this.stream.offsetOf(index));
    columns.length.push(after - index);
  }

  private addOdd(what: string, index: number): void {
    const known = this.odd.get(what);
    if (known !== undefined) known.count++;
    else this.odd.set(what, { first: this.stream.offsetOf(index), count: 1 });
  }
}

function rangeColumns() {
  return { start: GrowingColumn.float64(), length: GrowingColumn.uint32() };
}

function ranges(columns: ReturnType<typeof rangeColumns>): ByteRanges {
  return { start: columns.start.toArray(), length: columns.length.toArray() };
}
