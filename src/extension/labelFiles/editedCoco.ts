import type { CocoDocument } from '../../dataset/coco/cocoDocument';
import type { TextChange, TextSource } from '../../dataset/edit/textEdit';

/** More changes at once than worth being looked at one by one. */
const mostChanges = 1000;

/**
 * Names of images that edits of a COCO file concern: whose labels or entries now stand where they were made.
 * @param text as it is after the changes, which `document` has followed
 * @param changes made together, given by their places in the text before all of them
 */
export function editedCoco(
  document: Pick<CocoDocument, 'labelAt' | 'imageAt'>,
  text: TextSource,
  changes: readonly TextChange[],
): Set<string> {
  const names = new Set<string>();
  if (changes.length > mostChanges) return names;
  let shift = 0;
  for (const change of [...changes].sort((a, b) => a.offset - b.offset)) {
    const start = change.offset + shift;
    shift += change.text.length - change.length;
    for (const offset of new Set([start, start + change.text.length])) {
      const image = document.labelAt(text, offset)?.image ?? document.imageAt(text, offset)?.image;
      if (image !== undefined) names.add(image.name);
    }
  }
  return names;
}
