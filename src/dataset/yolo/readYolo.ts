import { basename } from 'node:path';
import { ProblemList } from '../labelProblems';
import type { ImageLabels, Label, LabelledImage } from '../labels';
import { maxLabelFileBytes, readTextFile, type TextFile } from '../text/readTextFile';
import type { ClassNames } from './classNames';
import { parseYoloLine } from './parseYoloLine';

export function readYoloText(file: string): Promise<TextFile> {
  return readTextFile(file, { maxBytes: maxLabelFileBytes });
}

/** The labels in an image's YOLO label file: one a line; each label's range is its line without the line break. */
export function yoloLabels(
  { file, text, lines, replaced }: TextFile,
  image: LabelledImage,
  classes: ClassNames | undefined,
  problems = new ProblemList(),
): ImageLabels {
  if (replaced) problems.add(file, 0, 'the file is not valid UTF-8, some characters were replaced');
  for (const problem of classes?.problems ?? []) problems.add(classes?.file ?? file, 0, problem);
  const columns = { keypointNumbers: classes?.keypointNumbers ?? 0 };
  const labels: Label[] = [];
  for (let line = 0; line < lines.starts.length; line++) {
    const { start, end } = lines.rangeOf(line);
    const content = text.slice(start, end);
    if (content.trim() === '') continue;
    const parsed = parseYoloLine(content, image, columns);
    if (typeof parsed === 'string') {
      problems.leaveOut(file, line, `line ${line + 1} is left out: ${parsed}`);
      continue;
    }
    const { classIndex, box, outside } = parsed;
    if (outside)
      problems.add(file, line, `line ${line + 1}: coordinates outside 0 to 1, expected fractions of the image`);
    const name = classes?.names.get(classIndex);
    if (name === undefined && classes !== undefined)
      problems.add(file, line, `line ${line + 1}: class ${classIndex} is not named in ${basename(classes.file)}`);
    labels.push({
      id: String(line + 1),
      category: name ?? `class ${classIndex}`,
      categoryId: classIndex,
      box,
      crowd: false,
      difficult: false,
      source: { file, start, end, line, column: 0 },
    });
  }
  if (labels.length > 0 && classes === undefined)
    problems.add(file, 0, 'no class names found (`names` in a data.yaml, or classes.txt), classes are named by index');
  return {
    format: 'yolo',
    files: classes === undefined ? [file] : [file, classes.file],
    labels,
    problems: problems.toArray(),
    leftOut: problems.leftOut,
    categories: [...(classes?.names ?? [])].map(([id, name]) => ({ id, name })),
  };
}
