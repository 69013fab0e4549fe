import type { CornerBox } from '../common/boxes';
import type { Label } from '../dataset/labels';
import { quoted, rounded } from './wording';

const { fround } = Math;

/** The labels of one image as the loss sees them, in the order they are written. */
export interface LabelTargets {
  /** x1, y1, x2, y2 per label in network input pixels, float32. */
  readonly boxes: Float32Array;
  /** Why a label takes no part in matching and loss; undefined when it does. */
  readonly excluded: readonly (string | undefined)[];
  /** Indices of the labels that take part, ascending. */
  readonly trained: Int32Array;
}

/**
 * Scales labels to the network input as torchvision's `resize_boxes` does, in float32, and sorts out those that take no
 * part: degenerate ones, crowds and those without a class column.
 *
 * @param columns class column per label, -1 for none
 * @param input size of the resized image in pixels, `image` its original size
 */
export function labelTargets(
  labels: readonly Pick<Label, 'box' | 'category' | 'crowd'>[],
  columns: Int32Array,
  input: { readonly width: number; readonly height: number },
  image: { readonly width: number; readonly height: number },
): LabelTargets {
  const ratios = [fround(input.width / image.width), fround(input.height / image.height)];
  const boxes = new Float32Array(labels.length * 4);
  const excluded = labels.map(({ box, category, crowd }, label) => {
    const at = label * 4;
    for (let i = 0; i < 4; i++) boxes[at + i] = fround(box[i]) * ratios[i % 2];
    const degenerate = degeneracy(box) ?? degeneracy(boxes.subarray(at, at + 4));
    if (degenerate !== undefined) return `degenerate: ${degenerate}`;
    if (crowd) return 'crowd annotations take no part in the loss';
    if (columns[label] < 0) return `the model has no class column for ${quoted(category)}`;
    return undefined;
  });
  const trained = Int32Array.from(excluded.keys()).filter(label => excluded[label] === undefined);
  return { boxes, excluded, trained };
}

/** What makes a box degenerate, in words; undefined for a proper one. */
export function degeneracy(box: CornerBox | Float32Array): string | undefined {
  const [x1, y1, x2, y2] = box;
  if (![x1, y1, x2, y2].every(Number.isFinite)) return 'a coordinate is not finite';
  if (x2 > x1 && y2 > y1) return undefined;
  const width = `width ${rounded(x2 - x1)} px`;
  const height = `height ${rounded(y2 - y1)} px`;
  if (x2 > x1) return `its ${height} is not positive`;
  if (y2 > y1) return `its ${width} is not positive`;
  return `its ${width} and ${height} are not positive`;
}
