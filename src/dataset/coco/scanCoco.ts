import { open } from 'node:fs/promises';
import { UserError } from '../../common/errors';
import { fileError } from '../fileErrors';
import { quote } from '../labelProblems';
import { CocoLists, type CocoColumns } from './cocoLists';
import { JsonSyntaxError, stringValue } from './jsonBytes';
import { JsonStream } from './jsonStream';
import { TextPositions } from './textPositions';

/** A scanned file: offsets are those of its bytes. */
export interface CocoScan extends CocoColumns {
  readonly positions: TextPositions;
}

/** A JSON file that is no COCO label file, and why. */
export interface NotCoco {
  readonly notCoco: string;
  /** Whether a full scan might say otherwise. */
  readonly sniffed: boolean;
}

/** Larger files are only scanned on suspicion if their first key is one that COCO files begin with. */
const sniffBytes = 8 * 1024 * 1024;
const firstKeys = new Set(['info', 'licenses', 'images', 'annotations', 'categories', 'type']);
const maxKeys = 10_000;

/**
 * Scans a COCO JSON file once from start to end, block by block: whatever its size, only positions and ids are kept.
 * @param options.sniff the file may be anything: give up early on large files that begin unlike COCO, and do not
 *   complain about malformed ones without a list of images or annotations
 * @throws UserError naming file and line for malformed JSON
 */
export async function scanCoco(file: string, options: { sniff: boolean }): Promise<CocoScan | NotCoco> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw fileError(error, file);
  });
  const positions = new TextPositions();
  const stream = new JsonStream(handle, bytes => positions.add(bytes));
  const lists = new CocoLists(stream, stringValue);
  try {
    const { size } = await handle.stat();
    const not = await readCocoLists(stream, lists, options.sniff && size > sniffBytes);
    return not ?? { ...lists.result(), positions };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw fileError(error, file);
    if (options.sniff && lists.isEmpty) return { notCoco: error.message, sniffed: true };
    const { line } = await positions.locate(handle, stream.offsetOf(error.index));
    throw new UserError(`is not valid JSON: ${error.message}`, {
      where: `${file}:${line + 1}`,
      remedy: 'correct the file or export it again',
      cause: error,
    });
  } finally {
    await handle.close();
  }
}

/** Fills the lists; tells if the file is no COCO file. */
export async function readCocoLists(
  stream: JsonStream,
  lists: CocoLists,
  onlyIfEvident: boolean,
): Promise<NotCoco | undefined> {
  const not = (reason: string, sniffed = false) => ({ notCoco: reason, sniffed });
  if (!(await stream.open())) return not('it holds no JSON object');
  const keys: string[] = [];
  for await (const key of stream.keys()) {
    if (onlyIfEvident && keys.length === 0 && !firstKeys.has(key)) return not(`it begins with ${quote(key)}`, true);
    if (keys.length < maxKeys) keys.push(key);
    const isList = await stream.atList();
    const skim = lists.skimmerOf(key);
    if (skim !== undefined && !isList) return not(`"${key}" is no list`);
    const start = stream.offset;
    if (isList) await stream.list(skim);
    else await stream.value();
    if (isList) lists.addList(key, start, stream.offset);
  }
  if (keys.includes('images') && keys.includes('annotations')) return undefined;
  const found = keys.length === 0 ? 'no keys' : `the keys ${keys.slice(0, 8).map(quote).join(', ')}`;
  return not(`it has ${found}, expected "images", "annotations" and "categories"`);
}
