import {
  labelVerdicts,
  missingProbability,
  verdictProbabilities,
  fittedCalibration,
} from '../../src/analysis/issues/calibration';
import { labelFeatures, objectFeatures } from '../../src/analysis/issues/features';
import type { LabelEvidence } from '../../src/analysis/issues/labelEvidence';
import { defaultMinScore, isWorse, suspicions } from '../../src/analysis/issues/suspicions';
import { toCorners } from '../../src/common/boxes';
import type { IssueKind, LabelIssue } from '../../src/protocol/analysis';
import type { ErrorKind, Method, Scene, Suspicion } from './types';

const kindOf: Readonly<Record<IssueKind, ErrorKind | null>> = {
  missing: 'drop',
  spurious: 'spawn',
  wrongClass: 'flip',
  badBox: 'shift',
  duplicate: 'duplicate',
  degenerate: null,
  uncovered: null,
};

/** What the product lists, the certain issues included, and below it the suspicions that are too faint to be listed. */
export const focalLens: Method = {
  name: 'Focal Lens',
  suspicions: scene =>
    listed(scene).map(({ kind, score, labelId, bbox }) => ({
      labelId,
      score,
      box: toCorners(bbox),
      kind: kindOf[kind],
    })),
  /** By the probability of that kind alone, which the list replaces by that of any fault. */
  ofKind(scene, kind) {
    if (kind === 'drop') {
      return scene.evidence.missing.map((row): Suspicion => {
        const [x1, y1, x2, y2] = scene.evidence.objects.boxes.subarray(row.object * 4, row.object * 4 + 4);
        const score = missingProbability(objectFeatures(row, scene.evidence), fittedCalibration);
        return { labelId: null, box: [x1, y1, x2, y2], score, kind };
      });
    }
    const verdict = labelVerdicts.findIndex(name => name !== 'clean' && kindOf[name] === kind);
    // Of a pair of labels only one can be the duplicate.
    const rows = scene.evidence.labels.filter(
      row => kind !== 'duplicate' || !scene.evidence.labels.some(twin => isPair(row, twin) && isWorse(twin, row)),
    );
    return rows.map((row): Suspicion => {
      const { id, box } = scene.labels.labels[row.label];
      const probabilities = verdictProbabilities(labelFeatures(row, scene.evidence), fittedCalibration);
      return { labelId: id, box, score: probabilities[verdict], kind };
    });
  },
};

function isPair(a: LabelEvidence, b: LabelEvidence): boolean {
  return a.twin === b.label && b.twin === a.label;
}

function listed({ evidence, labels, config, analysis }: Scene): readonly LabelIssue[] {
  const all = suspicions(evidence, { labels: labels.labels, categories: config.classes, minScore: 0 });
  return [...analysis.issues, ...all.filter(({ score }) => score < defaultMinScore)];
}
