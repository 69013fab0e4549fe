import type { IssueKind } from '../../protocol/analysis';

export const issueNames: Readonly<Record<IssueKind, string>> = {
  missing: 'missing label?',
  spurious: 'nothing there?',
  wrongClass: 'wrong class?',
  badBox: 'badly placed?',
  duplicate: 'duplicate?',
  degenerate: 'degenerate',
  uncovered: 'no anchor',
};

/** One sentence a kind, for hover. */
export const issueMeanings: Readonly<Record<IssueKind, string>> = {
  missing: 'The model sees an object that has no label.',
  spurious: 'The model sees nothing where the label is.',
  wrongClass: 'The model sees another class where the label is.',
  badBox: 'The model places the object’s box elsewhere.',
  duplicate: 'Two labels seem to mark the same object.',
  degenerate: 'The label’s box has no area, so it cannot be trained.',
  uncovered: 'No anchor is matched to the label, so it is never trained.',
};

/** What to bear in mind with all of them. */
export const issueHint =
  'Suspicions, not verdicts: look before you change a label. They are surest on images that the model has not seen in ' +
  'training; of those it has, it may have learnt the errors as well.';
