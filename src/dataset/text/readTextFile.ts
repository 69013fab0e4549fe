import { open, stat } from 'node:fs/promises';
import { UserError } from '../../common/errors';
import { fileError } from '../fileErrors';
import { decodeText } from './decodeText';
import { TextLines } from './textLines';

export interface TextFile {
  readonly file: string;
  /** Decoded, without byte order mark. */
  readonly text: string;
  readonly lines: TextLines;
  /** Whether bytes that are no text in the file's encoding were replaced by U+FFFD. */
  readonly replaced: boolean;
}

/** Most bytes of a label file that belongs to a single image. */
export const maxLabelFileBytes = 8 * 1024 * 1024;

/**
 * Reads a whole small text file.
 * @param options.xml honour the encoding that an XML declaration names
 * @throws UserError when the file cannot be read, is no regular file, is larger than `maxBytes` or in an unknown encoding
 */
export async function readTextFile(file: string, options: { maxBytes: number; xml?: boolean }): Promise<TextFile> {
  const bytes = await readBounded(file, options.maxBytes).catch((error: unknown) => {
    throw fileError(error, file);
  });
  const { text, replaced } = decodeText(bytes, { file, xml: options.xml ?? false });
  return { file, text, lines: new TextLines(text), replaced };
}

async function readBounded(file: string, maxBytes: number): Promise<Buffer> {
  // Before opening: opening a named pipe would wait for its writer.
  if (!(await stat(file)).isFile()) throw new UserError('is no regular file', { where: file, remedy: 'name a file' });
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) {
      const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
      throw new UserError(`is ${megabytes(size)} large, expected at most ${megabytes(maxBytes)}`, {
        where: file,
        remedy: 'check that this is a label file',
      });
    }
    const buffer = Buffer.alloc(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await handle.read(buffer, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
