import type { XmlElement } from '@rgrove/parse-xml';
import { parseTree, type Node } from 'jsonc-parser';
import type { CornerBox } from '../../common/boxes';
import type { LabelFormat } from '../../dataset/labels';
import { TextLines } from '../../dataset/text/textLines';
import { childElements, childText, parseXmlFile } from '../../dataset/voc/xml';
import type { TextRange } from './trackedRanges';

/** Where the parts of a label stand in its own text; undefined for what is not found. */
export interface LabelParts {
  readonly category: TextRange | undefined;
  readonly box: TextRange | undefined;
}

const none: LabelParts = { category: undefined, box: undefined };
const maxLength = 1_000_000;

/** @param text of one label as its format writes it: a JSON object, an `<object>` element, a line */
export function labelParts(format: LabelFormat, text: string): LabelParts {
  if (text.length > maxLength) return none;
  switch (format) {
    case 'coco':
      return cocoParts(text);
    case 'voc':
      return vocParts(text);
    case 'yolo':
      return yoloParts(text);
  }
}

function cocoFields(text: string): ReadonlyMap<string, Node> {
  const fields = new Map<string, Node>();
  for (const property of parseTree(text, [], { disallowComments: true })?.children ?? []) {
    const [key, value] = property.children ?? [];
    // The last of several equal keys counts, as everywhere.
    if (key !== undefined && value !== undefined) fields.set(String(key.value), value);
  }
  return fields;
}

function cocoParts(text: string): LabelParts {
  const fields = cocoFields(text);
  return { category: rangeOf(fields.get('category_id')), box: rangeOf(fields.get('bbox')) };
}

function rangeOf(node: Node | undefined): TextRange | undefined {
  return node && { start: node.offset, end: node.offset + node.length };
}

function vocParts(text: string): LabelParts {
  const object = vocObject(text);
  const inner = (name: string) => {
    const element = object && childElements(object, name)[0];
    return element && { start: element.start, end: element.end };
  };
  return { category: inner('name'), box: inner('bndbox') };
}

/** Class and corners of a Pascal VOC object; undefined where the text is none. */
export function vocLabel(text: string): { readonly category: string; readonly box: CornerBox } | undefined {
  const object = vocObject(text);
  const bounds = object && childElements(object, 'bndbox')[0];
  const category = object && childText(object, 'name');
  if (bounds === undefined || category === undefined) return undefined;
  const corner = (name: string) => Number(childText(bounds, name) ?? NaN);
  return { category, box: [corner('xmin'), corner('ymin'), corner('xmax'), corner('ymax')] };
}

function vocObject(text: string): XmlElement | undefined {
  if (!/^<object[\s>]/.test(text)) return undefined;
  try {
    return parseXmlFile({ file: '', text, lines: new TextLines(text), replaced: false });
  } catch {
    // Being written at this moment.
    return undefined;
  }
}

function yoloParts(text: string): LabelParts {
  const match = /^(\s*)(\S+)(\s+)(\S.*\S)/.exec(text);
  if (match === null) return none;
  const [, indent = '', category = '', gap = '', box = ''] = match;
  const start = indent.length + category.length + gap.length;
  return {
    category: { start: indent.length, end: indent.length + category.length },
    box: { start, end: start + box.length },
  };
}
