import type { ImageFacts } from '../../../../src/extension/labelFiles/labelFacts';
import type { AnalyzeResult } from '../../../../src/protocol/messages';
import { defaultBands, type Analysis, type LabelIssue, type LabelSummary } from '../../../../src/protocol/analysis';
import { cellSlide, syntheticAnalysis } from '../../helpers/syntheticAnalysis';

/** `vscode.l10n.t` without translations. */
export const t = (message: string, ...values: (string | number | boolean)[]): string =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));

export function label(changes: Partial<LabelSummary> = {}): LabelSummary {
  return {
    id: '1',
    category: 'cat',
    column: 1,
    bbox: [10, 20, 30, 40],
    source: { file: '/data/labels/a.txt', start: 0, end: 20, line: 0, column: 0 },
    excluded: undefined,
    anchors: 5,
    anchorsByThreshold: 5,
    anchorsByLowQuality: 0,
    bestIou: 0.8,
    bestAnchor: 0,
    uncovered: 'none',
    meanPt: 0.7,
    minPt: 0.2,
    classification: 2,
    boxRegression: 1,
    bestDetection: null,
    bestAnyDetection: null,
    ...changes,
  };
}

export function issue(changes: Partial<LabelIssue> = {}): LabelIssue {
  return {
    kind: 'wrongClass',
    score: 0.9,
    labelId: '1',
    bbox: [10, 20, 30, 40],
    category: 'cat',
    suggestedCategory: 'dog',
    suggestedBbox: null,
    evidence: 'The anchors say dog.',
    ...changes,
  };
}

export function facts(changes: Partial<ImageFacts> = {}): ImageFacts {
  return {
    image: { file: '/data/images/a.jpg', width: 640, height: 480 },
    analysisId: 'x',
    model: '/models/m.pth',
    labelFile: { format: 'yolo', files: ['/data/labels/a.txt', '/data/data.yaml'], problems: [] },
    classification: 0.4,
    bands: defaultBands,
    labels: [label()],
    detections: [],
    issues: [],
    ...changes,
  };
}

let slide: Analysis | undefined;

/** A whole analysis under another name, with other labels. */
export function result(file: string, labels: readonly LabelSummary[], labelFile = '/data/labels.json'): AnalyzeResult {
  slide ??= syntheticAnalysis(cellSlide());
  return {
    id: `analysis of ${file}`,
    analysis: {
      ...slide,
      image: { file, width: 640, height: 480 },
      labelFile: { format: 'coco', files: [labelFile], problems: [] },
      labels,
    },
  };
}
