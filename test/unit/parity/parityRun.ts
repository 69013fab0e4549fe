import { analyze, type AnalysisPart } from '../../../src/analysis/analyze';
import type { RuntimeChoice } from '../../../src/common/runtimeChoice';
import type { ImageLabels } from '../../../src/dataset/labels';
import { generateAnchors } from '../../../src/model/anchors';
import { inferArchitecture } from '../../../src/model/architecture';
import { decodeAllBoxes, detect } from '../../../src/model/detections';
import { decodeImage } from '../../../src/model/image/decodeImage';
import { prepareImage } from '../../../src/model/image/prepareImage';
import { buildNetwork } from '../../../src/model/network/buildNetwork';
import { createSession } from '../../../src/model/runtime/createSession';
import type {
  Anchors,
  Checkpoint,
  Detections,
  ForwardResult,
  ModelConfig,
  PreparedImage,
  RuntimeSession,
} from '../../../src/model/types';
import { anchorColumns, type AnchorColumns } from '../../../src/protocol/anchorColumns';
import { defaultConfig } from '../helpers/defaultConfig';
import { type GoldenCase, goldenImage } from './golden';

/** Everything computed for one image, from the file to the losses. */
export interface ParityRun {
  readonly prepared: PreparedImage;
  readonly forward: ForwardResult;
  readonly anchors: Anchors;
  readonly detections: Detections;
  readonly analysis: AnalysisPart;
  readonly columns: AnchorColumns;
}

/** The network of a checkpoint on a runtime. */
export async function openNetwork(
  checkpoint: Checkpoint,
  runtime: RuntimeChoice = 'cpu',
  batchNormEps = 1e-5,
): Promise<RuntimeSession> {
  const network = await buildNetwork(checkpoint, inferArchitecture(checkpoint), { batchNormEps });
  return (await createSession(network, runtime)).session;
}

/** Runs the whole pipeline on a golden case. */
export function runCase(session: RuntimeSession, golden: GoldenCase, classes: number): Promise<ParityRun> {
  const config = { ...defaultConfig(classes), ...golden.config };
  return runImage(session, goldenImage(golden.image.file), imageLabels(golden, config), config);
}

export async function runImage(
  session: RuntimeSession,
  file: string,
  labels: ImageLabels,
  config: ModelConfig,
): Promise<ParityRun> {
  const image = await decodeImage(file, { maxPixels: 1e8 });
  const prepared = prepareImage(image, config);
  const { data, paddedHeight, paddedWidth } = prepared;
  const forward = await session.run(data, paddedHeight, paddedWidth);
  const anchors = generateAnchors(paddedHeight, paddedWidth, forward.grids, config);
  const detections = detect(forward, anchors, prepared, image, config);
  const decoded = decodeAllBoxes(forward.deltas, anchors, prepared, image);
  const bands = { easy: 0.9, hard: 0.5 };
  const analysis = analyze({ forward, anchors, prepared, image, config, labels, detections, decoded, bands });
  return { prepared, forward, anchors, detections, analysis, columns: anchorColumns(analysis.columns) };
}

function imageLabels({ labels }: GoldenCase, config: ModelConfig): ImageLabels {
  return {
    format: 'voc',
    files: [],
    problems: [],
    categories: [],
    labels: labels.map(({ box: [x1, y1, x2, y2], column }, i) => ({
      id: String(i + 1),
      category: config.classes[column],
      categoryId: undefined,
      box: [x1, y1, x2, y2],
      crowd: false,
      difficult: false,
      source: { file: 'labels.xml', start: 0, end: 0, line: 0, column: 0 },
    })),
  };
}
