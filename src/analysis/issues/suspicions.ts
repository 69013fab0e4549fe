import type { Label } from '../../dataset/labels';
import type { LabelIssue } from '../../protocol/analysis';
import { finiteXywh } from '../labelSummaries';
import {
  fittedCalibration,
  labelVerdicts,
  missingProbability,
  verdictProbabilities,
  type Calibration,
  type LabelVerdict,
  type VerdictProbabilities,
} from './calibration';
import * as words from './evidenceWords';
import { labelFeatures, objectFeatures } from './features';
import type { IssueEvidence } from './issueEvidence';
import type { LabelEvidence } from './labelEvidence';

/** What suspicions are worded with. */
export interface SuspicionContext {
  readonly labels: readonly Pick<Label, 'id' | 'category' | 'box'>[];
  /** Name of the category per class column as the data set writes it; undefined where it has none. */
  readonly categories: readonly (string | undefined)[];
  /** Suspicions below this score are left out. */
  readonly minScore: number;
  readonly calibration?: Calibration;
}

/** One label is suspected in one out of three at this score, on data with as many errors as were planted. */
export const defaultMinScore = 0.3;

/**
 * Suspicions about labels, in the order they are written, and about objects without one. A label has one at most: the likeliest
 * thing wrong with it, scored by the probability that anything is; of two duplicates only one has it.
 */
export function suspicions(
  evidence: IssueEvidence,
  { labels, categories, minScore, calibration = fittedCalibration }: SuspicionContext,
): readonly LabelIssue[] {
  const about = evidence.labels.map(row => {
    const probabilities = verdictProbabilities(labelFeatures(row, evidence), calibration);
    return { row, verdict: likeliestFault(row, probabilities), score: 1 - probabilities[0] };
  });
  const verdictOf = new Map(about.map(({ row, verdict }) => [row.label, verdict]));
  const isSpare = (row: LabelEvidence): boolean => {
    const twin = evidence.labels.find(({ label }) => label === row.twin);
    // Without a mutual suspicion there is only this one to show.
    return twin?.twin !== row.label || verdictOf.get(twin.label) !== 'duplicate' || isWorse(row, twin);
  };

  const issues: LabelIssue[] = [];
  for (const { row, verdict, score } of about) {
    if (!(score >= minScore) || (verdict === 'duplicate' && !isSpare(row))) continue;
    issues.push(labelIssue(evidence, row, verdict, score, labels, categories));
  }
  for (const row of evidence.missing) {
    const category = categories[evidence.objects.columns[row.object]];
    const score = missingProbability(objectFeatures(row, evidence), calibration);
    if (category === undefined || !(score >= minScore)) continue;
    const bbox = objectBox(evidence, row.object);
    const sentence = words.missing(row, evidence.picture, category);
    const fix = { suggestedCategory: category, suggestedBbox: bbox };
    issues.push({ kind: 'missing', score, labelId: null, bbox, category: null, ...fix, evidence: sentence });
  }
  return issues;
}

type Fault = Exclude<LabelVerdict, 'clean'>;

/** The likeliest fault that the evidence can bear out: another class, another box, a twin have to be there. */
function likeliestFault(row: LabelEvidence, probabilities: VerdictProbabilities): Fault {
  const possible: Record<Fault, boolean> = {
    spurious: true,
    wrongClass: row.otherColumn >= 0,
    badBox: row.object >= 0,
    duplicate: row.twin >= 0,
  };
  let best: Fault = 'spurious';
  labelVerdicts.forEach((verdict, i) => {
    if (verdict !== 'clean' && possible[verdict] && probabilities[i] > probabilities[labelVerdicts.indexOf(best)]) {
      best = verdict;
    }
  });
  return best;
}

/** Of two duplicates the one farther from the object; the later one where both are as far. */
export function isWorse(row: LabelEvidence, twin: LabelEvidence): boolean {
  return row.objectIou === twin.objectIou ? row.label > twin.label : row.objectIou < twin.objectIou;
}

function labelIssue(
  evidence: IssueEvidence,
  row: LabelEvidence,
  kind: Fault,
  score: number,
  labels: SuspicionContext['labels'],
  categories: SuspicionContext['categories'],
): LabelIssue {
  const { id, category, box } = labels[row.label];
  const other = categories[row.otherColumn] ?? null;
  const issue = { kind, score, labelId: id, bbox: finiteXywh(box), category };
  const removal = { suggestedCategory: null, suggestedBbox: null };
  switch (kind) {
    case 'spurious':
      return { ...issue, ...removal, evidence: words.spurious(row, category) };
    case 'wrongClass': {
      const fix = { suggestedCategory: other, suggestedBbox: null };
      return { ...issue, ...fix, evidence: words.wrongClass(row, category, other ?? `class ${row.otherColumn}`) };
    }
    case 'badBox': {
      const fix = { suggestedCategory: null, suggestedBbox: objectBox(evidence, row.object) };
      return { ...issue, ...fix, evidence: words.badBox(row, evidence.objects, category) };
    }
    case 'duplicate':
      return { ...issue, ...removal, evidence: words.duplicate(row, labels[row.twin]) };
  }
}

function objectBox({ objects }: IssueEvidence, object: number): LabelIssue['bbox'] {
  const [x1, y1, x2, y2] = objects.boxes.subarray(object * 4, object * 4 + 4);
  return finiteXywh([x1, y1, x2, y2]);
}
