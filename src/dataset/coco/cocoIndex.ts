import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../common/errors';
import { fileError } from '../fileErrors';
import type { ProblemList } from '../labelProblems';
import { quote } from '../labelProblems';
import type { LabelledImage } from '../labels';
import type { ByteRanges } from './cocoLists';
import { groupAnnotations, type AnnotationGroups } from './groupAnnotations';
import { hashBaseName, matchName } from './imageNames';
import { readCategory, type CocoCategory } from './readAnnotation';
import { readImage, type CocoImage } from './readImage';
import { readEntries, readTexts, type EntryText } from './readEntries';
import { scanCoco, type CocoScan, type NotCoco } from './scanCoco';

/** An entry of `images` that names an image. */
export interface CocoImageMatch {
  /** 0-based among the entries with a name. */
  readonly ordinal: number;
  readonly name: string;
  readonly score: number;
  /** Whether the whole name agrees with the image's path, and not its base name or last parts alone. */
  readonly whole: boolean;
  /** As the file states it; undefined where it does not. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  /** 0-based. */
  readonly line: number;
  /** Other entries that name the image equally well. */
  readonly rivals: number;
}

const maxCandidates = 10_000;
const maxCategories = 100_000;
/** Annotations whose texts are in memory together. */
const batchSize = 1000;

/**
 * A COCO file that has been scanned: knows where every image and annotation stands and reads from the file what is
 * asked for. Holds 24 bytes per image and 20 per annotation, no text.
 */
export class CocoIndex {
  private constructor(
    readonly file: string,
    private readonly scan: Omit<CocoScan, 'annotations'> & { readonly annotations: ByteRanges },
    private readonly groups: AnnotationGroups,
    /** By id as text, in the order of the file. */
    readonly categories: ReadonlyMap<string, CocoCategory>,
    /** Adds what is wrong with the file as a whole. */
    readonly addFileProblems: (problems: ProblemList) => void,
  ) {}

  /**
   * Scans the file.
   * @param options.sniff give up early on large files that are evidently something else
   * @throws UserError naming file and line for malformed JSON
   */
  static async open(file: string, options: { sniff: boolean }): Promise<CocoIndex | NotCoco> {
    const scan = await scanCoco(file, options);
    if ('notCoco' in scan) return scan;
    const { start, length, imageKey } = scan.annotations;
    const groups = await groupAnnotations(scan.images.key, imageKey);
    return withFile(file, async handle => {
      const { categories, addProblems } = await readCategories(handle, file, scan);
      const lineOf = async (offset: number) => (await scan.positions.locate(handle, offset)).line;
      const odd: { line: number; message: string }[] = [];
      for (const { what, first, count } of scan.oddEntries)
        odd.push({
          line: await lineOf(first),
          message: `${what}: ${count} entries are left out, the first of them here`,
        });
      const { unlisted } = groups;
      if (unlisted.count > 0)
        odd.push({
          line: await lineOf(start[unlisted.first]),
          message: `${unlisted.count} annotations name no listed image, the first of them here`,
        });
      return new CocoIndex(file, { ...scan, annotations: { start, length } }, groups, categories, problems => {
        addProblems(problems);
        for (const { line, message } of odd) problems.add(file, line, message);
      });
    });
  }

  get imageCount(): number {
    return this.scan.images.start.length;
  }

  get annotationCount(): number {
    return this.scan.annotations.start.length;
  }

  /** Memory held, in bytes, about. */
  get byteLength(): number {
    return 24 * this.imageCount + 20 * this.annotationCount + 100_000;
  }

  /** Entries `from` to `to - 1` of the images that have a name. */
  async images(from: number, to: number): Promise<CocoImage[]> {
    const ordinals = Array.from({ length: Math.max(0, Math.min(to, this.imageCount) - from) }, (_, i) => from + i);
    const texts = await withFile(this.file, handle => readTexts(handle, this.scan.images, ordinals));
    return texts.map((text, i) => readImage(text, ordinals[i]));
  }

  /** An image of the list, as {@link findImage} would give it. */
  async matchAt(ordinal: number): Promise<CocoImageMatch> {
    const [entry] = await this.read(this.scan.images, [ordinal]);
    const { name, width, height } = readImage(entry.text, ordinal);
    const size = width === undefined || height === undefined ? undefined : { width, height };
    return { ordinal, name, score: 0, whole: true, size, line: entry.position.line, rivals: 0 };
  }

  /** The entry that names the image best; among equals the one that states the image's size, then the first. */
  async findImage(image: LabelledImage): Promise<CocoImageMatch | undefined> {
    const hash = hashBaseName(image.file);
    const candidates: number[] = [];
    const { nameHash } = this.scan.images;
    for (let i = nameHash.indexOf(hash); i >= 0 && candidates.length < maxCandidates; i = nameHash.indexOf(hash, i + 1))
      candidates.push(i);
    if (candidates.length === 0) return undefined;
    const entries = await this.read(this.scan.images, candidates);

    let best: CocoImageMatch | undefined;
    let rivals = 0;
    entries.forEach((entry, i) => {
      const match = matchEntry(entry, candidates[i], image, dirname(this.file));
      if (match === undefined) return;
      if (best === undefined || match.score > best.score) {
        best = match;
        rivals = 0;
      } else if (match.score === best.score) {
        rivals++;
        if (!hasSize(best, image) && hasSize(match, image)) best = match;
      }
    });
    return best && { ...best, rivals };
  }

  /** Texts and positions of an image's annotations, with their 0-based index in the file. */
  async *annotationsOf(image: number): AsyncGenerator<EntryText & { readonly ordinal: number }> {
    const { slotOfImage, first, order } = this.groups;
    const slot = slotOfImage[image];
    if (slot < 0) return;
    for (let from = first[slot]; from < first[slot + 1]; from += batchSize) {
      const ordinals = [...order.subarray(from, Math.min(from + batchSize, first[slot + 1]))];
      const entries = await this.read(this.scan.annotations, ordinals);
      for (const [i, entry] of entries.entries()) yield { ...entry, ordinal: ordinals[i] };
    }
  }

  /** What is wrong with the file as a whole, and with the id of an image in it. */
  addProblems(problems: ProblemList, match: CocoImageMatch): void {
    const slot = this.groups.slotOfImage[match.ordinal];
    if (slot < 0)
      problems.leaveOut(this.file, match.line, `image ${quote(match.name)} has no usable "id", so no labels`);
    else {
      const sharing = this.groups.slotOfImage.indexOf(slot) !== this.groups.slotOfImage.lastIndexOf(slot);
      if (sharing) problems.add(this.file, match.line, `several images have the id of ${quote(match.name)}`);
    }
    this.addFileProblems(problems);
  }

  private read(ranges: ByteRanges, ordinals: readonly number[]): Promise<EntryText[]> {
    return withFile(this.file, handle => readEntries(handle, this.scan.positions, ranges, ordinals));
  }
}

function matchEntry(
  { text, position }: EntryText,
  ordinal: number,
  image: LabelledImage,
  folder: string,
): CocoImageMatch | undefined {
  const { name, width, height } = readImage(text, ordinal);
  const match = name === '' ? undefined : matchName(name, image.file, folder);
  if (match === undefined) return undefined;
  const size = width === undefined || height === undefined ? undefined : { width, height };
  return { ordinal, name, ...match, size, line: position.line, rivals: 0 };
}

function hasSize({ size }: CocoImageMatch, image: LabelledImage): boolean {
  return size?.width === image.width && size.height === image.height;
}

async function readCategories(handle: FileHandle, file: string, { categories, positions }: CocoScan) {
  const count = Math.min(categories.start.length, maxCategories);
  const entries = await readEntries(
    handle,
    positions,
    categories,
    Array.from({ length: count }, (_, i) => i),
  );
  const found = new Map<string, CocoCategory>();
  const wrong: { line: number; message: string }[] = [];
  for (const { text, position } of entries) {
    const read = readCategory(text);
    if (read === undefined) wrong.push({ line: position.line, message: 'a category without "id" is left out' });
    else if (found.has(read.key))
      wrong.push({ line: position.line, message: `category ${quote(read.key)} is stated twice, the first counts` });
    else found.set(read.key, read.category);
  }
  const addProblems = (problems: ProblemList) => {
    for (const { line, message } of wrong) problems.add(file, line, message);
  };
  return { categories: found, addProblems };
}

async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw fileError(error, file);
  });
  try {
    return await use(handle);
  } catch (error) {
    throw error instanceof UserError ? error : fileError(error, file);
  } finally {
    await handle.close();
  }
}
