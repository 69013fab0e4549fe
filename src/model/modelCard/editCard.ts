import { applyEdits, findNodeAtLocation, parseTree, type Edit, type Node } from 'jsonc-parser';

/** What is written of a card's classes; undefined leaves a key as it is, null removes it. */
export interface CardChange {
  readonly classes?: readonly string[];
  /** In the order they are to stand in: category, and the name or number of its class column, null for none. */
  readonly categories?: readonly (readonly [category: string, column: string | number | null])[] | null;
}

/** Longest line that a list is written in. */
const lineLength = 100;

/**
 * Text of a model card with other classes. Everything else keeps its characters, and what is written is laid out as the
 * rest: in one line or in many, with the same indentation and line ends.
 * @param text valid JSON holding an object, or empty for a new card
 */
export function editCard(text: string, { classes, categories }: CardChange): string {
  let edited = text.trim() === '' ? '{\n}\n' : text;
  if (classes !== undefined) edited = withKey(edited, 'classes', layout => listText(classes, layout));
  if (categories === undefined) return edited;
  return categories === null || categories.length === 0
    ? withoutKey(edited, 'categories')
    : withKey(edited, 'categories', layout => tableText(categories, layout));
}

interface Layout {
  /** One level; undefined for a card written in one line. */
  readonly indent: string | undefined;
  readonly eol: string;
  /** Between a key and its value. */
  readonly colon: string;
}

function layoutOf(text: string, root: Node): Layout {
  const [first] = root.children ?? [];
  const lines = /\r?\n/.exec(text.slice(root.offset, root.offset + root.length));
  const eol = lines?.[0] ?? '\n';
  const colonAt = first?.colonOffset;
  const value = first?.children?.[1];
  const colon = colonAt === undefined || value === undefined ? ': ' : text.slice(colonAt, value.offset);
  if (first === undefined) return { indent: lines === null && text.trim() !== '' ? undefined : '  ', eol, colon };
  const before = text.slice(root.offset + 1, first.offset);
  const indent = /[\r\n]([ \t]*)$/.exec(before)?.[1];
  return { indent, eol, colon };
}

function withKey(text: string, key: string, write: (layout: Layout) => string): string {
  const root = rootOf(text);
  const layout = layoutOf(text, root);
  const content = write(layout);
  const known = findNodeAtLocation(root, [key]);
  if (known !== undefined) return edit(text, { offset: known.offset, length: known.length, content });
  const property = `${JSON.stringify(key)}${layout.colon}${content}`;
  const last = root.children?.at(-1);
  const space = layout.indent === undefined ? '' : `${layout.eol}${layout.indent}`;
  if (last !== undefined) {
    const offset = last.offset + last.length;
    const blank = layout.indent === undefined && layout.colon.endsWith(' ') ? ' ' : '';
    return edit(text, { offset, length: 0, content: `,${blank}${space}${property}` });
  }
  const inner = root.length - 2;
  const end = layout.indent === undefined ? '' : layout.eol;
  return edit(text, { offset: root.offset + 1, length: inner, content: `${space}${property}${end}` });
}

/** With the comma that goes with it, and the blanks between the two. */
function withoutKey(text: string, key: string): string {
  const root = rootOf(text);
  const properties = root.children ?? [];
  const at = properties.findIndex(({ children }) => children?.[0]?.value === key);
  if (at < 0) return text;
  const own = properties[at];
  const before = properties[at - 1] as Node | undefined;
  const after = properties[at + 1] as Node | undefined;
  const ownEnd = own.offset + own.length;
  if (before !== undefined) {
    const offset = before.offset + before.length;
    return edit(text, { offset, length: ownEnd - offset, content: '' });
  }
  return edit(text, { offset: own.offset, length: (after?.offset ?? ownEnd) - own.offset, content: '' });
}

function listText(items: readonly string[], { indent, eol, colon }: Layout): string {
  const texts = items.map(item => JSON.stringify(item));
  const line = `[${texts.join(colon.endsWith(' ') ? ', ' : ',')}]`;
  if (indent === undefined || line.length <= lineLength) return line;
  return `[${eol}${texts.map(text => `${indent}${indent}${text}`).join(`,${eol}`)}${eol}${indent}]`;
}

function tableText(entries: NonNullable<CardChange['categories']>, { indent, eol, colon }: Layout): string {
  const texts = entries.map(([category, column]) => `${JSON.stringify(category)}${colon}${JSON.stringify(column)}`);
  if (indent === undefined) return `{${texts.join(colon.endsWith(' ') ? ', ' : ',')}}`;
  return `{${eol}${texts.map(text => `${indent}${indent}${text}`).join(`,${eol}`)}${eol}${indent}}`;
}

function rootOf(text: string): Node {
  const root = parseTree(text);
  if (root?.type !== 'object') throw new TypeError('A model card is a JSON object');
  return root;
}

function edit(text: string, change: Edit): string {
  return applyEdits(text, [change]);
}
