import { throwIfCancelled, UserError } from '../../common/errors';
import type { Dataset, DatasetCategory, DatasetImage, DatasetSplit, ImagesOptions } from '../dataset';
import type { LabelIndex } from '../labelIndex';
import { ProblemList } from '../labelProblems';
import type { ImageLabels, LabelledImage, LabelProblem } from '../labels';
import { readYamlLabels } from '../labelsAt';
import { noSuchSplit } from '../splits';
import type { ClassNames } from './classNames';
import { listYoloImages, type YoloImage, type YoloImages } from './yoloImages';

/** A YOLO data set: its `data.yaml`, the images that it leads to and the label files that belong to these. */
export class YoloDataset implements Dataset {
  readonly format = 'yolo';
  readonly root: string;
  readonly labelFiles: readonly string[];
  readonly splits: readonly DatasetSplit[];
  readonly imageCount: number;
  private readonly ordered: ReadonlyMap<string, { readonly image: YoloImage; split: string; ordinal: number }>;

  private constructor(
    readonly path: string,
    private readonly classes: ClassNames,
    private readonly listed: YoloImages,
    private readonly labelIndex: LabelIndex,
    readonly problems: readonly LabelProblem[],
  ) {
    this.root = listed.root;
    this.labelFiles = [path];
    this.splits = [...listed.splits].map(([name, images]) => ({ name, imageCount: images.length }));
    const ordered = new Map<string, { image: YoloImage; split: string; ordinal: number }>();
    for (const [split, images] of listed.splits)
      for (const image of images) {
        const key = image.file ?? image.name;
        if (!ordered.has(key)) ordered.set(key, { image, split, ordinal: ordered.size });
      }
    this.ordered = ordered;
    this.imageCount = ordered.size;
  }

  /** @throws UserError for a file without `names`, or one that leads to no images */
  static async open(
    yaml: string,
    options: { index: LabelIndex; imageFolders: readonly string[]; signal?: AbortSignal | undefined },
  ): Promise<YoloDataset> {
    const classes = await options.index.classNames(yaml);
    if (classes === undefined)
      throw new UserError('has no `names`', { where: yaml, remedy: 'name the data.yaml of a YOLO data set' });
    const problems = new ProblemList();
    for (const problem of classes.problems) problems.add(yaml, 0, problem);
    const listed = await listYoloImages(classes, options.imageFolders, problems, options.signal);
    return new YoloDataset(yaml, classes, listed, options.index, problems.toArray());
  }

  categories(): Promise<readonly DatasetCategory[]> {
    return Promise.resolve([...this.classes.names].map(([id, name]) => ({ id, name })));
  }

  async *images({ split, signal, onMissing }: ImagesOptions = {}): AsyncGenerator<DatasetImage> {
    const images =
      split === undefined ? [...this.ordered.values()].map(({ image }) => image) : this.listed.splits.get(split);
    if (images === undefined) throw noSuchSplit(split, this);
    for (const { file, name, reason } of images) {
      throwIfCancelled(signal);
      const entry = this.ordered.get(file ?? name);
      const where = split ?? entry?.split;
      if (file === undefined) onMissing?.({ name, split: where, reason });
      else
        yield await Promise.resolve({
          file,
          name,
          split: where,
          width: undefined,
          height: undefined,
          ordinal: entry?.ordinal ?? -1,
        });
    }
  }

  labelsOf(
    image: DatasetImage,
    { width, height }: Pick<LabelledImage, 'width' | 'height'>,
  ): Promise<ImageLabels | undefined> {
    return readYamlLabels({ file: image.file, width, height }, this.path, this.labelIndex);
  }
}
