import type { CornerBox } from '../../common/boxes';
import type { DatasetCategory } from '../dataset';
import type { LabelFormat } from '../labels';

/** A label as it stands in a text. */
export interface PlacedLabel {
  readonly file: string;
  /** Offsets of its text. */
  readonly start: number;
  readonly end: number;
}

/** What to do with a label that is there. Removing a duplicate is removing a label. */
export type LabelChange =
  | { readonly kind: 'changeClass'; readonly category: DatasetCategory }
  | { readonly kind: 'replaceBox'; readonly box: CornerBox }
  | { readonly kind: 'remove' };

/** A label that is to be added. */
export interface NewLabel {
  readonly category: DatasetCategory;
  /** Original image pixels. */
  readonly box: CornerBox;
}

/** What the edits of a label need to know beside its text. */
export interface EditContext {
  readonly format: LabelFormat;
  /** Size of the image in stored pixels. */
  readonly width: number;
  readonly height: number;
  /** YOLO: numbers of a pose data set's key points on each line (`kpt_shape`), else 0. */
  readonly keypointNumbers?: number;
}
