import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled, UserError } from '../../common/errors';
import type { Dataset, DatasetCategory, DatasetImage, DatasetSplit, ImagesOptions } from '../dataset';
import type { LabelIndex } from '../labelIndex';
import { ProblemList } from '../labelProblems';
import type { ImageLabels, LabelledImage, LabelProblem } from '../labels';
import { readYamlLabels } from '../labelsAt';
import { requireReadable } from '../requireReadable';
import { noSuchSplit } from '../splits';
import { inTurns, stepsPerTurn } from '../turns';
import type { ClassNames } from './classNames';
import { listYoloImages, type YoloImage, type YoloImages } from './yoloImages';

/** A YOLO data set: its `data.yaml`, the images that it leads to and the label files that belong to these. */
export class YoloDataset implements Dataset {
  readonly format = 'yolo';
  readonly root: string;
  readonly labelFiles: readonly string[];
  readonly splits: readonly DatasetSplit[];

  private constructor(
    readonly path: string,
    private readonly classes: ClassNames,
    private readonly listed: YoloImages,
    private readonly places: ReadonlyMap<string, Place>,
    private readonly labelIndex: LabelIndex,
    readonly problems: readonly LabelProblem[],
  ) {
    this.root = listed.root;
    this.labelFiles = [path];
    this.splits = [...listed.splits].map(([name, images]) => ({ name, imageCount: images.length }));
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
    return new YoloDataset(yaml, classes, listed, await placesOf(listed), options.index, problems.toArray());
  }

  get imageCount(): number {
    return this.places.size;
  }

  categories(): Promise<readonly DatasetCategory[]> {
    return Promise.resolve([...this.classes.names].map(([id, name]) => ({ id, name })));
  }

  async *images({ split, signal, onMissing }: ImagesOptions = {}): AsyncGenerator<DatasetImage> {
    const splits = split === undefined ? [...this.listed.splits.keys()] : [split];
    for (const name of splits) {
      const images = this.listed.splits.get(name);
      if (images === undefined) throw noSuchSplit(name, this);
      for (const [i, image] of images.entries()) {
        if (i % stepsPerTurn === 0) await setImmediate();
        throwIfCancelled(signal);
        const place = this.places.get(keyOf(image));
        // Without a split each image comes once, from the first that lists it.
        if (place === undefined || (split === undefined && place.image !== image)) continue;
        if (image.file === undefined) onMissing?.({ name: image.name, split: name, reason: image.reason });
        else {
          const { file, name: path } = image;
          yield { file, name: path, split: name, width: undefined, height: undefined, ordinal: place.ordinal };
        }
      }
    }
  }

  async labelsOf(
    image: DatasetImage,
    { width, height }: Pick<LabelledImage, 'width' | 'height'>,
  ): Promise<ImageLabels | undefined> {
    return requireReadable(await readYamlLabels({ file: image.file, width, height }, this.path, this.labelIndex));
  }
}

/** An image and its position among all. */
interface Place {
  readonly image: YoloImage;
  readonly ordinal: number;
}

/** The first listing of each image, by {@link keyOf}. */
async function placesOf({ splits }: YoloImages): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  for (const images of splits.values()) {
    await inTurns(images.length, i => {
      const image = images[i];
      if (image !== undefined && !places.has(keyOf(image))) places.set(keyOf(image), { image, ordinal: places.size });
    });
  }
  return places;
}

function keyOf({ file, name }: YoloImage): string {
  return file ?? name;
}
