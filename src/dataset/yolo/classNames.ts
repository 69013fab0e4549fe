import { UserError } from '../../common/errors';
import { quote } from '../labelProblems';
import { readTextFile } from '../text/readTextFile';

/** Where the images of a YOLO data set are, as its `data.yaml` says. */
export interface YoloLayout {
  /** `path`: where the splits' paths begin. */
  readonly path: string | undefined;
  /** Folders and lists of images by split, in the order train, val, test. */
  readonly splits: ReadonlyMap<string, readonly string[]>;
}

/** The classes of a YOLO data set. */
export interface ClassNames {
  readonly file: string;
  /** Name by class index, in the order of the file; indices may have gaps. */
  readonly names: ReadonlyMap<number, string>;
  /** Numbers of a pose data set's key points on each line (`kpt_shape`), else 0. */
  readonly keypointNumbers: number;
  /** What is wrong with the file, each in one sentence. */
  readonly problems: readonly string[];
  /** Undefined for a file that is no `data.yaml`. */
  readonly layout: YoloLayout | undefined;
}

const maxClasses = 50_000;
const maxNamesBytes = 256 * 1024;
const maxSplitPaths = 1000;
const mayHoldNames = /names["']?\s*:/;

/**
 * Class names of a `data.yaml`, `names` as a list or as a map from index to name, and its paths, which are not followed.
 * Undefined for YAML without `names`.
 * @throws UserError for a file that is no YAML or whose `names` is neither
 */
export async function readYamlNames(file: string): Promise<ClassNames | undefined> {
  const { text } = await readTextFile(file, { maxBytes: maxNamesBytes });
  const fail = (what: string, cause?: unknown) =>
    new UserError(what, { where: file, remedy: 'correct the file, for example `names: [cat, dog]`', cause });
  if (!mayHoldNames.test(text)) return undefined;
  if (nestsTooDeeply(text)) throw fail('is nested too deeply');
  // Only now, since it takes a while: the extension, which may never meet such a file, is to start at once.
  const { parse } = await import('yaml');
  let root: unknown;
  try {
    // Maps, so that no name can meet Object.prototype; aliases are bounded by the library; looking for equal keys
    // would take quadratic time.
    root = parse(text, { mapAsMap: true, uniqueKeys: false, logLevel: 'error' });
  } catch (cause) {
    throw fail(`is no valid YAML: ${firstLine(cause)}`, cause);
  }
  if (!(root instanceof Map) || !root.has('names')) return undefined;

  const stated: unknown = root.get('names');
  const names = new Map<number, string>();
  const problems: string[] = [];
  if (Array.isArray(stated)) {
    stated.forEach((name: unknown, index) => {
      const text = nameText(name);
      if (text !== undefined) names.set(index, text);
      else problems.push(`\`names\`: entry ${index} is no name`);
    });
  } else if (stated instanceof Map) {
    for (const [key, name] of stated as Map<unknown, unknown>) {
      const index = typeof key === 'string' && /^\d{1,9}$/.test(key) ? Number(key) : key;
      const text = nameText(name);
      if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 && text !== undefined)
        names.set(index, text);
      else problems.push(`\`names\`: ${quote(nameText(key) ?? typeof key)} is no class index with a name`);
    }
  } else {
    throw fail('`names` is neither a list nor a map from class index to name');
  }
  if (names.size > maxClasses) throw fail(`\`names\` holds ${names.size} classes, expected at most ${maxClasses}`);
  const count: unknown = root.get('nc');
  if (count !== undefined && count !== names.size)
    problems.push(`\`nc\` is ${quote(nameText(count) ?? typeof count)}, \`names\` holds ${names.size} classes`);
  return { file, names, keypointNumbers: keypointNumbers(root.get('kpt_shape')), problems, layout: layoutOf(root) };
}

/** Class names of a `classes.txt` or `obj.names`: one a line, in the order of their indices. */
export async function readNamesList(file: string): Promise<ClassNames> {
  const { text, lines } = await readTextFile(file, { maxBytes: maxNamesBytes });
  const names = new Map<number, string>();
  for (let line = 0; line < lines.starts.length && names.size < maxClasses; line++) {
    const { start, end } = lines.rangeOf(line);
    const name = text.slice(start, end).trim();
    // A blank line in the middle keeps its index, as tools that read the file line by line count it.
    if (name !== '') names.set(line, name);
  }
  return { file, names, keypointNumbers: 0, problems: [], layout: undefined };
}

/** Before parsing, since the parser recurses: on the edge of the stack V8 may end the process, not only throw. */
function nestsTooDeeply(text: string): boolean {
  if (/^ *(?:[-?:][ \t]+){40}/m.test(text)) return true;
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && depth > 0) depth--;
    if (depth > 100) return true;
  }
  return false;
}

function nameText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** The splits of a `data.yaml`; some tools write `valid` for `val`. */
function layoutOf(root: ReadonlyMap<unknown, unknown>): YoloLayout {
  const splits = new Map<string, readonly string[]>();
  for (const [name, keys] of [
    ['train', ['train']],
    ['val', ['val', 'valid', 'validation']],
    ['test', ['test']],
  ] as const) {
    const stated = keys.map(key => root.get(key)).find(value => value !== undefined && value !== null);
    const paths = (Array.isArray(stated) ? (stated as unknown[]) : [stated]).filter(
      (path): path is string => typeof path === 'string' && path !== '',
    );
    if (paths.length > 0) splits.set(name, paths.slice(0, maxSplitPaths));
  }
  const path: unknown = root.get('path');
  return { path: typeof path === 'string' && path !== '' ? path : undefined, splits };
}

function keypointNumbers(shape: unknown): number {
  if (!Array.isArray(shape) || shape.length !== 2) return 0;
  const [points, dimensions] = shape as unknown[];
  const valid = Number.isSafeInteger(points) && (dimensions === 2 || dimensions === 3);
  return valid ? Number(points) * dimensions : 0;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').replace(/:$/, '').slice(0, 200);
}
