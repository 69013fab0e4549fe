import type { Analysis } from '../protocol/analysis';

/**
 * The document `focal-lens analyze --json` prints. Other programs rely on its keys and their order: add, never rename.
 * Boxes are x, y, width, height in original image pixels.
 */
export function analysisDocument(analysis: Analysis): object {
  const { image, model, input, anchors, loss, milliseconds } = analysis;
  return {
    image: { file: image.file, width: image.width, height: image.height },
    model: {
      architecture: model.architecture,
      parameters: model.parameters,
      classes: model.classes,
      runtime: model.runtime,
      provider: model.provider,
    },
    input: {
      width: input.width,
      height: input.height,
      paddedWidth: input.paddedWidth,
      paddedHeight: input.paddedHeight,
      scale: input.scale,
    },
    anchors: {
      total: anchors.total,
      foreground: anchors.foreground,
      background: anchors.background,
      ignored: anchors.ignored,
      levels: anchors.levels.map(({ name, stride, grid, count, foreground, focal, crossEntropy }) => ({
        name,
        stride,
        grid,
        count,
        foreground,
        focal,
        crossEntropy,
      })),
    },
    loss: {
      gamma: loss.gamma,
      alpha: loss.alpha,
      classification: loss.classification,
      boxRegression: loss.boxRegression,
      boxLoss: loss.boxLoss,
      foregroundCount: loss.foregroundCount,
    },
    breakdown: analysis.breakdown.map(row => ({
      group: row.group,
      anchors: row.anchors,
      anchorShare: row.anchorShare,
      crossEntropy: row.crossEntropy,
      crossEntropyShare: row.crossEntropyShare,
      focal: row.focal,
      focalShare: row.focalShare,
    })),
    labels: analysis.labels.map(label => ({
      id: label.id,
      category: label.category,
      bbox: label.bbox,
      anchors: label.anchors,
      bestIou: label.bestIou,
      meanPt: label.meanPt,
      minPt: label.minPt,
      classification: label.classification,
      boxRegression: label.boxRegression,
      bestDetection: label.bestDetection,
    })),
    detections: analysis.detections.map(({ bbox, category, column, score }) => ({ bbox, category, column, score })),
    issues: analysis.issues.map(issue => ({
      kind: issue.kind,
      score: issue.score,
      labelId: issue.labelId,
      bbox: issue.bbox,
      category: issue.category,
      suggestedCategory: issue.suggestedCategory,
      suggestedBbox: issue.suggestedBbox,
      evidence: issue.evidence,
    })),
    milliseconds: {
      decode: milliseconds.decode,
      prepare: milliseconds.prepare,
      forward: milliseconds.forward,
      analyse: milliseconds.analyse,
      total: milliseconds.total,
    },
    notes: allNotes(analysis),
  };
}

/** What the user should know about model, image and labels, one sentence each. */
export function allNotes(analysis: Analysis): string[] {
  return [...analysis.model.notes, ...analysis.notes, ...(analysis.labelFile?.problems ?? [])];
}
