import { parseXml, XmlElement, XmlError } from '@rgrove/parse-xml';
import { UserError } from '../../common/errors';
import type { TextFile } from '../text/readTextFile';

const maxDepth = 300;

/**
 * The root element of an XML text. Document type declarations are skipped and their entities never expanded:
 * a reference to one stays in the text as it is written.
 * @throws UserError naming file and line for a text that is not well-formed
 */
export function parseXmlFile({ file, text, lines }: TextFile): XmlElement {
  // Same length, so offsets stay: the parser would replace carriage returns one by one, which takes quadratic time.
  const source = text.replace(/\r/g, ' ');
  const deep = firstTooDeep(source);
  if (deep !== undefined) {
    const where = `${file}:${lines.positionAt(deep).line + 1}`;
    throw new UserError('is no label file: elements are nested too deeply', { where, remedy: 'write the file again' });
  }
  let root: XmlElement | null;
  try {
    ({ root } = parseXml(source, { includeOffsets: true, ignoreUndefinedEntities: true }));
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const { line } = lines.positionAt(utf16Offset(text, error.pos));
    throw new UserError(`is not well-formed XML: ${firstLine(error.message)}`, {
      where: `${file}:${line + 1}`,
      remedy: 'correct the file or write it again',
      cause: error,
    });
  }
  if (root === null) throw new UserError('has no root element', { where: `${file}:1`, remedy: 'write the file again' });
  return root;
}

/** Child elements with a name, not deeper descendants. */
export function childElements(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((child): child is XmlElement => child instanceof XmlElement && child.name === name);
}

/** Trimmed text of the first child element with a name. */
export function childText(parent: XmlElement, name: string): string | undefined {
  return childElements(parent, name)[0]?.text.trim();
}

/**
 * Offset of a start tag some hundred levels deep. Found before parsing, since the parser recurses: on the edge of the
 * stack V8 may end the process, not only throw.
 */
function firstTooDeep(xml: string): number | undefined {
  let depth = 0;
  for (const { 0: tag, index } of xml.matchAll(/<[^\s!?/<>]|<\/|\/>/g)) {
    if (tag === '</' || tag === '/>') depth = Math.max(0, depth - 1);
    else if (++depth > maxDepth) return index;
  }
  return undefined;
}

/** The parser counts code points. */
function utf16Offset(text: string, codePoints: number): number {
  let offset = 0;
  for (let count = 0; count < codePoints && offset < text.length; count++) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ \(line \d+, column \d+\)$/, '').slice(0, 200);
}
