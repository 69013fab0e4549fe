import type { Node } from 'jsonc-parser';
import { parseTree } from 'jsonc-parser';
import type { JsonEntry } from '../coco/jsonEntry';

/** What stands between the tokens of an object of numbers and lists of numbers. */
export interface EntryLayout {
  readonly keys: readonly string[];
  /** After the opening brace, between the entries (the comma included), before the closing brace. */
  readonly open: string;
  readonly comma: string;
  readonly close: string;
  /** Between key and value, the colon included. */
  readonly colon: string;
  readonly list: { readonly open: string; readonly comma: string; readonly close: string };
}

/** The layout of `JSON.stringify`, or of Python's `json.dump` where the text before has blanks after its colons. */
export function plainLayout(before: string): EntryLayout {
  const blank = /:\s+$/.test(before) ? ' ' : '';
  const comma = `,${blank}`;
  return { keys: [], open: '', comma, close: '', colon: `:${blank}`, list: { open: '', comma, close: '' } };
}

/** One key a line. @param outer line break and indentation of the closing brace @param inner of the keys */
export function prettyLayout(outer: string, inner: string): EntryLayout {
  const list = { open: '', comma: ', ', close: '' };
  return { keys: [], open: inner, comma: `,${inner}`, close: outer, colon: ': ', list };
}

/** How an object is laid out, told from its first keys and its `bbox`. */
export function entryLayout(source: string, entry: JsonEntry): EntryLayout {
  const plain = plainLayout('');
  const properties = (parseTree(source)?.children ?? []).filter(({ children }) => children?.length === 2);
  const keys = properties.map(({ children }) => String(children?.[0]?.value));
  const [first, second] = properties;
  const last = properties.at(-1);
  const [key, value] = first?.children ?? [];
  if (first === undefined || last === undefined || key === undefined || value === undefined) return { ...plain, keys };
  const colon = source.slice(endOf(key), value.offset);
  const comma = second === undefined ? (/\s$/.test(colon) ? ', ' : ',') : source.slice(endOf(first), second.offset);
  return {
    keys,
    open: source.slice(1, first.offset),
    comma,
    close: source.slice(endOf(last), -1),
    colon,
    list: listLayout(source, entry.get('bbox')) ?? {
      open: '',
      comma: /^,\s*$/.test(comma) && !/[\r\n]/.test(comma) ? comma : ', ',
      close: '',
    },
  };
}

function listLayout(source: string, list: Node | undefined): EntryLayout['list'] | undefined {
  const [first, second] = list?.children ?? [];
  const last = list?.children?.at(-1);
  if (list === undefined || first === undefined || second === undefined || last === undefined) return undefined;
  return {
    open: source.slice(list.offset + 1, first.offset),
    comma: source.slice(endOf(first), second.offset),
    close: source.slice(endOf(last), endOf(list) - 1),
  };
}

/** An object in a layout. Values are JSON texts, or lists of numbers. */
export function writeEntry(
  values: readonly (readonly [key: string, value: string | readonly number[]])[],
  { open, comma, close, colon, list }: EntryLayout,
): string {
  const valueText = (value: string | readonly number[]) => {
    if (typeof value === 'string') return value;
    return value.length === 0
      ? '[]'
      : `[${list.open}${value.map(number => JSON.stringify(number)).join(list.comma)}${list.close}]`;
  };
  return `{${open}${values.map(([key, value]) => `"${key}"${colon}${valueText(value)}`).join(comma)}${close}}`;
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}
