import type { AnalyzeInput } from '../../../../src/analysis/analyze';
import type { CornerBox } from '../../../../src/common/boxes';
import type { Label } from '../../../../src/dataset/labels';
import { encodeBox } from '../../../../src/model/boxCoder';
import { decodeAllBoxes } from '../../../../src/model/detections';
import { analysisInput, classNames, image } from '../analysisInput';

/** An object in the picture: what a good model sees there. Original image pixels. */
export interface SceneObject {
  readonly category: string;
  readonly box: CornerBox;
  /** Of the anchors that fit it best; 0.95 by default. */
  readonly probability?: number;
}

export interface SceneOptions {
  /** Probability of every class where there is nothing. */
  readonly background?: number;
  readonly overrides?: Partial<AnalyzeInput>;
}

/**
 * The input of an analysis whose model sees exactly these objects: anchors that overlap one by half see its class and
 * decode to its box, less surely the less they overlap it; all others see nothing.
 */
export function sceneInput(
  labels: readonly Label[] | undefined,
  objects: readonly SceneObject[],
  { background = 0.005, overrides = {} }: SceneOptions = {},
): AnalyzeInput & { readonly decoded: Float32Array } {
  const input = analysisInput(labels, overrides);
  const { anchors, prepared, forward } = input;
  const logits = new Float32Array(forward.logits.length).fill(logitOf(background));
  const deltas = new Float32Array(forward.deltas.length);
  for (const { category, box, probability = 0.95 } of objects) {
    const scaled = Float32Array.from(box, (value, i) => value * (i % 2 === 0 ? prepared.scaleX : prepared.scaleY));
    const column = classNames.indexOf(category);
    for (let anchor = 0; anchor < anchors.count; anchor++) {
      const iou = overlap(anchors.boxes.subarray(anchor * 4, anchor * 4 + 4), scaled);
      if (iou < 0.4) continue;
      const logit = logitOf(probability) - (iou < 0.5 ? 4 : 3 * (1 - iou));
      if (logit <= logits[anchor * classNames.length + column]) continue;
      logits[anchor * classNames.length + column] = logit;
      encodeBox(scaled, 0, anchors.boxes, anchor * 4, deltas, anchor * 4);
    }
  }
  const decoded = decodeAllBoxes(deltas, anchors, prepared, image);
  return { ...input, forward: { ...forward, logits, deltas }, decoded };
}

function logitOf(probability: number): number {
  return Math.log(probability / (1 - probability));
}

function overlap(a: Float32Array, b: Float32Array): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared);
}
