import type { VerdictKind } from '../../protocol/detectionVerdicts';

interface VerdictWords {
  readonly name: string;
  /** TIDE's own abbreviation, for tags on the picture. */
  readonly short: string;
  readonly meaning: string;
}

export const verdictWords: Readonly<Record<VerdictKind, VerdictWords>> = {
  truePositive: {
    name: 'true positive',
    short: 'TP',
    meaning: 'Finds a label of its class (IoU 0.5 or more) that no higher-scored detection has taken.',
  },
  badlyPlaced: {
    name: 'badly placed',
    short: 'Loc',
    meaning: 'The right class, but the box overlaps the label too little: IoU between 0.1 and 0.5.',
  },
  wrongClass: {
    name: 'wrong class',
    short: 'Cls',
    meaning: 'Lies on a label of another class: IoU 0.5 or more.',
  },
  duplicate: {
    name: 'duplicate',
    short: 'Dupe',
    meaning: 'Finds a label that a detection with a higher score has already found.',
  },
  both: {
    name: 'class and place',
    short: 'Both',
    meaning: 'Wrong class and badly placed at once: it overlaps a label of another class with IoU between 0.1 and 0.5.',
  },
  background: {
    name: 'background',
    short: 'Bkg',
    meaning: 'Lies on no label: its best IoU is at most 0.1. Where it is right, a label is missing.',
  },
  ignored: {
    name: 'not judged',
    short: 'Ign',
    meaning: 'Lies on a label that takes no part in the loss, so nobody can say whether it is right.',
  },
};
