import type { CornerBox } from '../../common/boxes';
import { CocoDocument } from '../coco/cocoDocument';
import { addCoco } from './addCoco';
import { editCoco } from './editCoco';
import { addVoc, editVoc } from './editVoc';
import { addYolo, editYolo } from './editYolo';
import type { EditContext, LabelChange, NewLabel, PlacedLabel } from './labelChange';
import type { TextEdit, TextSource } from './textEdit';

/**
 * The edits that change or remove a label, and touch nothing else: numbers that stay equal, order, blanks and line
 * breaks keep as they are. Sorted by offset; `inverseEdits` gives those that undo them.
 * @param text of the label's file as it is now
 * @param label where the text says it stands, as its `source` does
 * @throws UserError when it does not stand there any more, or cannot be changed that way
 */
export function editLabel(text: TextSource, label: PlacedLabel, change: LabelChange, context: EditContext): TextEdit[] {
  if (change.kind === 'replaceBox') assertFinite(change.box);
  switch (context.format) {
    case 'coco':
      return editCoco(text, label, change);
    case 'voc':
      return editVoc(text, label, change);
    case 'yolo':
      return editYolo(text, label, change, context);
  }
}

export interface AddContext extends EditContext {
  /** Path of the image, by which COCO files are searched. */
  readonly imageFile: string;
  /** COCO: what is known of the text; scanned anew without it, or when the text has been edited since. */
  readonly document?: CocoDocument;
  readonly signal?: AbortSignal;
}

/**
 * The edits that add a label to a text, laid out as what is there. An empty text is a YOLO file without labels.
 * @throws UserError when the text is malformed or, in COCO, does not list the image
 * @throws CancelledError once `signal` is aborted
 */
export async function addLabel(
  text: TextSource,
  file: string,
  label: NewLabel,
  context: AddContext,
): Promise<TextEdit[]> {
  assertFinite(label.box);
  const { format, document, signal, imageFile } = context;
  switch (format) {
    case 'coco': {
      const isFresh = document !== undefined && !document.isStale;
      const scanned = isFresh ? document : await CocoDocument.open(text, file, signal === undefined ? {} : { signal });
      return addCoco(text, scanned, imageFile, label);
    }
    case 'voc':
      return addVoc(text.slice(0, text.length), file, label);
    case 'yolo':
      return addYolo(text.slice(0, text.length), file, label, context);
  }
}

function assertFinite(box: CornerBox): void {
  if (!box.every(Number.isFinite)) throw new RangeError('a box must be finite');
}
