import type { AnchorInspection } from '../../protocol/analysis';
import type { WhatIf } from './whatIf';

/** The terms of an anchor under another gamma and alpha, alpha_t (1 - p_t)^gamma CE, those that weigh most first. */
export function termsUnder(inspection: AnchorInspection, { gamma, alpha }: WhatIf): AnchorInspection {
  const terms = inspection.terms.map(term => {
    const wrong = term.target === 1 ? -term.logit : term.logit;
    // -log(1 - p_t)
    const rate = Math.max(-wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong)));
    const weight = alpha < 0 ? 1 : term.target === 1 ? alpha : 1 - alpha;
    return { ...term, focal: weight * Math.exp(-gamma * rate) * term.crossEntropy };
  });
  return { ...inspection, terms: terms.sort((a, b) => b.focal - a.focal || b.logit - a.logit) };
}
