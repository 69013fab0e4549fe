import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled, UserError } from '../../common/errors';
import type { Dataset, DatasetCategory, DatasetImage, DatasetSplit, ImagesOptions } from '../dataset';
import { ProblemList } from '../labelProblems';
import type { ImageLabels, LabelledImage, LabelProblem } from '../labels';
import { requireReadable } from '../requireReadable';
import { isRegularFile } from '../searchFolders';
import { noSuchSplit } from '../splits';
import { inTurns, stepsPerTurn } from '../turns';
import { findVocFolder, VocImageFiles, type VocFolder } from './vocFolder';
import { readVoc, readVocNames } from './readVoc';
import { readVocSets } from './vocSets';

/** A folder of Pascal VOC files and the images they belong to. Without a split it lists the images with an XML file. */
export class VocDataset implements Dataset {
  readonly format = 'voc';
  readonly root: string;
  readonly labelFiles: readonly string[];
  readonly splits: readonly DatasetSplit[];
  private used: Promise<readonly DatasetCategory[]> | undefined;

  private constructor(
    readonly path: string,
    private readonly folder: VocFolder,
    private readonly files: VocImageFiles,
    private readonly sets: ReadonlyMap<string, readonly string[]>,
    private readonly ordinals: ReadonlyMap<string, number>,
    readonly problems: readonly LabelProblem[],
  ) {
    this.root = folder.root;
    this.labelFiles = [folder.annotations];
    this.splits = [...sets].map(([name, stems]) => ({ name, imageCount: stems.length }));
  }

  /** @throws UserError for a folder without XML files */
  static async open(
    path: string,
    options: { imageFolders: readonly string[]; signal?: AbortSignal | undefined },
  ): Promise<VocDataset> {
    const folder = await findVocFolder(path, options.signal);
    if (folder === undefined)
      throw new UserError('holds no Pascal VOC files', {
        where: path,
        remedy: 'name a folder with Annotations/*.xml and JPEGImages',
      });
    const problems = new ProblemList();
    const sets = await readVocSets(folder.root, problems);
    const files = await VocImageFiles.open(folder, options.imageFolders, options.signal);
    const ordinals = new Map<string, number>();
    for (const stems of [folder.stems, ...sets.values()]) {
      await inTurns(stems.length, i => {
        const stem = stems[i] ?? '';
        if (!ordinals.has(stem)) ordinals.set(stem, ordinals.size);
      });
    }
    return new VocDataset(path, folder, files, sets, ordinals, problems.toArray());
  }

  get imageCount(): number {
    return this.folder.stems.length;
  }

  categories(options: { signal?: AbortSignal } = {}): Promise<readonly DatasetCategory[]> {
    const reading = this.used ?? this.readCategories(options.signal);
    this.used = reading;
    // What was cancelled or could not be read may be asked for again.
    reading.catch(() => {
      if (this.used === reading) this.used = undefined;
    });
    return reading;
  }

  async *images({ split, signal, onMissing }: ImagesOptions = {}): AsyncGenerator<DatasetImage> {
    const stems = split === undefined ? this.folder.stems : this.sets.get(split);
    if (stems === undefined) throw noSuchSplit(split, this);
    for (const [i, stem] of stems.entries()) {
      if (i % stepsPerTurn === 0) await setImmediate();
      throwIfCancelled(signal);
      const file = this.files.find(stem);
      const ordinal = this.ordinals.get(stem) ?? -1;
      if (file === undefined) onMissing?.({ name: stem, split, reason: 'there is no image of that name' });
      else yield { file, name: stem, split, width: undefined, height: undefined, ordinal };
    }
  }

  async labelsOf(
    image: DatasetImage,
    { width, height }: Pick<LabelledImage, 'width' | 'height'>,
  ): Promise<ImageLabels | undefined> {
    const xml = join(this.folder.annotations, `${image.name}.xml`);
    if (!(await isRegularFile(xml))) return undefined;
    return requireReadable(await readVoc(xml, { file: image.file, width, height }));
  }

  private async readCategories(signal: AbortSignal | undefined): Promise<readonly DatasetCategory[]> {
    const names = new Set<string>();
    for (const stem of this.folder.stems) {
      throwIfCancelled(signal);
      try {
        for (const name of await readVocNames(join(this.folder.annotations, `${stem}.xml`))) names.add(name);
      } catch (error) {
        // What is wrong with the file is said when its labels are read.
        if (!(error instanceof UserError)) throw error;
      }
    }
    return [...names].sort().map(name => ({ name, id: undefined }));
  }
}
