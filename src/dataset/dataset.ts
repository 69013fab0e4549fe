import type { ImageLabels, LabelFormat, LabelledImage, LabelProblem } from './labels';

/** An image that a data set lists. */
export interface DatasetImage {
  /** Absolute path of the image file. */
  readonly file: string;
  /** As the data set names it: COCO's `file_name`; else the path relative to the root, with `/` between its parts. */
  readonly name: string;
  /** Image set or split that lists it; undefined in a data set without any. */
  readonly split: string | undefined;
  /** Size in pixels as the data set states it, which only COCO does without its labels being read. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Position in the data set: 0, 1, 2... over all splits. An image listed by several splits has several. */
  readonly ordinal: number;
}

export interface DatasetSplit {
  /** As it can be asked for: `train`, `val`, `trainval`... */
  readonly name: string;
  readonly imageCount: number;
}

export interface DatasetCategory {
  readonly name: string;
  /** COCO's category id, YOLO's class index; undefined in Pascal VOC. */
  readonly id: number | undefined;
}

/** An image that a data set lists, but that is not there. */
export interface MissingImage {
  readonly name: string;
  readonly split: string | undefined;
  /** Why there is none, in a few words. */
  readonly reason: string;
}

export interface ImagesOptions {
  /** Only this split; without it all of them, one after the other, each image once. */
  readonly split?: string;
  readonly signal?: AbortSignal;
  /** Told of each image that is listed but not there; these are not yielded. */
  readonly onMissing?: (image: MissingImage) => void;
}

/**
 * A data set on disk. Opening one reads labels and lists folders, but no image. Which images are there is found out once:
 * it is opened again to see others.
 */
export interface Dataset {
  readonly format: LabelFormat;
  /** What to give `openDataset` to open it again: a COCO file, a `data.yaml` or a Pascal VOC folder. */
  readonly path: string;
  /** The folder it lies in. */
  readonly root: string;
  /** COCO: the file. YOLO: the `data.yaml`. Pascal VOC: the folder of XML files. */
  readonly labelFiles: readonly string[];
  /** Images listed, by all splits together, there or not; an image that several splits list counts once. */
  readonly imageCount: number;
  /** YOLO: `train`, `val`, `test`. Pascal VOC: the files of `ImageSets/Main`. Empty where there are none. */
  readonly splits: readonly DatasetSplit[];
  /** What is wrong with the data set as a whole. */
  readonly problems: readonly LabelProblem[];

  /** Categories in the order of the format; for Pascal VOC, which states none, those its files use, by name. */
  categories(options?: { signal?: AbortSignal }): Promise<readonly DatasetCategory[]>;

  /**
   * The images that are there, always in the same order: that of the file or list, or of their names.
   * @throws UserError for a split that does not exist
   */
  images(options?: ImagesOptions): AsyncIterable<DatasetImage>;

  /**
   * Labels of one of its images.
   * @param size of the image in stored pixels
   * @returns undefined when the data set has none for the image
   * @throws UserError for a malformed label file, UnreadableLabelsError where none of the image's entries can be read
   */
  labelsOf(image: DatasetImage, size: Pick<LabelledImage, 'width' | 'height'>): Promise<ImageLabels | undefined>;
}
