import { UserError } from '../../common/errors';
import { plainDecimal } from '../write/decimals';
import { isAxisOf, yoloAxis, yoloFractions, type YoloAxis } from '../yolo/yoloLine';
import { lineBreakOf } from './blanks';
import { categoryId } from './editCoco';
import type { EditContext, LabelChange, NewLabel, PlacedLabel } from './labelChange';
import { textHasChanged, type TextEdit, type TextSource } from './textEdit';

/** Edits of a YOLO line. Boxes of polygons cannot be replaced: their corners would no longer be the object's. */
export function editYolo(
  text: TextSource,
  label: PlacedLabel,
  change: LabelChange,
  { width, height, keypointNumbers = 0 }: EditContext,
): TextEdit[] {
  const { file, start, end } = label;
  const line = text.slice(start, end);
  const words = [...line.matchAll(/\S+/g)].map(({ 0: word, index }) => ({ word, offset: start + index }));
  if (words.length < 5 || /[\r\n]/.test(line)) throw textHasChanged(file);
  switch (change.kind) {
    case 'remove':
      return [removal(text, label)];
    case 'changeClass':
      return replacements(file, words.slice(0, 1), [categoryId(change.category, file)]);
    case 'replaceBox': {
      const extra = words.length - 5;
      if (extra > 1 && !(keypointNumbers > 0 && extra - keypointNumbers <= 1))
        throw new UserError('the label is a polygon, whose box cannot be replaced alone', {
          where: `${file}:${lineNumber(text, start)}`,
          remedy: 'correct its corners, or remove it and add a box',
        });
      const [x1, y1, x2, y2] = change.box;
      const values = words.slice(1, 5).map(({ word }) => Number(word));
      const axes = [
        [x1, x2, width],
        [y1, y2, height],
      ].map(([from, to, size], i) => {
        const now: YoloAxis = [values[i] ?? NaN, values[i + 2] ?? NaN];
        return isAxisOf(now, from, to, size) ? now : yoloAxis(from, to, size);
      });
      const wanted = [axes[0]?.[0], axes[1]?.[0], axes[0]?.[1], axes[1]?.[1]].map(value => plainDecimal(value ?? NaN));
      return replacements(file, words.slice(1, 5), wanted);
    }
  }
}

/** Adds a line at the end of the text. */
export function addYolo(text: string, file: string, { category, box }: NewLabel, context: EditContext): TextEdit[] {
  const keypoints = ' 0'.repeat(context.keypointNumbers ?? 0);
  const line = `${categoryId(category, file)} ${yoloFractions(box, context)}${keypoints}`;
  const lineBreak = lineBreakOf(text);
  const isComplete = text === '' || /[\r\n]$/.test(text);
  return [{ file, offset: text.length, length: 0, text: isComplete ? line + lineBreak : lineBreak + line }];
}

function replacements(
  file: string,
  words: readonly { word: string; offset: number }[],
  values: readonly string[],
): TextEdit[] {
  return words.flatMap(({ word, offset }, i) => {
    const text = values[i] ?? word;
    return Number(word) === Number(text) ? [] : [{ file, offset, length: word.length, text }];
  });
}

/** The line with its line break; of the last line the break before it. */
function removal(text: TextSource, { file, start, end }: PlacedLabel): TextEdit {
  const after = /^(?:\r\n|\r|\n)/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
  const before = after > 0 ? 0 : (/(?:\r\n|\r|\n)$/.exec(text.slice(Math.max(0, start - 2), start))?.[0].length ?? 0);
  return { file, offset: start - before, length: end + after - start + before, text: '' };
}

function lineNumber(text: TextSource, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length;
}
