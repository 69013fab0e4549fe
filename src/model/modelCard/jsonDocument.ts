import { stat, readFile } from 'node:fs/promises';
import {
  findNodeAtLocation,
  type JSONPath,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { messageOf, UserError } from '../../common/errors';

const maxBytes = 1 << 20;

/** A JSON file with the positions of its values. */
export interface JsonDocument {
  readonly value: unknown;
  /** `file:line:column` (1-based) of the value at `path`, of the nearest value above it, or the file itself. */
  readonly where: (path: JSONPath) => string;
}

/** @throws UserError naming file, line and column */
export async function readJsonDocument(file: string): Promise<JsonDocument> {
  return parseJsonDocument(file, await readText(file));
}

/**
 * The same for a text that is, or is to be, in a file.
 * @throws UserError naming file, line and column
 */
export function parseJsonDocument(file: string, text: string): JsonDocument {
  const place = (offset: number) => {
    const before = text.slice(0, offset).split(/\r\n|\r|\n/);
    return `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  };
  const errors: ParseError[] = [];
  const root = withinStack(file, () => parseTree(text, errors, { disallowComments: true }));
  const [error] = errors;
  if (error) {
    throw new UserError(`is not valid JSON: ${words(printParseErrorCode(error.error))}`, {
      where: place(error.offset),
      remedy: 'correct the file',
    });
  }
  if (!root)
    throw new UserError('is not valid JSON: it is empty', {
      where: file,
      remedy: 'write a model card as a JSON object',
    });
  const duplicate = duplicateKey(root);
  if (duplicate) {
    throw new UserError(`key ${duplicate.key} is there twice`, {
      where: place(duplicate.offset),
      remedy: 'keep one of the two',
    });
  }
  return {
    // Unlike jsonc-parser's values, JSON.parse's have own properties for every key, `__proto__` included.
    value: withinStack(file, () => JSON.parse(text) as unknown),
    where(path) {
      for (let length = path.length; length > 0; length--) {
        const node = findNodeAtLocation(root, path.slice(0, length));
        if (node) return place(node.offset);
      }
      return file;
    },
  };
}

async function readText(file: string): Promise<string> {
  try {
    const stats = await stat(file);
    if (!stats.isFile())
      throw new UserError('is not a regular file', { where: file, remedy: 'give the path of a JSON file' });
    if (stats.size > maxBytes) {
      throw new UserError(`has ${stats.size} bytes; a model card has at most ${maxBytes}`, {
        where: file,
        remedy: 'choose the model card, a small JSON file',
      });
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof TypeError)
      throw new UserError('is not valid UTF-8 text', { where: file, remedy: 'save it as UTF-8', cause: error });
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const what = missing ? 'no such file' : `cannot be read: ${messageOf(error)}`;
    throw new UserError(what, { where: file, remedy: 'check the path of the model card', cause: error });
  }
}

/** Both parsers recurse; a file of opening brackets must not end the process. */
function withinStack<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError('is nested too deeply', {
      where: file,
      remedy: 'choose the model card, a small JSON file',
      cause: error,
    });
  }
}

function duplicateKey(root: Node): { key: string; offset: number } | undefined {
  const seen = new Set<string>();
  for (const property of root.type === 'object' ? (root.children ?? []) : []) {
    const [name] = property.children ?? [];
    if (typeof name?.value !== 'string') continue;
    if (seen.has(name.value)) return { key: name.value, offset: name.offset };
    seen.add(name.value);
  }
  return undefined;
}

/** `CloseBraceExpected` as `close brace expected`. */
function words(code: string): string {
  return code.replace(/(?!^)[A-Z]/g, letter => ` ${letter}`).toLowerCase();
}
