import { crc32, deflateSync } from 'node:zlib';

/** A small PNG file whose header claims any size; its pixel data is far too short. */
export function hugePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits, RGB
  header.set([8, 2], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const pixels = deflateSync(Buffer.alloc(1000));
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A TIFF of one grey pixel in 32-bit floating point. */
export function floatTiff(value: number): Buffer {
  // Width, height, bits, no compression, black is zero, offset of the pixel, samples, rows, bytes, float.
  const tags = [256, 257, 258, 259, 262, 273, 277, 278, 279, 339];
  const values = [1, 1, 32, 1, 1, 8, 1, 1, 4, 3];
  const file = Buffer.alloc(12 + 2 + tags.length * 12 + 4);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(12, 4);
  file.writeFloatLE(value, 8);
  file.writeUInt16LE(tags.length, 12);
  tags.forEach((tag, i) => {
    const entry = 14 + i * 12;
    file.writeUInt16LE(tag, entry);
    // One 32-bit number.
    file.writeUInt16LE(4, entry + 2);
    file.writeUInt32LE(1, entry + 4);
    file.writeUInt32LE(values[i], entry + 8);
  });
  return file;
}

export function pngChunk(kind: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const content = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, check]);
}
