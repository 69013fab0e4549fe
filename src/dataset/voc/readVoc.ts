import type { XmlElement } from '@rgrove/parse-xml';
import type { CornerBox } from '../../common/boxes';
import { UserError } from '../../common/errors';
import { ProblemList, quote, sizeMismatch } from '../labelProblems';
import type { ImageLabels, Label, LabelledImage } from '../labels';
import { parseNumber } from '../numbers';
import { maxLabelFileBytes, readTextFile, type TextFile } from '../text/readTextFile';
import { childElements, childText, parseXmlFile } from './xml';

/**
 * Reads a Pascal VOC file. Coordinates are used as written: VOC's own files count pixels from 1, most tools and
 * torchvision's users do not subtract it. The `<part>` boxes inside an object are no labels.
 * @throws UserError when the file is not well-formed XML or its root is not `<annotation>`
 */
export async function readVoc(file: string, image: LabelledImage): Promise<ImageLabels> {
  const labels = await readVocIfAny(file, image);
  if (labels !== undefined) return labels;
  throw new UserError('is no Pascal VOC file: its root element is not <annotation>', {
    where: `${file}:1`,
    remedy: 'name a Pascal VOC, YOLO or COCO label file',
  });
}

/** Like {@link readVoc}; undefined for XML of another kind. */
export async function readVocIfAny(file: string, image: LabelledImage): Promise<ImageLabels | undefined> {
  const source = await readTextFile(file, { maxBytes: maxLabelFileBytes, xml: true });
  const root = parseXmlFile(source);
  if (root.name !== 'annotation') return undefined;

  const problems = new ProblemList();
  if (source.replaced) problems.add(file, 0, 'the file is not valid UTF-8, some characters were replaced');
  checkSize(root, source, image, problems);
  const labels: Label[] = [];
  childElements(root, 'object').forEach((object, index) => {
    const label = readObject(object, index + 1, source, problems);
    if (label !== undefined) labels.push(label);
  });
  return {
    format: 'voc',
    files: [file],
    labels,
    problems: problems.toArray(),
    leftOut: problems.leftOut,
    categories: [],
  };
}

/**
 * The class names that a Pascal VOC file uses; none for XML of another kind.
 * @throws UserError for a file that is not well-formed
 */
export async function readVocNames(file: string): Promise<readonly string[]> {
  const root = parseXmlFile(await readTextFile(file, { maxBytes: maxLabelFileBytes, xml: true }));
  if (root.name !== 'annotation') return [];
  const names = childElements(root, 'object').map(object => childText(object, 'name') ?? '');
  return names.filter(name => name !== '');
}

function readObject(object: XmlElement, ordinal: number, source: TextFile, problems: ProblemList): Label | undefined {
  const { file, lines } = source;
  const { line, column } = lines.positionAt(object.start);
  const leftOut = (reason: string) => {
    problems.leaveOut(file, line, `object ${ordinal} is left out: ${reason}`);
    return undefined;
  };
  const category = childText(object, 'name');
  if (category === undefined || category === '') return leftOut('it has no <name>');
  const [bounds, ...others] = childElements(object, 'bndbox');
  if (bounds === undefined) return leftOut(`${quote(category)} has no <bndbox>`);
  if (others.length > 0) problems.add(file, line, `object ${ordinal} has several <bndbox>, the first is used`);
  const box = readBox(bounds);
  if (typeof box === 'string') return leftOut(box);
  return {
    id: String(ordinal),
    category,
    categoryId: undefined,
    box,
    crowd: false,
    difficult: /^(?:1|true)$/i.test(childText(object, 'difficult') ?? ''),
    source: { file, start: object.start, end: object.end, line, column },
  };
}

/** The corners, or what is wrong with them. */
function readBox(bounds: XmlElement): CornerBox | string {
  const values: number[] = [];
  for (const name of ['xmin', 'ymin', 'xmax', 'ymax']) {
    const text = childText(bounds, name);
    if (text === undefined) return `its <bndbox> has no <${name}>`;
    const value = parseNumber(text);
    if (typeof value !== 'number') return `<${name}>: ${value.problem}`;
    values.push(value);
  }
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = values;
  return [x1, y1, x2, y2];
}

function checkSize(root: XmlElement, { file, lines }: TextFile, image: LabelledImage, problems: ProblemList): void {
  const size = childElements(root, 'size')[0];
  if (size === undefined) return;
  const width = parseNumber(childText(size, 'width') ?? '');
  const height = parseNumber(childText(size, 'height') ?? '');
  const { line } = lines.positionAt(size.start);
  if (typeof width !== 'number' || typeof height !== 'number') {
    problems.add(file, line, '<size> states no width and height');
    return;
  }
  const mismatch = sizeMismatch({ width, height }, image);
  if (mismatch !== undefined) problems.add(file, line, mismatch);
}
