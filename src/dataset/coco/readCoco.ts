import { ProblemList, quote, sizeMismatch } from '../labelProblems';
import type { ImageLabels, Label, LabelledImage } from '../labels';
import type { CocoImageMatch, CocoIndex } from './cocoIndex';
import { readAnnotation } from './readAnnotation';

const maxLabels = 100_000;

/** The labels of an image that the COCO file lists, in the order of the file. */
export async function readCoco(
  index: CocoIndex,
  match: CocoImageMatch,
  image: LabelledImage,
  problems = new ProblemList(),
): Promise<ImageLabels> {
  const { file, categories } = index;
  if (match.rivals > 0)
    problems.add(
      file,
      match.line,
      `${match.rivals + 1} entries of "images" name the image equally well, this one is used`,
    );
  else if (!match.whole)
    problems.add(
      file,
      match.line,
      `listed as ${quote(match.name)}: only the last part of the path agrees with the image's`,
    );
  const mismatch = match.size && sizeMismatch(match.size, image);
  if (mismatch !== undefined) problems.add(file, match.line, mismatch);

  const labels: Label[] = [];
  const copies = new Map<string, number>();
  for await (const { text, position, ordinal } of index.annotationsOf(match.ordinal)) {
    const { offset: start, line, column } = position;
    if (labels.length === maxLabels) {
      problems.add(file, line, `the image has more than ${maxLabels} labels, the rest is left out`);
      break;
    }
    const source = { file, start, end: start + text.length, line, column };
    const label = readAnnotation(text, source, ordinal + 1, categories, (message, leftOut) => {
      if (leftOut) problems.leaveOut(file, line, message);
      else problems.add(file, line, message);
    });
    if (label === undefined) continue;
    const copy = (copies.get(label.id) ?? 0) + 1;
    copies.set(label.id, copy);
    if (copy > 1) problems.add(file, line, `annotation id ${quote(label.id)} is used before in this image`);
    labels.push(copy === 1 ? label : { ...label, id: `${label.id} (${copy})` });
  }
  index.addProblems(problems, match);
  return {
    format: 'coco',
    files: [file],
    labels,
    problems: problems.toArray(),
    leftOut: problems.leftOut,
    categories: [...categories.values()],
  };
}
