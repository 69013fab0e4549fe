import { anchorState } from '../protocol/analysis';
import type { AnchorColumns } from '../protocol/anchorColumns';
import type { Matching } from './matching';
import { matchState } from './matchState';

/**
 * Writes state, label and IoU of every anchor into `columns`.
 *
 * @param trained number, among the labels as written, of each label of the matching
 */
export function assignLabels(
  { matched, bestLabel, iou }: Matching,
  trained: Int32Array,
  columns: Pick<AnchorColumns, 'state' | 'label' | 'iou'>,
): void {
  const { state, label } = columns;
  for (let anchor = 0; anchor < matched.length; anchor++) {
    const match = matched[anchor];
    const best = match >= 0 ? match : bestLabel[anchor];
    label[anchor] = best >= 0 ? trained[best] : -1;
    if (match >= 0) state[anchor] = anchorState.foreground;
    else state[anchor] = match === matchState.ignored ? anchorState.ignored : anchorState.background;
  }
  columns.iou.set(iou);
}

/**
 * The class column each anchor is trained to raise: -1 for background, -2 for ignored anchors.
 *
 * @param label per anchor, index into `labelColumns`
 * @param labelColumns class column per label
 */
export function targetColumns(state: Int8Array, label: Int32Array, labelColumns: ArrayLike<number>): Int32Array {
  const targets = new Int32Array(state.length);
  for (let anchor = 0; anchor < state.length; anchor++) {
    if (state[anchor] === anchorState.foreground) targets[anchor] = labelColumns[label[anchor]];
    else targets[anchor] = state[anchor] === anchorState.ignored ? matchState.ignored : matchState.background;
  }
  return targets;
}

/** Boxes, four numbers each, picked by index. */
export function gatherBoxes(boxes: Float32Array, indices: Int32Array): Float32Array {
  const gathered = new Float32Array(indices.length * 4);
  indices.forEach((index, i) => gathered.set(boxes.subarray(index * 4, index * 4 + 4), i * 4));
  return gathered;
}
