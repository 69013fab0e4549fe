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
  return { ordinal, ...(readQuickly(text) ?? readCarefully(text)) };
}

/** Ten times as fast as syntax nodes; undefined for text that is no valid JSON. */
function readQuickly(text: string): Omit<CocoImage, 'ordinal'> | undefined {
  let entry: Partial<Record<'file_name' | 'coco_url' | 'width' | 'height', unknown>> | null;
  try {
    entry = JSON.parse(text) as typeof entry;
  } catch {
    return undefined;
  }
  if (entry === null) return undefined;
  const [name] = [entry.file_name, entry.coco_url].filter(value => typeof value === 'string');
  return { name: name ?? '', width: finite(entry.width), height: finite(entry.height) };
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** For entries that are damaged somewhere. */
function readCarefully(text: string): Omit<CocoImage, 'ordinal'> {
  const entry = new JsonEntry(text);
  // The scan lists no image without a name; one that cannot be parsed in full has an empty one.
  const name = entry.string('file_name') ?? entry.string('coco_url') ?? '';
  return { name, width: entry.number('width'), height: entry.number('height') };
}
