import { iou, type CornerBox } from '../../../src/common/boxes';
import type { Method, Scene, Suspicion } from '../types';
import { detectionsOf, properLabels } from './sceneParts';

const alpha = 0.9;
const low = 0.5;
const high = 0.95;
const temperature = 0.1;
const distanceFactor = 0.1;
/** Instead of the least similarity of the whole data set, which only replaces zeros. */
const leastSimilarity = 1e-3;

interface Qualities {
  readonly overlooked: readonly { readonly box: CornerBox; readonly quality: number }[];
  readonly badlyLocated: readonly { readonly id: string; readonly box: CornerBox; readonly quality: number }[];
  readonly swapped: readonly { readonly id: string; readonly box: CornerBox; readonly quality: number }[];
}

/**
 * ObjectLab (arXiv 2309.00832) with its published constants: alpha 0.9, low 0.5, high 0.95, temperature 0.1. Similarity
 * is alpha IoU + (1 - alpha) e^(-0.1 d) with d the distance of the centres in pixels, or, with the distance term
 * inverted as in the open-source code's earlier versions, 1 - e^(-0.1 d). A suspicion scores 1 - quality.
 */
export function objectLab(inverted: boolean): Method {
  return {
    name: inverted ? 'ObjectLab, inverted distance' : 'ObjectLab',
    suspicions(scene) {
      const { overlooked, badlyLocated, swapped } = qualities(scene, inverted);
      return [
        ...overlooked.map(({ box, quality }): Suspicion => ({ labelId: null, box, score: 1 - quality, kind: 'drop' })),
        ...badlyLocated.map(({ id, box, quality }): Suspicion => ({
          labelId: id,
          box,
          score: 1 - quality,
          kind: 'shift',
        })),
        ...swapped.map(({ id, box, quality }): Suspicion => ({ labelId: id, box, score: 1 - quality, kind: 'flip' })),
      ];
    },
    imageScore(scene) {
      const { overlooked, badlyLocated, swapped } = qualities(scene, inverted);
      const parts = [overlooked, badlyLocated, swapped].map(part => softMinimum(part.map(({ quality }) => quality)));
      return 1 - Math.exp(parts.reduce((sum, part) => sum + Math.log(part + 1e-100) / 3, 0));
    },
  };
}

function qualities(scene: Scene, inverted: boolean): Qualities {
  const labels = properLabels(scene);
  const detections = detectionsOf(scene);
  const similarity = (a: CornerBox, b: CornerBox): number => {
    const near = Math.exp(-distanceFactor * distance(a, b));
    return alpha * iou(a, b) + (1 - alpha) * (inverted ? 1 - near : near);
  };
  const overlooked = detections
    .filter(({ score }) => score >= high)
    .map(({ box, column, score }) => {
      const same = labels.filter(label => label.column === column).map(label => similarity(label.box, box));
      return { box, quality: same.length === 0 ? leastSimilarity * (1 - score) : Math.max(...same) };
    });
  const badlyLocated = labels.map(({ id, box, column }) => {
    const same = detections.filter(other => other.column === column && other.score > low);
    return { id, box, quality: same.length === 0 ? 1 : Math.max(...same.map(other => similarity(box, other.box))) };
  });
  const swapped = labels.map(({ id, box, column }) => {
    const others = detections.filter(other => other.column !== column && other.score > high);
    const nearest = Math.max(0, ...others.map(other => similarity(box, other.box)));
    return { id, box, quality: others.length === 0 ? 1 : Math.max(leastSimilarity, 1 - nearest) };
  });
  return { overlooked, badlyLocated, swapped };
}

function distance(a: CornerBox, b: CornerBox): number {
  return Math.hypot((a[0] + a[2] - b[0] - b[2]) / 2, (a[1] + a[3] - b[1] - b[3]) / 2);
}

/** Softmax-weighted mean of the qualities, the lowest weighing most; 1 for none. */
function softMinimum(values: readonly number[]): number {
  if (values.length === 0) return 1;
  const least = Math.min(...values);
  const weights = values.map(value => Math.exp((least - value) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return values.reduce((sum, value, i) => sum + (value * weights[i]) / total, 0);
}
