import type { Analysis, AnchorInspection, AnchorTerm } from '../protocol/analysis';
import { anchorState } from '../protocol/analysis';
import { anchorColumns } from '../protocol/anchorColumns';
import { crossEntropy, focalLoss, sigmoid } from './focalLoss';

const termsShown = 10;

/**
 * The terms of one anchor that weigh most. Terms of an ignored anchor carry no loss and come by descending logit.
 *
 * @param logits of the whole image, row-major [anchors, classes]
 * @param classes names by class column
 * @throws RangeError for an anchor the image does not have
 */
export function inspectAnchor(input: {
  readonly logits: Float32Array;
  readonly classes: readonly string[];
  readonly analysis: Pick<Analysis, 'columns' | 'labels' | 'loss'>;
  readonly anchor: number;
}): AnchorInspection {
  const { logits, classes, analysis, anchor } = input;
  const { state, label } = anchorColumns(analysis.columns);
  if (!Number.isInteger(anchor) || anchor < 0 || anchor >= state.length) {
    throw new RangeError(`anchor ${anchor} of ${state.length}`);
  }
  const target = state[anchor] === anchorState.foreground ? analysis.labels[label[anchor]].column : -1;
  const weight = state[anchor] === anchorState.ignored ? 0 : 1;
  const row = logits.subarray(anchor * classes.length, (anchor + 1) * classes.length);
  const terms = Array.from(row, (logit, column): AnchorTerm => {
    const wanted = column === target ? 1 : 0;
    return {
      column,
      category: classes[column],
      target: wanted,
      logit,
      probability: sigmoid(logit),
      crossEntropy: weight * crossEntropy(logit, wanted),
      focal: weight * focalLoss(logit, wanted, analysis.loss),
    };
  });
  terms.sort((a, b) => b.focal - a.focal || b.logit - a.logit);
  return { anchor, terms: terms.slice(0, termsShown) };
}
