import { basename, dirname, join, parse, sep } from 'node:path';
import { withExtension } from '../searchFolders';

export interface YoloPath {
  readonly file: string;
  /** Whether a file of that path can only be this image's YOLO labels; else its text must look like it. */
  readonly certain: boolean;
}

/**
 * Where the YOLO label file of an image may be: where Ultralytics looks, that is the last folder `images` of the path
 * replaced by `labels`; else beside the image, in `labels` in or beside the image's folder.
 */
export function yoloPaths(imageFile: string): YoloPath[] {
  const folder = dirname(imageFile);
  const name = withExtension(basename(imageFile), '.txt');
  const maybe = [
    join(folder, name),
    join(folder, 'labels', name),
    join(dirname(folder), 'labels', basename(folder), name),
    join(dirname(folder), 'labels', name),
  ];
  const certain = ultralyticsPath(imageFile);
  const paths = maybe.filter(file => file !== certain).map(file => ({ file, certain: false }));
  return certain === undefined ? paths : [{ file: certain, certain: true }, ...paths];
}

function ultralyticsPath(imageFile: string): string | undefined {
  const images = `${sep}images${sep}`;
  const at = imageFile.lastIndexOf(images);
  if (at < 0) return undefined;
  const { dir, name } = parse(imageFile.slice(at + images.length));
  return join(imageFile.slice(0, at), 'labels', dir, `${name}.txt`);
}

/**
 * Whether a text may be YOLO labels and not some other text beside an image: the first lines hold a class index and
 * at least four fractions. A text without lines tells nothing: undefined.
 */
export function looksLikeYolo(text: string): boolean | undefined {
  const lines = text
    .slice(0, 10_000)
    .split(/[\r\n]+/)
    .filter(line => line.trim() !== '')
    .slice(0, 5);
  if (lines.length === 0) return undefined;
  return lines.every(line => {
    const [index = '', ...values] = line.trim().split(/\s+/);
    return /^\d+(?:\.0*)?$/.test(index) && values.length >= 4 && values.every(isFraction);
  });
}

function isFraction(text: string): boolean {
  const value = Number(text);
  return value >= -0.1 && value <= 1.1;
}
