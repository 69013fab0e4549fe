import { open } from 'node:fs/promises';
import { UserError } from '../../common/errors';
import { fileError } from '../fileErrors';
import { quote } from '../labelProblems';
import { GrowingColumn } from './growingColumns';
import { IdKeys } from './idKeys';
import { hashBaseName } from './imageNames';
import { incomplete, JsonSyntaxError, ObjectSkimmer, skipValue, stringValue } from './jsonBytes';
import { JsonStream, type Skim } from './jsonStream';
import { TextPositions } from './textPositions';

/** Byte offsets and lengths of a list's objects, in the order of the file. */
export interface ByteRanges {
  readonly start: Float64Array;
  readonly length: Uint32Array;
}

/** Where everything stands in a COCO file, in columns: one entry per image or annotation, in the order of the file. */
export interface CocoScan {
  /** `key`: the id as {@link IdKeys} gives it, NaN without one; `nameHash`: {@link hashBaseName} of the file name. */
  readonly images: ByteRanges & { readonly key: Float64Array; readonly nameHash: Uint32Array };
  /** `imageKey`: key of the annotation's image, NaN without one. */
  readonly annotations: ByteRanges & { readonly imageKey: Float64Array };
  readonly categories: ByteRanges;
  /** Entries that are no object and images without a name: what they are, how many, and where the first stands. */
  readonly oddEntries: readonly { readonly what: string; readonly first: number; readonly count: number }[];
  readonly positions: TextPositions;
}

/** A JSON file that is no COCO label file, and why. */
export interface NotCoco {
  readonly notCoco: string;
  /** Whether a full scan might say otherwise. */
  readonly sniffed: boolean;
}

/** Larger files are only scanned on suspicion if their first key is one that COCO files begin with. */
const sniffBytes = 8 * 1024 * 1024;
const firstKeys = new Set(['info', 'licenses', 'images', 'annotations', 'categories', 'type']);
const maxEntries = 50_000_000;
const maxKeys = 10_000;

/**
 * Scans a COCO JSON file once from start to end, block by block: whatever its size, only positions and ids are kept.
 * @param options.sniff the file may be anything: give up early on large files that begin unlike COCO, and do not
 *   complain about malformed ones without a list of images or annotations
 * @throws UserError naming file and line for malformed JSON
 */
export async function scanCoco(file: string, options: { sniff: boolean }): Promise<CocoScan | NotCoco> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw fileError(error, file);
  });
  const positions = new TextPositions();
  const stream = new JsonStream(handle, bytes => positions.add(bytes));
  const lists = new CocoLists(stream);
  try {
    const { size } = await handle.stat();
    return (await scan(stream, lists, options.sniff && size > sniffBytes)) ?? lists.result(positions);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw fileError(error, file);
    if (options.sniff && lists.isEmpty) return { notCoco: error.message, sniffed: true };
    const { line } = await positions.locate(handle, stream.offsetOf(error.index));
    throw new UserError(`is not valid JSON: ${error.message}`, {
      where: `${file}:${line + 1}`,
      remedy: 'correct the file or export it again',
      cause: error,
    });
  } finally {
    await handle.close();
  }
}

/** Fills the lists; tells if the file is no COCO file. */
async function scan(stream: JsonStream, lists: CocoLists, onlyIfEvident: boolean): Promise<NotCoco | undefined> {
  const not = (reason: string, sniffed = false) => ({ notCoco: reason, sniffed });
  if (!(await stream.open())) return not('it holds no JSON object');
  const keys: string[] = [];
  for await (const key of stream.keys()) {
    if (onlyIfEvident && keys.length === 0 && !firstKeys.has(key)) return not(`it begins with ${quote(key)}`, true);
    if (keys.length < maxKeys) keys.push(key);
    const isList = await stream.atList();
    const skim = lists.skimmerOf(key);
    if (skim !== undefined && !isList) return not(`"${key}" is no list`);
    if (isList) await stream.list(skim);
    else await stream.value();
  }
  if (keys.includes('images') && keys.includes('annotations')) return undefined;
  const found = keys.length === 0 ? 'no keys' : `the keys ${keys.slice(0, 8).map(quote).join(', ')}`;
  return not(`it has ${found}, expected "images", "annotations" and "categories"`);
}

/** Collects the columns of the three lists that matter. */
class CocoLists {
  private readonly ids = new IdKeys();
  private readonly images = { ...rangeColumns(), key: GrowingColumn.float64(), nameHash: GrowingColumn.uint32() };
  private readonly annotations = { ...rangeColumns(), imageKey: GrowingColumn.float64() };
  private readonly categories = rangeColumns();
  private readonly odd = new Map<string, { first: number; count: number }>();

  constructor(private readonly stream: JsonStream) {}

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

  result(positions: TextPositions): CocoScan {
    const { images, annotations, categories, odd } = this;
    return {
      images: { ...ranges(images), key: images.key.toArray(), nameHash: images.nameHash.toArray() },
      annotations: { ...ranges(annotations), imageKey: annotations.imageKey.toArray() },
      categories: ranges(categories),
      oddEntries: [...odd].map(([what, { first, count }]) => ({ what, first, count })),
      positions,
    };
  }

  private imageSkimmer(): Skim {
    const { images, ids } = this;
    const fields = new ObjectSkimmer(['id', 'file_name', 'coco_url']);
    return (bytes, index, end) => {
      const after = fields.skim(bytes, index, end);
      if (after === incomplete) return incomplete;
      const [idStart, idEnd, nameStart, nameEnd, urlStart, urlEnd] = fields.ranges;
      const name = stringAt(bytes, nameStart, nameEnd) ?? stringAt(bytes, urlStart, urlEnd);
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
    const fields = new ObjectSkimmer(['image_id']);
    return (bytes, index, end) => {
      const after = fields.skim(bytes, index, end);
      if (after === incomplete) return incomplete;
      this.addRange(annotations, index, after);
      annotations.imageKey.push(ids.keyAt(bytes, fields.ranges[0], fields.ranges[1]));
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

function stringAt(bytes: Buffer, start: number, end: number): string | undefined {
  return start >= 0 && bytes[start] === 0x22 ? stringValue(bytes, start, end) : undefined;
}
