import { writeFile } from 'node:fs/promises';

export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** The bytes of a safetensors file: 8 bytes of header length, the header in JSON, the tensors' bytes in order. */
export function safetensorsBytes(tensors: ReadonlyMap<string, WrittenTensor>): Buffer {
  const header: Record<string, { dtype: string; shape: readonly number[]; data_offsets: [number, number] }> = {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const dtype = data instanceof Float32Array ? 'F32' : 'I64';
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const bytes = [...tensors.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return Buffer.concat([length, json, ...bytes]);
}

export function writeSafetensors(file: string, tensors: ReadonlyMap<string, WrittenTensor>): Promise<void> {
  return writeFile(file, safetensorsBytes(tensors));
}
