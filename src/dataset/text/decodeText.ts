import { isUtf8 } from 'node:buffer';
import { UserError } from '../../common/errors';

/**
 * Decodes a text file: by its byte order mark, else by its XML declaration, else as UTF-8. The byte order mark is not
 * part of the text, as in an editor.
 * @throws UserError for an encoding that nobody knows
 */
export function decodeText(
  bytes: Buffer,
  options: { file: string; xml: boolean },
): { text: string; replaced: boolean } {
  const encoding = byteOrderMark(bytes) ?? (options.xml ? xmlEncoding(bytes) : undefined) ?? 'utf-8';
  const decoder = decoderFor(encoding, options.file);
  return { text: decoder.decode(bytes), replaced: encoding === 'utf-8' && !isUtf8(bytes) };
}

function decoderFor(encoding: string, file: string) {
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    const remedy = 'save it as UTF-8';
    throw new UserError(`has the unknown encoding ${JSON.stringify(encoding)}`, { where: `${file}:1`, remedy, cause });
  }
}

function byteOrderMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  return undefined;
}

/** The encoding of an XML text without byte order mark: see appendix F of the XML recommendation. */
function xmlEncoding(bytes: Buffer): string | undefined {
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le';
  if (bytes[0] === 0 && bytes[1] === 0x3c) return 'utf-16be';
  const declaration = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']{1,40})["']/.exec(bytes.toString('latin1', 0, 200));
  const name = declaration?.[1]?.toLowerCase();
  // .NET writes "utf-16" into files that it then stores as UTF-8; the first bytes have just ruled UTF-16 out.
  return name === undefined || name.startsWith('utf-16') || name.startsWith('ucs-2') ? undefined : name;
}
