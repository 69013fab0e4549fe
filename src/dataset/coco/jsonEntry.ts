import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { numberText } from './idKeys';

/** Longer texts are not parsed and have no fields: syntax nodes take a hundred times the memory of their text. */
export const maxEntryLength = 4_000_000;

/** One parsed object of a COCO list: its values stay syntax nodes, so that no key can reach a prototype. */
export class JsonEntry {
  private readonly fields = new Map<string, Node>();
  private readonly errors: ParseError[] = [];

  constructor(private readonly text: string) {
    if (text.length > maxEntryLength) return;
    const root = parseTree(text, this.errors, { disallowComments: true, allowTrailingComma: false });
    for (const property of root?.children ?? []) {
      const [key, value] = property.children ?? [];
      // The last of several equal keys counts, as in JSON.parse.
      if (key !== undefined && value !== undefined) this.fields.set(String(key.value), value);
    }
  }

  /** The value of a key; undefined when it is missing or null. */
  get(key: string): Node | undefined {
    const node = this.fields.get(key);
    return node?.type === 'null' ? undefined : node;
  }

  string(key: string): string | undefined {
    const value: unknown = this.fields.get(key)?.value;
    return typeof value === 'string' ? value : undefined;
  }

  number(key: string): number | undefined {
    const value: unknown = this.fields.get(key)?.value;
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  /** An id, number or string, as text; integers of any size keep all digits. */
  id(key: string): string | undefined {
    const node = this.fields.get(key);
    if (node?.type === 'string') return String(node.value);
    return node?.type === 'number' ? numberText(this.sourceOf(node)) : undefined;
  }

  sourceOf(node: Node): string {
    return this.text.slice(node.offset, node.offset + node.length);
  }

  /** What is no JSON in the entry, or in one of its values; undefined if all is well. */
  syntaxError(within?: Node): string | undefined {
    const error = this.errors.find(
      ({ offset }) => within === undefined || (offset >= within.offset && offset <= within.offset + within.length),
    );
    if (error === undefined) return undefined;
    return this.text.slice(error.offset, error.offset + Math.max(1, error.length)) || 'its end';
  }
}
