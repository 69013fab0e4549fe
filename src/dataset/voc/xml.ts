import { parseXml, XmlElement, XmlError } from '@rgrove/parse-xml';
import { UserError } from '../../common/errors';
import type { TextFile } from '../text/readTextFile';

/**
 * The root element of an XML text. Document type declarations are skipped and their entities never expanded:
 * a reference to one stays in the text as it is written.
 * @throws UserError naming file and line for a text that is not well-formed
 */
export function parseXmlFile({ file, text, lines }: TextFile): XmlElement {
  // Same length, so offsets stay: the parser would replace carriage returns one by one, which takes quadratic time.
  const source = text.replace(/\r/g, ' ');
  let root: XmlElement | null;
  try {
    ({ root } = parseXml(source, { includeOffsets: true, ignoreUndefinedEntities: true }));
  } catch (error) {
    // A RangeError is the parser's recursion: elements nested thousands deep.
    if (!(error instanceof XmlError || error instanceof RangeError)) throw error;
    const line = error instanceof XmlError ? lines.positionAt(utf16Offset(text, error.pos)).line : 0;
    const what = error instanceof XmlError ? firstLine(error.message) : 'elements are nested too deeply';
    throw new UserError(`is not well-formed XML: ${what}`, {
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
