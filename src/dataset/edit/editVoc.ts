import type { XmlElement } from '@rgrove/parse-xml';
import { UserError } from '../../common/errors';
import type { CornerBox } from '../../common/boxes';
import { plainDecimal } from '../write/decimals';
import { escapeXml } from '../voc/escapeXml';
import { childElements, parseXmlFile } from '../voc/xml';
import { TextLines } from '../text/textLines';
import { indentBefore, lineBreakOf } from './blanks';
import type { LabelChange, NewLabel, PlacedLabel } from './labelChange';
import { textHasChanged, type TextEdit, type TextSource } from './textEdit';

const corners = ['xmin', 'ymin', 'xmax', 'ymax'] as const;

/** Edits of an object of a Pascal VOC file. */
export function editVoc(text: TextSource, label: PlacedLabel, change: LabelChange): TextEdit[] {
  const { file, start, end } = label;
  const source = text.slice(start, end);
  if (!/^<object[\s>]/.test(source) || !source.endsWith('>')) throw textHasChanged(file);
  if (change.kind === 'remove') return [removal(text, label)];
  const object = parse(source, file);
  const content = (parent: XmlElement, name: string, value: string): TextEdit[] => {
    const element = childElements(parent, name)[0];
    if (element === undefined) throw textHasChanged(file);
    if (element.text.trim() === value) return [];
    const range = contentOf(source, element);
    if (range === undefined) throw textHasChanged(file);
    return [{ file, offset: start + range.start, length: range.end - range.start, text: escapeXml(value) }];
  };
  if (change.kind === 'changeClass') return content(object, 'name', change.category.name);
  const bounds = childElements(object, 'bndbox')[0];
  if (bounds === undefined) throw textHasChanged(file);
  const edits = corners.flatMap((name, i) => {
    const stated = childElements(bounds, name)[0]?.text.trim();
    const value = change.box[i] ?? 0;
    return stated !== undefined && Number(stated) === value ? [] : content(bounds, name, plainDecimal(value));
  });
  return edits.sort((a, b) => a.offset - b.offset);
}

/**
 * Adds an object after the last one, or at the end, laid out as what is there.
 * @throws UserError for a text that is malformed or has no `<annotation>...</annotation>`
 */
export function addVoc(text: string, file: string, { category, box }: NewLabel): TextEdit[] {
  const root = parse(text, file);
  // Of an element that ends with the text the parser says that it ends at infinity.
  const end = Math.min(root.end, text.length);
  const close = end - (/<\/annotation\s*>$/.exec(text.slice(root.start, end))?.[0].length ?? 0);
  if (root.name !== 'annotation' || close === end)
    throw new UserError('has no <annotation> with a closing tag', {
      where: `${file}:1`,
      remedy: 'write the file again',
    });
  const insert = (offset: number, added: string) => [{ file, offset, length: 0, text: added }];
  const lineBreak = lineBreakOf(text);

  const last = childElements(root, 'object').at(-1);
  if (last !== undefined) {
    const indent = indentBefore(text, last.start);
    const layout = layoutOf(text, last, indent, lineBreak);
    const blanks = indent === undefined ? '' : lineBreak + indent;
    return insert(last.end, blanks + objectText(category.name, box, layout));
  }
  const first = root.children.find(child => child.type === 'element');
  const indent = first === undefined ? undefined : indentBefore(text, first.start);
  const outer = indentBefore(text, root.start) ?? '';
  if (indent === undefined) return insert(close, objectText(category.name, box, compact));
  const unit = indent.startsWith(outer) && indent !== outer ? indent.slice(outer.length) : '\t';
  const layout = { lineBreak, indent, inner: indent + unit, innermost: indent + unit + unit };
  // Before the line of the closing tag, or before the tag itself where it does not begin its line.
  const closing = indentBefore(text, close);
  return closing === undefined
    ? insert(close, lineBreak + indent + objectText(category.name, box, layout) + lineBreak + outer)
    : insert(close - closing.length, indent + objectText(category.name, box, layout) + lineBreak);
}

interface Layout {
  readonly lineBreak: string;
  /** Before the closing tag of the object, before its elements, before those of its box. */
  readonly indent: string;
  readonly inner: string;
  readonly innermost: string;
}

const compact: Layout = { lineBreak: '', indent: '', inner: '', innermost: '' };

/** How an object is laid out; compact when it does not begin its line or its first element does not. */
function layoutOf(text: string, object: XmlElement, indent: string | undefined, lineBreak: string): Layout {
  const elementIndent = (parent: XmlElement | undefined, name?: string) => {
    const child = parent?.children.find(
      node => node.type === 'element' && (!name || (node as XmlElement).name === name),
    );
    return child === undefined ? undefined : indentBefore(text, child.start);
  };
  const inner = elementIndent(object);
  if (indent === undefined || inner === undefined) return compact;
  const unit = inner.startsWith(indent) ? inner.slice(indent.length) : '\t';
  return {
    lineBreak,
    indent,
    inner,
    innermost: elementIndent(childElements(object, 'bndbox')[0]) ?? inner + unit,
  };
}

function objectText(name: string, box: CornerBox, { lineBreak, indent, inner, innermost }: Layout): string {
  const at = (indentation: string, line: string) => `${lineBreak}${indentation}${line}`;
  return [
    '<object>',
    at(inner, `<name>${escapeXml(name)}</name>`),
    at(inner, '<pose>Unspecified</pose>'),
    at(inner, '<truncated>0</truncated>'),
    at(inner, '<difficult>0</difficult>'),
    at(inner, '<bndbox>'),
    ...corners.map((corner, i) => at(innermost, `<${corner}>${plainDecimal(box[i] ?? 0)}</${corner}>`)),
    at(inner, '</bndbox>'),
    at(indent, '</object>'),
  ].join('');
}

/** The object, with its whole lines where it does not share them. */
function removal(text: TextSource, { file, start, end }: PlacedLabel): TextEdit {
  const indent = indentBefore(text.slice(Math.max(0, start - 1000), start), Math.min(start, 1000));
  const rest = /^[ \t]*(?:\r\n|\r|\n)/.exec(text.slice(end, end + 1000))?.[0];
  if (indent === undefined || rest === undefined) return { file, offset: start, length: end - start, text: '' };
  return { file, offset: start - indent.length, length: indent.length + end - start + rest.length, text: '' };
}

/** Range between the tags of an element; undefined for one without closing tag. */
function contentOf(source: string, { start, end }: XmlElement): { start: number; end: number } | undefined {
  const text = source.slice(start, end);
  const open = /^<(?:[^>"']|"[^"]*"|'[^']*')*>/.exec(text)?.[0];
  const close = /<\/[^<>]*>$/.exec(text)?.[0];
  if (open === undefined || close === undefined || open.endsWith('/>')) return undefined;
  return { start: start + open.length, end: end - close.length };
}

function parse(text: string, file: string): XmlElement {
  return parseXmlFile({ file, text, lines: new TextLines(text), replaced: false });
}
