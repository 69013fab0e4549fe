import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflate?: boolean;
  /** Puts other numbers into the directory than the data has. */
  readonly claims?: {
    readonly size?: number;
    readonly headerOffset?: number;
    readonly method?: number;
    readonly flags?: number;
  };
}

/** A zip archive; like torch's, stored data begin at multiples of 64, behind padding in the local header. */
export function zipBytes(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, deflate = false, claims = {} } of entries) {
    const nameBytes = Buffer.from(name);
    const body = deflate ? deflateRawSync(data) : Buffer.from(data);
    const method = claims.method ?? (deflate ? 8 : 0);
    const padding = 4 + ((64 - ((offset + 30 + nameBytes.length + 4) % 64)) % 64);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(claims.flags ?? 0, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(claims.size ?? body.length, 14);
    fields.writeUInt32LE(claims.size ?? data.length, 18);
    fields.writeUInt16LE(nameBytes.length, 22);
    const extra = Buffer.alloc(padding, 0x5a);
    extra.write('FB');
    extra.writeUInt16LE(padding - 4, 2);
    const local = Buffer.from(fields);
    local.writeUInt16LE(padding, 24);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), local, nameBytes, extra, body);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(claims.headerOffset ?? offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x00\x00', 'latin1'), fields, tail, nameBytes);
    offset += 4 + 26 + nameBytes.length + padding + body.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directoryBytes, end]);
}
