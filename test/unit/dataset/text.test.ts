import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TextPositions } from '../../../src/dataset/coco/textPositions';
import { decodeText } from '../../../src/dataset/text/decodeText';
import { readTextFile } from '../../../src/dataset/text/readTextFile';
import { TextLines } from '../../../src/dataset/text/textLines';
import { editorText, lineAndColumn, Random, useFolders } from './support';

const folder = useFolders();

describe('TextLines', () => {
  it('counts LF, CRLF and CR as one line break each', () => {
    const text = 'a\nbb\r\nccc\rdddd\n';
    const lines = new TextLines(text);
    expect(lines.starts).toEqual([0, 2, 6, 10, 15]);
    for (let offset = 0; offset <= text.length; offset++) {
      if (text[offset - 1] === '\r' && text[offset] === '\n') continue;
      expect(lines.positionAt(offset)).toEqual({ offset, ...lineAndColumn(text, offset) });
    }
    expect(lines.starts.map((_, line) => text.slice(lines.rangeOf(line).start, lines.rangeOf(line).end))).toEqual([
      'a',
      'bb',
      'ccc',
      'dddd',
      '',
    ]);
  });
});

describe('decodeText', () => {
  const decode = (bytes: Buffer, xml = true) => decodeText(bytes, { file: 'x.xml', xml });

  it('takes the byte order mark away', () => {
    expect(decode(Buffer.from('\ufeff<a/>')).text).toBe('<a/>');
    expect(decode(Buffer.from('\ufeff<a>é</a>', 'utf16le')).text).toBe('<a>é</a>');
    expect(decode(Buffer.from('\ufeff<a>é</a>', 'utf16le').swap16()).text).toBe('<a>é</a>');
  });

  it('honours the encoding of an XML declaration, and no impossible one', () => {
    const declared = (name: string) => `<?xml version="1.0" encoding="${name}"?><a>é</a>`;
    expect(decode(Buffer.from(declared('ISO-8859-1'), 'latin1')).text).toContain('<a>é</a>');
    expect(decode(Buffer.from(declared('utf-16'))).text).toContain('<a>é</a>');
    expect(decode(Buffer.from('<a>é</a>', 'utf16le')).text).toBe('<a>é</a>');
    expect(() => decode(Buffer.from(declared('klingon')))).toThrow('x.xml:1: has the unknown encoding "klingon"');
  });

  it('tells when bytes were replaced', () => {
    expect(decode(Buffer.from([0x61, 0xff]), false)).toEqual({ text: 'a\ufffd', replaced: true });
    expect(decode(Buffer.from('é'), false).replaced).toBe(false);
  });
});

describe('readTextFile', () => {
  it('refuses what is missing, too large or no file', async () => {
    const at = await folder({ 'a.txt': 'x'.repeat(100) });
    await expect(readTextFile(join(at, 'b.txt'), { maxBytes: 10 })).rejects.toThrow('b.txt: no such file');
    await expect(readTextFile(join(at, 'a.txt'), { maxBytes: 10 })).rejects.toThrow('expected at most');
    await expect(readTextFile(at, { maxBytes: 10 })).rejects.toThrow('is no regular file');
  });
});

describe('TextPositions', () => {
  const pieces = ['a', '"', '\n', '\r\n', '\r', 'é', '猫', '😀', '\ufeff', 'x'.repeat(1000), '猫'.repeat(500)];

  it.each([1, 2, 3, 4, 5, 6])('agrees with a decoder whatever the text and the blocks (seed %i)', async seed => {
    const random = new Random(seed);
    const parts: Buffer[] = random.chance(0.5) ? [Buffer.from('\ufeff')] : [];
    for (let length = 0; length < 400_000;) {
      // Bytes that are no UTF-8, too, in half of the texts.
      const invalid = seed % 2 === 0 && random.chance(0.1);
      const part = invalid ? Buffer.from([0xe7, random.pick([0x80, 0xff, 0x28])]) : Buffer.from(random.pick(pieces));
      parts.push(part, Buffer.from('|'));
      length += part.length + 1;
    }
    const bytes = Buffer.concat(parts);
    const positions = new TextPositions();
    for (let from = 0; from < bytes.length;) {
      const to = from + 1 + random.integer(random.pick([3, 100, 200_000]));
      positions.add(bytes.subarray(from, to));
      from = to;
    }
    const at = await folder({ 'text.json': bytes });
    const handle = await open(join(at, 'text.json'));
    for (let i = 0; i < 60; i++) {
      const offset = bytes.indexOf('|', random.integer(bytes.length - 2000));
      const utf16 = editorText(bytes.subarray(0, offset)).length;
      expect(await positions.locate(handle, offset)).toEqual({
        offset: utf16,
        ...lineAndColumn(editorText(bytes), utf16),
      });
    }
    await handle.close();
  });
});
