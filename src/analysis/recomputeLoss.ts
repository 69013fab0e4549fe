import type { FocalParameters } from '../model/types';
import type { Analysis } from '../protocol/analysis';
import { anchorColumns } from '../protocol/anchorColumns';
import { anchorLosses } from './anchorLosses';
import { targetColumns } from './assignment';

/**
 * The exact focal loss of every anchor of a finished analysis under another gamma and alpha, unnormalised, float32.
 *
 * @param logits of the whole image, row-major [anchors, classes]
 * @throws RangeError for parameters that give no loss
 */
export function recomputeLoss(input: {
  readonly logits: Float32Array;
  readonly classes: readonly string[];
  readonly analysis: Pick<Analysis, 'columns' | 'labels'>;
  readonly focal: FocalParameters;
}): Float32Array {
  const { logits, classes, analysis, focal } = input;
  if (!(focal.gamma >= 0 && focal.gamma <= 100)) throw new RangeError(`gamma ${focal.gamma}`);
  if (!(focal.alpha <= 1 && Number.isFinite(focal.alpha))) throw new RangeError(`alpha ${focal.alpha}`);
  const { state, label } = anchorColumns(analysis.columns);
  const labelColumns = analysis.labels.map(({ column }) => column);
  return anchorLosses(logits, classes.length, targetColumns(state, label, labelColumns), focal, 'sums').focal;
}
