import type { CornerBox } from '../common/boxes';

export const labelFormats = ['coco', 'yolo', 'voc'] as const;
export type LabelFormat = (typeof labelFormats)[number];

/** The image whose labels are wanted: its path and its size in stored pixels (EXIF rotation not applied). */
export interface LabelledImage {
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

/** Where a label is written: a file and a range of UTF-16 offsets in its text, with the position of its start. */
export interface LabelSource {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** 0-based line and UTF-16 column of `start`. */
  readonly line: number;
  readonly column: number;
}

/** One ground-truth box as it is written, degenerate or not. */
export interface Label {
  /** Unique in its image: COCO's annotation id, Pascal VOC's 1-based ordinal of the object, YOLO's 1-based line. */
  readonly id: string;
  readonly category: string;
  /** The format's own category number: COCO's `category_id`, YOLO's class index; none in Pascal VOC. */
  readonly categoryId: number | undefined;
  /** Original image pixels as written: finite, not clipped; width or height may be <= 0. */
  readonly box: CornerBox;
  /** COCO `iscrowd`: torchvision's training references drop these; they take no part in the loss. */
  readonly crowd: boolean;
  /** Pascal VOC `difficult`. */
  readonly difficult: boolean;
  readonly source: LabelSource;
}

/** What is wrong with a label file or one of its entries. The rest of the file is read all the same. */
export interface LabelProblem {
  readonly message: string;
  readonly file: string;
  /** 0-based. */
  readonly line: number;
}

/** All labels of one image. `labels` is empty for an image that is listed without objects. */
export interface ImageLabels {
  readonly format: LabelFormat;
  /** The files read: the label file first, then the one that states the class names, if it is another. */
  readonly files: readonly string[];
  readonly labels: readonly Label[];
  readonly problems: readonly LabelProblem[];
  /** Entries of the image that could not be read: the first of them and how many. Undefined where all could. */
  readonly leftOut?: { readonly first: LabelProblem; readonly count: number } | undefined;
  /** The data set's categories in the order of the format, as far as the format states them. */
  readonly categories: readonly { readonly name: string; readonly id: number | undefined }[];
}
