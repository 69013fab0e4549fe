import type { Label } from '../labels';

/** An image with its labels on its way into another data set. */
export interface WrittenImage {
  /** Path in the new data set's folder of images, with `/` between its parts; unique up to its extension. */
  readonly name: string;
  /** Size in stored pixels. */
  readonly width: number;
  readonly height: number;
  readonly labels: readonly Label[];
  /** The splits that list it. */
  readonly splits: readonly string[];
}

/** Writes one data set into an empty folder. */
export interface DatasetWriter {
  /** Folder of images, relative to the data set's. */
  readonly imageFolder: string;
  /** Whether the format can say that a label is a crowd; those of other formats leave such labels out. */
  readonly keepsCrowds: boolean;
  /** Whether the format can say that a label is difficult; in others it becomes one like any other. */
  readonly keepsDifficult: boolean;
  add(image: WrittenImage): Promise<void>;
  /** Writes what spans images; returns what to open, relative to the folder: several for a file per split. */
  finish(): Promise<readonly string[]>;
}
