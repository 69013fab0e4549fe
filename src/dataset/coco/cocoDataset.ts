import { basename, dirname } from 'node:path';
import { throwIfCancelled, UserError } from '../../common/errors';
import type { Dataset, DatasetCategory, DatasetImage, ImagesOptions } from '../dataset';
import { boundaryOf } from '../datasetPaths';
import type { LabelIndex } from '../labelIndex';
import { ProblemList } from '../labelProblems';
import type { ImageLabels, LabelledImage, LabelProblem } from '../labels';
import { requireReadable } from '../requireReadable';
import { CocoImageFiles } from './cocoImageFiles';
import { CocoIndex } from './cocoIndex';
import { readCoco } from './readCoco';

const batchSize = 500;

/** A COCO JSON file and the images it names. */
export class CocoDataset implements Dataset {
  readonly format = 'coco';
  readonly splits = [];
  readonly root: string;
  readonly labelFiles: readonly string[];
  readonly problems: readonly LabelProblem[];

  private constructor(
    readonly path: string,
    private readonly coco: CocoIndex,
    private readonly labelIndex: LabelIndex,
    private readonly files: CocoImageFiles,
  ) {
    const folder = dirname(path);
    this.root = /^(?:annotations|labels)$/i.test(basename(folder)) ? dirname(folder) : folder;
    this.labelFiles = [path];
    const problems = new ProblemList();
    coco.addFileProblems(problems);
    this.problems = problems.toArray();
  }

  /** @throws UserError for a file that is malformed or no COCO file */
  static async open(
    file: string,
    options: { index: LabelIndex; imageFolders: readonly string[] },
  ): Promise<CocoDataset> {
    const coco = await scanned(file, options.index);
    const firstNames = (await coco.images(0, 50)).map(({ name }) => name);
    const files = await CocoImageFiles.open(file, await boundaryOf(file), options.imageFolders, firstNames);
    return new CocoDataset(file, coco, options.index, files);
  }

  get imageCount(): number {
    return this.coco.imageCount;
  }

  categories(): Promise<readonly DatasetCategory[]> {
    return Promise.resolve([...this.coco.categories.values()]);
  }

  async *images({ split, signal, onMissing }: ImagesOptions = {}): AsyncGenerator<DatasetImage> {
    if (split !== undefined)
      throw new UserError('a COCO file has no splits', { where: this.path, remedy: 'open the file of the split' });
    for (let from = 0; from < this.imageCount; from += batchSize) {
      throwIfCancelled(signal);
      for (const { ordinal, name, width, height } of await this.coco.images(from, from + batchSize)) {
        const found = await this.files.find(name);
        if ('file' in found) yield { file: found.file, name, split, width, height, ordinal };
        else onMissing?.({ name, split, reason: found.reason });
      }
    }
  }

  async labelsOf(
    image: DatasetImage,
    { width, height }: Pick<LabelledImage, 'width' | 'height'>,
  ): Promise<ImageLabels | undefined> {
    const labelled = { file: image.file, width, height };
    const now = await scanned(this.path, this.labelIndex);
    // The file may have been changed meanwhile: then the image has to be looked up by its name.
    const match = now === this.coco ? await now.matchAt(image.ordinal) : await now.findImage(labelled);
    return match === undefined ? undefined : requireReadable(await readCoco(now, match, labelled));
  }
}

async function scanned(file: string, index: LabelIndex): Promise<CocoIndex> {
  const coco = await index.coco(file, { sniff: false });
  if (coco instanceof CocoIndex) return coco;
  throw new UserError(`is no COCO label file: ${coco.notCoco}`, {
    where: file,
    remedy: 'name a COCO file with ground truth',
  });
}
