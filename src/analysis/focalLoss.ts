import type { FocalParameters } from '../model/types';

const { abs, exp, log1p, max, pow } = Math;

/** 1 / (1 + e^-x), without overflow. */
export function sigmoid(x: number): number {
  const e = exp(-abs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

/** Binary cross entropy of one term, -log p_t, as torch's `binary_cross_entropy_with_logits`. */
export function crossEntropy(logit: number, target: 0 | 1): number {
  return softplus(target === 1 ? -logit : logit);
}

/**
 * Focal loss of one term, alpha_t (1 - p_t)^gamma (-log p_t): equation 5 of arXiv 1708.02002 and torchvision's
 * `sigmoid_focal_loss`. 1 - p_t is computed directly, not by subtraction, so that easy terms keep their precision.
 */
export function focalLoss(logit: number, target: 0 | 1, focal: FocalParameters): number {
  const wrong = target === 1 ? -logit : logit;
  return alphaWeight(target, focal.alpha) * pow(sigmoid(wrong), focal.gamma) * softplus(wrong);
}

/**
 * Derivative of the focal loss by the logit, y alpha_t (1 - p_t)^gamma (gamma p_t log p_t + p_t - 1) with y = 1 for
 * the target and -1 otherwise: appendix B of arXiv 1708.02002.
 */
export function focalLossGradient(logit: number, target: 0 | 1, focal: FocalParameters): number {
  const y = target === 1 ? 1 : -1;
  const pt = sigmoid(y * logit);
  const wrong = sigmoid(-y * logit);
  const slope = -focal.gamma * pt * softplus(-y * logit) - wrong;
  return y * alphaWeight(target, focal.alpha) * pow(wrong, focal.gamma) * slope;
}

/** alpha for the target, 1 - alpha otherwise; 1 for a negative alpha, as in torchvision. */
export function alphaWeight(target: 0 | 1, alpha: number): number {
  if (alpha < 0) return 1;
  return target === 1 ? alpha : 1 - alpha;
}

/** log(1 + e^x), without overflow or loss of precision. */
function softplus(x: number): number {
  return max(x, 0) + log1p(exp(-abs(x)));
}
