import type { DatasetReport } from './datasetSummary';
import type { StoredIssue, StoredLabel } from '../protocol/dataset';

/**
 * The document `focal-lens analyze-dataset --json` prints. Other programs rely on its keys and their order: add, never
 * rename. Boxes are x, y, width, height in original image pixels.
 */
export function datasetDocument({ result, overview, labels, issues, places, failures }: DatasetReport): object {
  const { run } = overview;
  return {
    dataset: { path: run?.dataset, images: overview.images, failed: overview.failed, labels: overview.labels },
    model: {
      architecture: run?.architecture,
      parameters: run?.parameters,
      classes: run?.classes,
      runtime: run?.runtime,
      provider: run?.provider,
    },
    run: {
      store: result.store,
      state: result.state,
      images: result.images,
      computed: result.computed,
      reused: result.reused,
      failed: result.failed,
      missing: result.missing,
      seconds: result.seconds,
    },
    anchors: { total: overview.anchors, foreground: overview.foreground, levels: overview.levels },
    loss: {
      gamma: run?.gamma,
      alpha: run?.alpha,
      boxLoss: run?.boxLoss,
      meanClassification: overview.meanClassification,
      meanBoxRegression: overview.meanBoxRegression,
    },
    breakdown: overview.breakdown,
    ptHistogram: overview.ptHistogram,
    categories: overview.categories.map(({ name, labels: count, excluded, uncovered, anchors, ...loss }) => ({
      name,
      labels: count,
      excluded,
      uncovered,
      anchors,
      classification: loss.classification,
      boxRegression: loss.boxRegression,
    })),
    issueCounts: Object.fromEntries(overview.issues.map(({ kind, issues: count }) => [kind, count])),
    labels: labels.map(labelDocument),
    issues: issues.map(issueDocument),
    hardestBackground: places.map(({ image, bbox, level, category, pt, anchors, focal }) => ({
      ...{ image, bbox, level, category, pt, anchors, focal },
    })),
    failures: failures.map(({ file, error }) => ({ image: file, error })),
    notes: run?.notes ?? [],
  };
}

function labelDocument(label: StoredLabel): object {
  return {
    image: label.image,
    id: label.label,
    category: label.category,
    bbox: label.bbox,
    anchors: label.anchors,
    bestIou: label.bestIou,
    meanPt: label.meanPt,
    minPt: label.minPt,
    classification: label.classification,
    boxRegression: label.boxRegression,
    bestDetection: label.bestDetection,
    source: sourceDocument(label.source),
  };
}

/** An issue as `focal-lens issues --json` lists it. */
export function issueDocument(issue: StoredIssue): object {
  return {
    kind: issue.kind,
    score: issue.score,
    image: issue.image,
    labelId: issue.label,
    bbox: issue.bbox,
    category: issue.category,
    suggestedCategory: issue.suggestedCategory,
    suggestedBbox: issue.suggestedBbox,
    evidence: issue.evidence,
    source: sourceDocument(issue.source),
  };
}

/** Lines and columns from 1. */
function sourceDocument(source: StoredLabel['source']): object | null {
  return source === undefined ? null : { file: source.file, line: source.line + 1, column: source.column + 1 };
}
