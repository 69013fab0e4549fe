import { open } from 'node:fs/promises';
import { incomplete, JsonSyntaxError, ObjectSkimmer, sentinel, skipBlanks, skipValue, stringValue } from './jsonBytes';

/** A file smaller than this is read whole; of a larger one this much. */
const headBytes = 64 * 1024;

const [openBrace, openBracket, quotation, colon, comma] = [0x7b, 0x5b, 0x22, 0x3a, 0x2c];

/**
 * Whether a JSON file begins like COCO labels for object detection: its outermost object has a list `images` whose
 * first entry has a `file_name`, or a list `annotations` whose first entry has a `bbox` and an `image_id`. Reads the
 * first 64 KiB, so a file that begins with a longer value of something else is not recognised.
 */
export async function sniffCoco(file: string): Promise<boolean> {
  const bytes = Buffer.alloc(headBytes + 1);
  const handle = await open(file, 'r');
  try {
    const { bytesRead } = await handle.read(bytes, 0, headBytes, 0);
    bytes[bytesRead] = sentinel;
    return looksLikeCoco(bytes, bytesRead);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return false;
    throw error;
  } finally {
    await handle.close();
  }
}

function looksLikeCoco(bytes: Buffer, end: number): boolean {
  let index = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  index = skipBlanks(bytes, index, end);
  if (index >= end || bytes[index] !== openBrace) return false;
  index++;
  const seen = new Set<string>();
  for (;;) {
    index = skipBlanks(bytes, index, end);
    if (index < end && bytes[index] === comma) index = skipBlanks(bytes, index + 1, end);
    if (index >= end || bytes[index] !== quotation) break;
    const keyEnd = skipValue(bytes, index, end);
    if (keyEnd === incomplete) break;
    const key = stringValue(bytes, index, keyEnd);
    index = skipBlanks(bytes, keyEnd, end);
    if (index >= end || bytes[index] !== colon) break;
    index = skipBlanks(bytes, index + 1, end);
    const evidence = key === undefined ? undefined : evidenceOf(key, bytes, index, end);
    if (evidence === false) return false;
    if (evidence === true && key !== undefined) seen.add(key);
    index = skipValue(bytes, index, end);
    // The head ends inside this value: what was seen decides.
    if (index === incomplete) return seen.size > 0;
  }
  // The whole file was seen, or it is broken: its reader will say so.
  return seen.has('images') && seen.has('annotations');
}

/** Whether a list that COCO files have is what COCO says; undefined for any other key. */
function evidenceOf(key: string, bytes: Buffer, index: number, end: number): boolean | undefined {
  const wanted = key === 'images' ? ['file_name'] : key === 'annotations' ? ['bbox', 'image_id'] : undefined;
  if (wanted === undefined) return undefined;
  if (index >= end || bytes[index] !== openBracket) return false;
  const first = skipBlanks(bytes, index + 1, end);
  if (bytes[first] !== openBrace) return first < end && bytes[first] === 0x5d;
  const fields = new ObjectSkimmer(wanted);
  if (fields.skim(bytes, first, end) === incomplete) return undefined;
  return wanted.every((_, field) => fields.ranges[2 * field] >= 0);
}
