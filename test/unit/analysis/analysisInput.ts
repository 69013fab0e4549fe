import type { AnalyzeInput } from '../../../src/analysis/analyze';
import type { CornerBox } from '../../../src/common/boxes';
import type { ImageLabels, Label } from '../../../src/dataset/labels';
import { generateAnchors } from '../../../src/model/anchors';
import type { Detections, ModelConfig } from '../../../src/model/types';
import { defaultBands } from '../../../src/protocol/analysis';
import { defaultConfig } from '../helpers/defaultConfig';
import { seededRandom } from '../helpers/random';

/** A 320 x 224 network input of a 160 x 112 image: 5 levels, 13,230 anchors or so, and made-up logits. */
export const classNames = ['__background__', 'cat', 'dog', 'bird'];
export const image = { width: 160, height: 112 };
const grids = [[28, 40], [14, 20], [7, 10], [4, 5], [2, 3]] as const; // prettier-ignore

export function modelConfig(overrides: Partial<ModelConfig> = {}): ModelConfig {
  return { ...defaultConfig(classNames.length), classes: classNames, minSize: 224, ...overrides };
}

export function makeLabel(id: string, category: string, box: CornerBox, overrides: Partial<Label> = {}): Label {
  const source = { file: 'labels.json', start: 0, end: 1, line: 0, column: 0 };
  return { id, category, categoryId: undefined, box, crowd: false, difficult: false, source, ...overrides };
}

export function imageLabels(labels: readonly Label[], overrides: Partial<ImageLabels> = {}): ImageLabels {
  return { format: 'coco', files: ['labels.json'], labels, problems: [], categories: [], ...overrides };
}

export const noDetections: Detections = {
  count: 0,
  boxes: new Float32Array(0),
  scores: new Float32Array(0),
  columns: new Int32Array(0),
  anchors: new Int32Array(0),
};

export function analysisInput(
  labels: readonly Label[] | undefined,
  overrides: Partial<AnalyzeInput> = {},
): AnalyzeInput {
  const config = overrides.config ?? modelConfig();
  const anchors = generateAnchors(224, 320, grids, config);
  const random = seededRandom(3);
  const logits = Float32Array.from({ length: anchors.count * config.classes.length }, () => random() * 9 - 8);
  const deltas = Float32Array.from({ length: anchors.count * 4 }, () => random() - 0.5);
  return {
    forward: { logits, deltas, grids },
    anchors,
    prepared: {
      width: 320,
      height: 224,
      paddedWidth: 320,
      paddedHeight: 224,
      scaleX: 2,
      scaleY: 2,
    },
    image,
    config,
    labels: labels && imageLabels(labels),
    detections: noDetections,
    decoded: anchors.boxes.map(value => value / 2),
    bands: defaultBands,
    ...overrides,
  };
}
