import { JsonEntry } from './jsonEntry';

/** An entry of `images`. */
export interface CocoImage {
  readonly ordinal: number;
  readonly name: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** Reads an entry of `images`. */
export function readImage(text: string, ordinal: number): CocoImage {
  const entry = new JsonEntry(text);
  // The scan lists no image without a name; one that cannot be parsed in full has an empty one.
  const name = entry.string('file_name') ?? entry.string('coco_url') ?? '';
  return { ordinal, name, width: entry.number('width'), height: entry.number('height') };
}
