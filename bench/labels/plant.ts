import { iou, type CornerBox } from '../../src/common/boxes';
import type { ImageLabels, Label } from '../../src/dataset/labels';
import { seededRandom } from '../../test/unit/helpers/random';
import type { ErrorKind, PlantedError } from './types';

/** One image before errors are planted. */
export interface CleanImage {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly labels: ImageLabels;
}

export interface PlantedImage {
  readonly labels: ImageLabels;
  readonly errors: readonly PlantedError[];
}

export interface PlantOptions {
  readonly seed: number;
  /** Each of these gets a quarter of `rate` times the number of labels. */
  readonly kinds: readonly ErrorKind[];
  readonly rate: number;
  /** Share of the images that may get errors, drawn at random; 1 for all. */
  readonly imageShare: number;
}

type Random = () => number;
interface Place {
  readonly image: number;
  readonly label: Label;
}

/**
 * Plants label errors by the protocol of arXiv 2303.06999: at a total rate of 0.2, a quarter each, drop a label, flip
 * it to another class, shift it (normal, sigma 0.15 of width and height, until 0.4 <= IoU < 0.7), spawn a box copied
 * from another image; each label gets at most one. Duplicates, which the protocol lacks, come at the same rate: half
 * of them exact copies, half moved a little (sigma 0.03, IoU at least 0.8), before or after the original.
 */
export function plantErrors(images: readonly CleanImage[], options: PlantOptions): readonly PlantedImage[] {
  const random = seededRandom(options.seed);
  const chosen = shuffled([...images.keys()], random).slice(0, Math.ceil(options.imageShare * images.length));
  const allowed = new Set(chosen);
  const places = images.flatMap(({ labels }, image) =>
    allowed.has(image) ? labels.labels.filter(isProper).map((label): Place => ({ image, label })) : [],
  );
  const categories = [...new Set(places.map(({ label }) => label.category))].sort();
  const samples = new Map(places.map(({ label }) => [label.category, label]));
  const count = Math.floor((options.rate / 4) * places.length);
  const free = shuffled(places, random);
  const planted = images.map(image => ({ labels: [...image.labels.labels], errors: [] as PlantedError[] }));
  let named = 0;
  const newId = (): string => `planted ${++named}`;

  for (const kind of options.kinds) {
    let left = count;
    for (let place = free.pop(); left > 0 && place !== undefined; place = free.pop()) {
      const { image, label } = place;
      const target = kind === 'spawn' ? chosen[Math.floor(random() * chosen.length)] : image;
      const size = images[target];
      const { labels, errors } = planted[target];
      const at = labels.indexOf(label);
      switch (kind) {
        case 'drop':
          labels.splice(at, 1);
          errors.push({ kind, labelIds: [], box: label.box });
          break;
        case 'flip': {
          const others = categories.filter(category => category !== label.category);
          if (others.length === 0) continue;
          const category = others[Math.floor(random() * others.length)];
          labels[at] = { ...label, category, categoryId: samples.get(category)?.categoryId };
          errors.push({ kind, labelIds: [label.id], box: label.box });
          break;
        }
        case 'shift': {
          const box = moved(label.box, 0.15, [0.4, 0.7], size, random);
          if (box === undefined) continue;
          labels[at] = { ...label, box };
          errors.push({ kind, labelIds: [label.id], box });
          break;
        }
        case 'spawn': {
          const box = clipped(label.box, size);
          if (target === image || iou(box, label.box) < 0.5) continue;
          const id = newId();
          labels.splice(Math.floor(random() * (labels.length + 1)), 0, { ...label, id, box });
          errors.push({ kind, labelIds: [id], box });
          break;
        }
        case 'duplicate': {
          const box = random() < 0.5 ? label.box : moved(label.box, 0.03, [0.8, 1.01], size, random);
          if (box === undefined) continue;
          const id = newId();
          labels.splice(random() < 0.5 ? at : at + 1, 0, { ...label, id, box });
          errors.push({ kind, labelIds: [label.id, id], box });
          break;
        }
      }
      left--;
    }
  }
  return planted.map(({ labels, errors }, i) => ({ labels: { ...images[i].labels, labels }, errors }));
}

function isProper({ box: [x1, y1, x2, y2], crowd }: Label): boolean {
  return !crowd && x2 - x1 >= 2 && y2 - y1 >= 2;
}

/** Centre and size drawn anew until the IoU with the original lies in the range; undefined after 1000 tries. */
function moved(
  box: CornerBox,
  sigma: number,
  [least, below]: readonly [number, number],
  size: Pick<CleanImage, 'width' | 'height'>,
  random: Random,
): CornerBox | undefined {
  const [x1, y1, x2, y2] = box;
  const [width, height] = [x2 - x1, y2 - y1];
  for (let i = 0; i < 1000; i++) {
    const x = (x1 + x2) / 2 + sigma * width * normal(random);
    const y = (y1 + y2) / 2 + sigma * height * normal(random);
    const halfWidth = (width * (1 + sigma * normal(random))) / 2;
    const halfHeight = (height * (1 + sigma * normal(random))) / 2;
    const candidate = clipped([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], size);
    const value = iou(candidate, box);
    if (value >= least && value < below) return candidate;
  }
  return undefined;
}

function clipped([x1, y1, x2, y2]: CornerBox, { width, height }: Pick<CleanImage, 'width' | 'height'>): CornerBox {
  return [Math.max(0, x1), Math.max(0, y1), Math.min(width, x2), Math.min(height, y2)];
}

/** Box and Muller's transform. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
