import { UserError } from '../../common/errors';
import type { OpenedFile } from './openedFile';
import { headerLength, maxHeaderBytes } from './safetensors';

export type FileKind = 'torchZip' | 'safetensors';

const prefixBytes = 512;
/** The integer 0x1950a86a20f9469cfc6c, with which torch.save before 1.6 begins, as pickled. */
const legacyMagic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

const resave = "with torch: torch.save(torch.load('old.pth', map_location='cpu'), 'model.pth')";

/**
 * Tells by the first bytes, never by the extension, how to read a checkpoint.
 * @throws UserError that says what the file is and how to get a checkpoint from it
 */
export async function detectFileKind(file: OpenedFile): Promise<FileKind> {
  const fail = (what: string, remedy: string) => new UserError(what, { where: file.path, remedy });
  if (file.size === 0) throw fail('the file is empty', 'copy or download the checkpoint again');
  const prefix = await file.read(0, Math.min(prefixBytes, file.size));
  const startsWith = (...bytes: number[]) => bytes.every((byte, index) => prefix[index] === byte);

  if (startsWith(0x50, 0x4b)) return 'torchZip';
  if (prefix.length >= 9 && prefix[8] === 0x7b) {
    const length = headerLength(prefix);
    if (length <= file.size - 8 && length <= maxHeaderBytes) return 'safetensors';
    // Any text with a brace in ninth place would announce a header of exabytes.
    if (length < 2 ** 40) {
      throw fail(
        length > maxHeaderBytes
          ? `its safetensors header has ${length} bytes; at most ${maxHeaderBytes} are allowed`
          : `its safetensors header needs ${length} bytes but the file has ${file.size}: the file is cut off`,
        'copy or download it again',
      );
    }
  }
  if (indexOf(prefix.subarray(0, 64), legacyMagic) >= 0) {
    throw fail('was saved in the form of torch before 1.6, which is not read', `save it again ${resave}`);
  }
  if (latin1(prefix.subarray(257, 262)) === 'ustar') {
    throw fail(
      'is a tar archive: either a torch checkpoint from before 0.4 or packed files',
      `save it again ${resave}`,
    );
  }
  if (prefix[0] === 0x80 && (prefix[1] ?? 0) >= 2 && (prefix[1] ?? 0) <= 5) {
    throw fail(
      'is a bare Python pickle, not a torch checkpoint',
      "load it in Python and save the tensors with torch.save(state_dict, 'model.pth')",
    );
  }
  if (startsWith(0x1f, 0x8b)) throw fail('is compressed with gzip', 'unpack it first');
  if (startsWith(0x89, 0x48, 0x44, 0x46)) {
    throw fail(
      'is an HDF5 file (Keras), not a torchvision checkpoint',
      'convert the weights to a torchvision RetinaNet',
    );
  }
  const text = asText(prefix);
  if (text !== undefined) throw textError(text, fail);
  throw fail(
    `is neither a torch checkpoint nor a safetensors file: it begins with bytes ${hex(prefix.subarray(0, 8))}`,
    'choose a .pth, .pt or .safetensors file with the weights of a torchvision RetinaNet',
  );
}

function textError(text: string, fail: (what: string, remedy: string) => UserError): UserError {
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return fail('is a Git LFS pointer, not the checkpoint itself', 'fetch the file with git lfs pull');
  }
  if (/^\s*<(!doctype\s+html|html|\?xml|!--)/i.test(text)) {
    return fail('is a web page, not a checkpoint', 'the download failed or needs a login: download the file again');
  }
  const start = text.trimStart().slice(0, 40);
  return fail(
    `is a text file, not a checkpoint: it begins with ${JSON.stringify(start)}`,
    'choose the file of weights',
  );
}

/** The prefix as text when it holds no control characters but white space, else undefined. */
function asText(prefix: Uint8Array): string | undefined {
  const text = new TextDecoder('utf-8').decode(prefix);
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]|\ufffd(?!$)/.test(text) ? undefined : text;
}

function indexOf(bytes: Uint8Array, pattern: readonly number[]): number {
  return bytes.findIndex((_, start) => pattern.every((byte, index) => bytes[start + index] === byte));
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ');
}
