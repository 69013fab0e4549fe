import type { Node } from 'jsonc-parser';
import type { CornerBox } from '../../common/boxes';
import { quote } from '../labelProblems';
import type { Label, LabelSource } from '../labels';
import { JsonEntry, maxEntryLength } from './jsonEntry';
import { readUsualAnnotation } from './usualAnnotation';

/** A category of a COCO file; `id` is undefined when it is no number. */
export interface CocoCategory {
  readonly name: string;
  readonly id: number | undefined;
}

/**
 * Reads one annotation object.
 * @param categories by id as text
 * @param problem receives what is wrong, also when the label can be used all the same, and whether it is left out
 * @returns undefined when there is no usable box or category
 */
export function readAnnotation(
  text: string,
  source: LabelSource,
  ordinal: number,
  categories: ReadonlyMap<string, CocoCategory>,
  problem: (message: string, leftOut: boolean) => void,
): Label | undefined {
  if (text.length > maxEntryLength) {
    problem(`annotation number ${ordinal} is left out: it is ${text.length} characters long`, true);
    return undefined;
  }
  const usual = readUsualAnnotation(text);
  const known = usual && categories.get(usual.categoryId);
  if (usual !== undefined && known !== undefined) {
    const { id, categoryId, box, crowd } = usual;
    return { id, category: known.name, categoryId: Number(categoryId), box, crowd, difficult: false, source };
  }
  const entry = new JsonEntry(text);
  const id = entry.id('id');
  const name = id === undefined ? `annotation without id (number ${ordinal})` : `annotation ${quote(id)}`;
  const leftOut = (reason: string) => {
    problem(`${name} is left out: ${reason}`, true);
    return undefined;
  };

  const bbox = entry.get('bbox');
  if (bbox === undefined)
    return leftOut(`it has no "bbox"${entry.get('segmentation') === undefined ? '' : ', only a segmentation'}`);
  const box = readBox(bbox, entry);
  if (typeof box === 'string') return leftOut(box);
  const categoryId = entry.id('category_id');
  if (categoryId === undefined) return leftOut('it has no "category_id"');

  const category = categories.get(categoryId);
  if (category === undefined) problem(`${name}: category ${quote(categoryId)} is not in "categories"`, false);
  const error = entry.syntaxError();
  if (error !== undefined) problem(`${name} is not valid JSON: found ${quote(error)}`, false);
  if (id === undefined) problem(name, false);
  return {
    id: id ?? `number ${ordinal}`,
    category: category?.name ?? `category ${categoryId}`,
    categoryId: numericId(categoryId),
    box,
    crowd: isTrue(entry.get('iscrowd')),
    difficult: false,
    source,
  };
}

/** Reads one category object; undefined when it has no id. */
export function readCategory(text: string): { key: string; category: CocoCategory } | undefined {
  const entry = new JsonEntry(text);
  const key = entry.id('id');
  return key === undefined
    ? undefined
    : { key, category: { name: entry.string('name') ?? `category ${key}`, id: numericId(key) } };
}

/** Reads category objects; of several with one id the first counts. */
export function readCategories(texts: Iterable<string>): Map<string, CocoCategory> {
  const categories = new Map<string, CocoCategory>();
  for (const text of texts) {
    const read = readCategory(text);
    if (read !== undefined && !categories.has(read.key)) categories.set(read.key, read.category);
  }
  return categories;
}

/** COCO's [x, y, width, height] as corners, or what is wrong with it. */
function readBox(bbox: Node, entry: JsonEntry): CornerBox | string {
  const error = entry.syntaxError(bbox);
  if (error !== undefined) return `its "bbox" is not valid JSON: found ${quote(error)}`;
  const values = bbox.type === 'array' ? (bbox.children ?? []) : [];
  const numbers = values.map(({ value }) => value as unknown).filter(value => Number.isFinite(value)) as number[];
  if (bbox.type !== 'array' || values.length !== 4 || numbers.length !== 4)
    return `its "bbox" is ${quote(entry.sourceOf(bbox).replace(/\s+/g, ' '))}, expected four finite numbers x, y, width, height`;
  const [x = 0, y = 0, width = 0, height = 0] = numbers;
  return [x, y, x + width, y + height];
}

function numericId(key: string): number | undefined {
  const id = Number(key);
  return key.trim() !== '' && Number.isFinite(id) ? id : undefined;
}

function isTrue(node: Node | undefined): boolean {
  const value: unknown = node?.value;
  return value === true || value === 1 || value === '1';
}
