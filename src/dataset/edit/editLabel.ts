import { editCoco } from './editCoco';
import { editVoc } from './editVoc';
import { editYolo } from './editYolo';
import type { EditContext, LabelChange, PlacedLabel } from './labelChange';
import type { TextEdit, TextSource } from './textEdit';

/**
 * The edits that change or remove a label, and touch nothing else: numbers that stay equal, order, blanks and line
 * breaks keep as they are. Sorted by offset; `inverseEdits` gives those that undo them.
 * @param text of the label's file as it is now
 * @param label where the text says it stands, as its `source` does
 * @throws UserError when it does not stand there any more, or cannot be changed that way
 */
export function editLabel(text: TextSource, label: PlacedLabel, change: LabelChange, context: EditContext): TextEdit[] {
  if (change.kind === 'replaceBox' && !change.box.every(Number.isFinite)) throw new RangeError('a box must be finite');
  switch (context.format) {
    case 'coco':
      return editCoco(text, label, change);
    case 'voc':
      return editVoc(text, label, change);
    case 'yolo':
      return editYolo(text, label, change, context);
  }
}
