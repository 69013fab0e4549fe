import { UserError } from '../../common/errors';
import type { CornerBox } from '../../common/boxes';
import { JsonEntry } from '../coco/jsonEntry';
import { lengthBetween } from '../write/decimals';
import type { LabelChange, PlacedLabel } from './labelChange';
import { blanksAfter, blanksBefore } from './blanks';
import { textHasChanged, type TextEdit, type TextSource } from './textEdit';

/**
 * Edits of a COCO annotation. A new box takes the `area` with it unless there is a segmentation, whose area that is;
 * segmentations and key points are left as they are.
 */
export function editCoco(text: TextSource, label: PlacedLabel, change: LabelChange): TextEdit[] {
  const source = text.slice(label.start, label.end);
  if (!source.startsWith('{') || !source.endsWith('}')) throw textHasChanged(label.file);
  if (change.kind === 'remove') return [removal(text, label)];
  const entry = new JsonEntry(source);
  if (entry.syntaxError() !== undefined) throw textHasChanged(label.file);
  const replace = (node: { offset: number; length: number } | undefined, value: string): TextEdit[] => {
    if (node === undefined) throw textHasChanged(label.file);
    if (source.slice(node.offset, node.offset + node.length) === value) return [];
    return [{ file: label.file, offset: label.start + node.offset, length: node.length, text: value }];
  };
  if (change.kind === 'changeClass') {
    const node = entry.get('category_id');
    const id = categoryId(change.category, label.file);
    return replace(node, node?.type === 'string' ? JSON.stringify(id) : id);
  }
  const values = entry.get('bbox')?.children;
  if (values?.length !== 4) throw textHasChanged(label.file);
  const bbox = cocoBox(change.box);
  const edits = values.flatMap((node, i) => (node.value === bbox[i] ? [] : replace(node, JSON.stringify(bbox[i]))));
  const area = entry.get('area');
  const hasMask = (entry.get('segmentation')?.children?.length ?? 0) > 0;
  if (edits.length > 0 && area?.type === 'number' && !hasMask)
    edits.push(...replace(area, JSON.stringify(boxArea(change.box))));
  return edits.sort((a, b) => a.offset - b.offset);
}

/** A box as COCO writes it: x, y, width, height. */
export function cocoBox([x1, y1, x2, y2]: CornerBox): readonly number[] {
  return [x1, y1, lengthBetween(x1, x2), lengthBetween(y1, y2)];
}

/** Area of a box, without the digits that only rounding put there. */
export function boxArea(box: CornerBox): number {
  const [, , width = 0, height = 0] = cocoBox(box);
  return Number((Math.max(0, width) * Math.max(0, height)).toPrecision(12));
}

/** @throws UserError for a category without a number */
export function categoryId({ name, id }: { name: string; id: number | undefined }, file: string): string {
  if (id !== undefined) return String(id);
  throw new UserError(`the category ${JSON.stringify(name)} has no number`, {
    where: file,
    remedy: 'add it to the categories first',
  });
}

/** Takes an entry out of its list together with the comma that parts it from the next one, or from the one before. */
function removal(text: TextSource, { file, start, end }: PlacedLabel): TextEdit {
  const next = blanksAfter(text, end);
  const before = blanksBefore(text, start);
  const following = text.slice(next, next + 1);
  const preceding = text.slice(before - 1, before);
  const cut = (from: number, to: number) => ({ file, offset: from, length: to - from, text: '' });
  if (following === ',') return cut(start, blanksAfter(text, next + 1));
  if (following !== ']') throw textHasChanged(file);
  if (preceding === ',') return cut(before - 1, end);
  if (preceding === '[') return cut(before, next);
  throw textHasChanged(file);
}
