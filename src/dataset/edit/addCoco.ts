import { basename } from 'node:path';
import { UserError } from '../../common/errors';
import type { CocoDocument } from '../coco/cocoDocument';
import { JsonEntry } from '../coco/jsonEntry';
import { blanksBefore, indentBefore, lineBreakOf } from './blanks';
import { boxArea, categoryId, cocoBox } from './editCoco';
import { entryLayout, plainLayout, prettyLayout, writeEntry } from './jsonLayout';
import type { NewLabel } from './labelChange';
import { textHasChanged, type TextEdit, type TextSource } from './textEdit';

/**
 * Adds an annotation after the last one, laid out like it, with an id that is free. Of the last annotation's keys it
 * has those that COCO defines for boxes, in the same order.
 * @param document a fresh scan of the text
 * @param imageFile path of the image
 * @throws UserError when the text does not list the image
 */
export function addCoco(
  text: TextSource,
  document: CocoDocument,
  imageFile: string,
  { category, box }: NewLabel,
): TextEdit[] {
  const { file, annotationList } = document;
  if (document.isStale || annotationList === undefined) throw textHasChanged(file);
  const close = annotationList.end - 1;
  if (text.slice(close, close + 1) !== ']') throw textHasChanged(file);
  const last = document.entry(text, -1);
  const template = last === undefined ? undefined : new JsonEntry(last.text);
  const values = new Map<string, string | readonly number[]>([
    ['id', quotedLike(template, 'id', document.nextAnnotationId)],
    ['image_id', imageId(text, document, imageFile)],
    ['category_id', quotedLike(template, 'category_id', categoryId(category, file))],
    ['bbox', cocoBox(box)],
    ['area', JSON.stringify(boxArea(box))],
    ['segmentation', []],
    ['iscrowd', '0'],
  ]);
  const insert = (offset: number, length: number, added: string) => [{ file, offset, length, text: added }];

  const end = blanksBefore(text, close);
  if (last === undefined || template === undefined) {
    const isEmpty = end === annotationList.start + 1;
    if (!isEmpty) throw textHasChanged(file);
    values.delete('segmentation');
    return insert(end, close - end, emptyListText(text, annotationList.start, values));
  }
  if (last.end !== end) throw textHasChanged(file);
  const layout = entryLayout(last.text, template);
  const keys = [...new Set([...layout.keys.filter(key => values.has(key)), 'id', 'image_id', 'category_id', 'bbox'])];
  // The blanks before the last entry part it from the comma before it: the new one has the same. Behind the bracket
  // of the list only those that break the line tell.
  const previous = blanksBefore(text, last.start);
  const blanks = text.slice(previous, last.start);
  const isAlone = text.slice(previous - 1, previous) !== ',';
  const between = isAlone && !/[\r\n]/.test(blanks) ? (/\s$/.test(layout.colon) ? ' ' : '') : blanks;
  const entry = writeEntry(
    keys.map(key => [key, values.get(key) ?? '']),
    layout,
  );
  return insert(end, 0, `,${between}${entry}`);
}

function emptyListText(text: TextSource, listStart: number, values: ReadonlyMap<string, string | readonly number[]>) {
  const before = text.slice(Math.max(0, listStart - 2000), listStart);
  const key = /"annotations"\s*:\s*$/.exec(before);
  const indent = key === null ? undefined : indentBefore(before, key.index);
  const isPretty = indent !== undefined && /[\r\n]/.test(before);
  if (!isPretty) return writeEntry([...values], plainLayout(before));
  const lineBreak = lineBreakOf(before);
  const unit = indent === '' ? '  ' : indent;
  const inner = lineBreak + indent + unit;
  return inner + writeEntry([...values], prettyLayout(inner, inner + unit)) + lineBreak + indent;
}

/** A number as the last annotation writes it: in quotation marks where it has them. */
function quotedLike(template: JsonEntry | undefined, key: string, id: string): string {
  return template?.get(key)?.type === 'string' ? JSON.stringify(id) : id;
}

/** The image's id as the text writes it. */
function imageId(text: TextSource, document: CocoDocument, imageFile: string): string {
  const found = document.findImage(text, imageFile);
  const entry = found && new JsonEntry(found.text);
  const id = entry?.get('id');
  if (entry === undefined || id === undefined)
    throw new UserError(`does not list ${basename(imageFile)} with an id`, {
      where: document.file,
      remedy: 'add the image to "images" first',
    });
  return entry.sourceOf(id);
}
