import type { CornerBox } from '../../common/boxes';
import { parseNumber } from '../numbers';
import { yoloPixels } from './yoloPixels';

/** A line of a YOLO label file in pixels of the image. */
export interface YoloLine {
  readonly classIndex: number;
  readonly box: CornerBox;
  /** Whether a coordinate lies outside [0, 1] by more than rounding. */
  readonly outside: boolean;
}

/** What other lines of a data set may tell about the columns of one. */
export interface YoloColumns {
  /** Numbers of a pose data set's key points (`kpt_shape`) after the box; 0 in other data sets. */
  readonly keypointNumbers: number;
}

const rounding = 1e-3;

/**
 * Reads one line, which is not blank; returns what is wrong as a string. Values are fractions of the image's size.
 * - 5 columns: class, centre x, centre y, width, height;
 * - 6 columns: the same and a confidence, which is not used;
 * - 5 or 6 columns and the key points of a pose data set: the box;
 * - else class and corners x, y of a polygon (segments and oriented boxes), perhaps with a confidence: its bounds.
 */
export function parseYoloLine(
  line: string,
  image: { width: number; height: number },
  columns: YoloColumns,
): YoloLine | string {
  const words = line.trim().split(/\s+/);
  if (words.length === 1 && /[;,]/.test(line)) return 'the columns are not separated by blanks';
  if (words.length < 5) return `${words.length} columns, expected class, x, y, width and height`;
  const values: number[] = [];
  for (const word of words) {
    const value = parseNumber(word);
    if (typeof value !== 'number') return value.problem;
    values.push(value);
  }
  const [classIndex = -1, ...rest] = values;
  if (!Number.isSafeInteger(classIndex) || classIndex < 0)
    return `the class index is ${classIndex}, expected 0, 1, 2...`;

  const extra = values.length - 5;
  const isBox = extra <= 1 || (columns.keypointNumbers > 0 && extra - columns.keypointNumbers <= 1);
  const coordinates = isBox ? rest.slice(0, 4) : rest.slice(0, rest.length - (rest.length % 2));
  const outside = coordinates.some(value => value < -rounding || value > 1 + rounding);
  const bounds = isBox ? centredBox(coordinates) : boundsOf(coordinates);
  const pixels = (k: 0 | 1 | 2 | 3) => yoloPixels(bounds[k], k % 2 === 0 ? image.width : image.height);
  const box: CornerBox = [pixels(0), pixels(1), pixels(2), pixels(3)];
  return { classIndex, box, outside };
}

function centredBox([x = 0, y = 0, width = 0, height = 0]: readonly number[]): CornerBox {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

function boundsOf(points: readonly number[]): CornerBox {
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x = 0, y = 0] = [points[i], points[i + 1]];
    x1 = Math.min(x1, x);
    y1 = Math.min(y1, y);
    x2 = Math.max(x2, x);
    y2 = Math.max(y2, y);
  }
  return [x1, y1, x2, y2];
}
