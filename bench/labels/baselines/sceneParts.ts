import type { CornerBox } from '../../../src/common/boxes';
import type { Scene } from '../types';

export interface SceneLabel {
  readonly id: string;
  readonly box: CornerBox;
  /** Class column of the model. */
  readonly column: number;
  /** Index among the labels as written. */
  readonly index: number;
}

export interface SceneDetection {
  readonly box: CornerBox;
  readonly column: number;
  readonly score: number;
}

/** The labels that the model knows a class for and that have an area. */
export function properLabels({ labels, analysis }: Scene): readonly SceneLabel[] {
  return labels.labels
    .map(({ id, box }, index) => ({ id, box, column: analysis.labels[index].column, index }))
    .filter(({ index }) => analysis.labels[index].excluded === undefined);
}

export function detectionsOf({ detections }: Scene): readonly SceneDetection[] {
  return Array.from({ length: detections.count }, (_, i) => ({
    box: [
      detections.boxes[i * 4],
      detections.boxes[i * 4 + 1],
      detections.boxes[i * 4 + 2],
      detections.boxes[i * 4 + 3],
    ] as const,
    column: detections.columns[i],
    score: detections.scores[i],
  })).filter(({ box: [x1, y1, x2, y2] }) => x2 > x1 && y2 > y1);
}
