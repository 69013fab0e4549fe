import { messageOf, UserError } from '../../common/errors';
import type { TensorDtype } from '../types';
import { elementSize } from './elementTypes';
import type { OpenedFile } from './openedFile';
import { contiguousStrides, elementCount, type StoredTensor } from './storedTensor';

/** The format's own limit. */
export const maxHeaderBytes = 100_000_000;

/**
 * Reads the directory of a safetensors file: eight bytes of header length, a JSON header, then the tensors,
 * which fill the rest without gaps or overlaps (https://github.com/huggingface/safetensors, Format).
 */
export async function openSafetensors(file: OpenedFile): Promise<Map<string, StoredTensor>> {
  const headerBytes = headerLength(await file.read(0, 8));
  const dataStart = 8 + headerBytes;
  const header = parseHeader(file, await file.read(8, headerBytes));

  const tensors = new Map<string, StoredTensor>();
  const ranges: { name: string; begin: number; end: number }[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, begin, end } = parseEntry(`${file.path}: tensor ${name}`, entry);
    const storage = {
      byteLength: end - begin,
      readInto: (target: Uint8Array, start: number) => file.readInto(target, dataStart + begin + start),
    };
    tensors.set(name, { dtype, shape, strides: contiguousStrides(shape), offset: 0, storage });
    ranges.push({ name, begin, end });
  }
  checkRanges(file, ranges, file.size - dataStart);
  return tensors;
}

/** The header's length from the first eight bytes; Infinity where it exceeds every file. */
export function headerLength(prefix: Uint8Array): number {
  return Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true));
}

function parseHeader(file: OpenedFile, bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new UserError(`the safetensors header is not valid JSON: ${messageOf(error).slice(0, 200)}`, {
      where: file.path,
      remedy: 'copy or download it again',
      cause: error,
    });
  }
  if (!isRecord(header)) {
    throw new UserError('the safetensors header is not a JSON object', { where: file.path });
  }
  return header;
}

function parseEntry(
  where: string,
  entry: unknown,
): { dtype: TensorDtype; shape: number[]; begin: number; end: number } {
  const fail = (what: string) => new UserError(what, { where, remedy: 'write the safetensors file again' });
  if (!isRecord(entry)) throw fail('its header entry is not an object with dtype, shape and data_offsets');
  const { dtype: typeName, shape, data_offsets: offsets } = entry;
  const dtype = typeof typeName === 'string' && isDtype(typeName) ? typeName : undefined;
  if (!dtype) {
    throw fail(`dtype ${JSON.stringify(typeName) ?? 'nothing'} is not known; expected F32, F16, BF16 or another`);
  }
  if (!isCounts(shape)) throw fail('its shape is not a list of sizes');
  if (!isCounts(offsets)) throw fail('its data_offsets are not two byte offsets');
  const [begin, end, ...rest] = offsets;
  if (begin === undefined || end === undefined || rest.length > 0 || end < begin) {
    throw fail(`its data_offsets are [${offsets.slice(0, 8).join(', ')}]; expected a begin and an end after it`);
  }
  const expected = elementCount(shape) * elementSize[dtype];
  if (end - begin !== expected) {
    throw fail(`its data has ${end - begin} bytes; shape [${shape.join(', ')}] of ${dtype} needs ${expected}`);
  }
  return { dtype, shape, begin, end };
}

/** The tensors must tile the data: no overlap, no gap, nothing behind the end. */
function checkRanges(
  file: OpenedFile,
  ranges: { name: string; begin: number; end: number }[],
  dataBytes: number,
): void {
  const sorted = [...ranges].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { name, begin, end } of sorted) {
    if (begin !== expected) {
      throw new UserError(
        `its data begins at byte ${begin}, ${begin < expected ? 'inside' : 'behind a gap after'} the tensor before it, which ends at ${expected}`,
        { where: `${file.path}: tensor ${name}`, remedy: 'write the safetensors file again' },
      );
    }
    if (end > dataBytes) {
      throw new UserError(`its data ends at byte ${end} of ${dataBytes}: the file is cut off`, {
        where: `${file.path}: tensor ${name}`,
        remedy: 'copy or download it again',
      });
    }
    expected = end;
  }
  if (expected !== dataBytes) {
    throw new UserError(`${dataBytes - expected} bytes follow the last tensor`, {
      where: file.path,
      remedy: 'write the safetensors file again',
    });
  }
}

function isDtype(name: string): name is TensorDtype {
  return Object.hasOwn(elementSize, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 16 && value.every(item => Number.isSafeInteger(item) && item >= 0);
}
