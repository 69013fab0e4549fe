import { extname } from 'node:path';
import { UserError } from '../common/errors';
import { LabelIndex } from './labelIndex';
import { ProblemList } from './labelProblems';
import type { ImageLabels, Label, LabelledImage } from './labels';
import { maxLabelFileBytes } from './text/readTextFile';
import { TextLines } from './text/textLines';
import { vocLabels } from './voc/readVoc';
import { findClassNames } from './yolo/findYolo';
import { yoloLabels } from './yolo/readYolo';

/**
 * The labels in the text of a Pascal VOC or YOLO file that is open in an editor, saved or not. For COCO files, which
 * hold the labels of many images, there is `CocoDocument`.
 * @param text as the editor holds it, without byte order mark
 * @param image that the file belongs to, see `imageOfLabelFile`
 * @returns undefined for XML of another kind
 * @throws UserError for a text that is malformed, or too long to be the labels of one image
 */
export async function labelsInText(
  text: string,
  file: string,
  image: LabelledImage,
  index = new LabelIndex(),
): Promise<ImageLabels | undefined> {
  if (text.length > maxLabelFileBytes)
    throw new UserError(`has ${text.length} characters, expected at most ${maxLabelFileBytes}`, {
      where: file,
      remedy: 'check that this is a label file',
    });
  const source = { file, text, lines: new TextLines(text), replaced: false };
  if (extname(file).toLowerCase() === '.xml') return vocLabels(source, image);
  const problems = new ProblemList();
  const classes = await findClassNames(file, image.file, index, problems);
  return yoloLabels(source, image, classes, problems);
}

/** The first label whose text holds an offset, its end included. */
export function labelAt(labels: readonly Label[], offset: number): Label | undefined {
  return labels.find(({ source }) => source.start <= offset && offset <= source.end);
}
