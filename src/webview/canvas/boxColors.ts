import type { VerdictKind } from '../../protocol/detectionVerdicts';

/** Colours of boxes on the picture, as CSS colours. */
export interface BoxColors {
  readonly label: string;
  readonly detection: string;
  readonly anchor: string;
  readonly decoded: string;
  readonly highlight: string;
  readonly verdicts: Readonly<Record<VerdictKind, string>>;
}

/** The colors that the page's variables set. */
export function boxColors(style: CSSStyleDeclaration): BoxColors {
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    label: read('--lens-label'),
    detection: read('--lens-detection'),
    anchor: read('--lens-anchor'),
    decoded: read('--lens-decoded'),
    highlight: read('--lens-highlight'),
    verdicts: {
      truePositive: read('--lens-detection'),
      badlyPlaced: read('--lens-badly-placed'),
      wrongClass: read('--lens-wrong-class'),
      duplicate: read('--lens-duplicate'),
      both: read('--lens-class-and-place'),
      background: read('--lens-false-positive'),
      ignored: read('--lens-duplicate'),
    },
  };
}
