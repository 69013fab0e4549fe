import type { ImageLabels } from '../dataset/labels';
import type { ModelConfig } from '../model/types';
import type { MatchedBy } from '../protocol/classMapping';
import { quoted, quotedList } from './wording';

type ModelClasses = Pick<ModelConfig, 'classes' | 'classesNamed' | 'categoryIds' | 'categoryColumns'>;
type Dataset = Pick<ImageLabels, 'format' | 'labels' | 'categories'>;

interface Category {
  readonly name: string;
  readonly id: number | undefined;
}

/** The class column of a category, -1 where the model has none. */
export interface CategoryMatch {
  readonly column: number;
  readonly by: MatchedBy;
}

export interface ClassMapping {
  /** Class column per label, -1 where the model has none. */
  readonly columns: Int32Array;
  /**
   * Name of the category per class column as the data set writes it; undefined where it has none. Where the format
   * states no categories, the model's own name stands in for those that no label mentions.
   */
  readonly categories: readonly (string | undefined)[];
  /** Mismatches between data set and model and what was made of them, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Finds the class column of every label: as the model card's `categories` says, by name next (exact, then ignoring case
 * and surrounding space), by its `categoryIds` then, by order last. Order counts only when the card says nothing about the
 * classes.
 */
export function mapClasses(dataset: Dataset, config: ModelClasses): ClassMapping {
  const categories = distinctCategories(dataset);
  const notes: string[] = [];
  const matchOf = categoryMatcher(dataset, config, notes);
  const found = new Map<string, number>();
  const columnless: string[] = [];
  for (const [key, category] of categories) {
    const match = matchOf(category);
    found.set(key, match.column);
    const note = matchNote(category, match, config);
    if (note !== undefined) notes.push(note);
    if (match.by === 'none') columnless.push(category.name);
  }
  if (columnless.length > 0) {
    notes.push(
      `The model has no class column for ${quotedList(columnless)}: such labels take no part in the loss; ` +
        'name the classes, or give categoryIds or categories, in the model card.',
    );
  }
  const columns = Int32Array.from(
    dataset.labels,
    label => found.get(keyOf({ name: label.category, id: label.categoryId })) ?? -1,
  );
  if (config.classesNamed && dataset.categories.length > 0) notes.push(...unmetClasses(config, found));
  return { columns, categories: categoryNames(dataset, config, categories, found), notes };
}

/**
 * How the categories of a data set are matched, one by one.
 * @param notes what has to be said about the data set as a whole is added
 */
export function categoryMatcher(
  dataset: Dataset,
  config: ModelClasses,
  notes: string[],
): (category: Category) => CategoryMatch {
  const stated = config.classesNamed || config.categoryIds !== undefined || config.categoryColumns !== undefined;
  const matchOf = stated ? statedColumns(config) : orderedColumns(dataset, config.classes.length, notes);
  const explicit = new Map(config.categoryColumns);
  return category => {
    const column = explicit.get(category.name);
    return column === undefined ? matchOf(category) : { column, by: 'card' };
  };
}

/** What is said of a match that is not plain to see. */
function matchNote({ name, id }: Category, { column, by }: CategoryMatch, config: ModelClasses): string | undefined {
  const known = quoted(config.classes[column] ?? '');
  if (by === 'similarName') return `Category ${quoted(name)} is taken for class ${known}.`;
  return by === 'id' && config.classesNamed
    ? `Category ${quoted(name)} is class ${known} by its category id ${id}.`
    : undefined;
}

function categoryNames(
  dataset: Dataset,
  { classes, classesNamed }: ModelClasses,
  categories: Map<string, Category>,
  found: Map<string, number>,
): (string | undefined)[] {
  const ownNames = classesNamed && dataset.categories.length === 0;
  const names = classes.map(name => (ownNames && !isPlaceholder(name) ? name : undefined));
  // The first category wins, as it is the one the data set states before what labels mention.
  for (const [key, { name }] of [...categories].reverse()) {
    const column = found.get(key) ?? -1;
    if (column >= 0) names[column] = name;
  }
  return names;
}

/** The categories the data set states, then those that only labels mention. */
function distinctCategories({ categories, labels }: Dataset): Map<string, Category> {
  const distinct = new Map<string, Category>();
  for (const category of categories) distinct.set(keyOf(category), category);
  for (const { category: name, categoryId: id } of labels) distinct.set(keyOf({ name, id }), { name, id });
  return distinct;
}

function keyOf({ name, id }: Category): string {
  return `${id ?? ''} ${name}`;
}

type MatchOf = (category: Category) => CategoryMatch;

const noMatch: CategoryMatch = { column: -1, by: 'none' };

/** By name, then by the card's category ids. */
function statedColumns({ classes, classesNamed, categoryIds }: ModelClasses): MatchOf {
  const exact = new Map<string, number>();
  const similar = new Map<string, number[]>();
  if (classesNamed) {
    classes.forEach((name, column) => {
      if (isPlaceholder(name)) return;
      if (!exact.has(name)) exact.set(name, column);
      const key = normalised(name);
      similar.set(key, [...(similar.get(key) ?? []), column]);
    });
  }
  return ({ name, id }) => {
    const column = exact.get(name);
    if (column !== undefined) return { column, by: 'name' };
    const candidates = similar.get(normalised(name)) ?? [];
    if (candidates.length === 1) return { column: candidates[0], by: 'similarName' };
    const byId = id === undefined ? -1 : (categoryIds?.indexOf(id) ?? -1);
    return byId < 0 || byId >= classes.length ? noMatch : { column: byId, by: 'id' };
  };
}

/** By the category ids where they are the columns, as in torchvision's own COCO training, else by order. */
function orderedColumns({ format, categories, labels }: Dataset, classes: number, notes: string[]): MatchOf {
  const advice = 'name the classes in the model card to be sure';
  const ids = categories.map(category => category.id);
  if (format === 'coco' && areColumns(ids, classes)) {
    notes.push(`The model card names no classes: category ids are taken as class columns; ${advice}.`);
    return ({ id }) => (id === undefined ? noMatch : { column: id, by: 'id' });
  }
  // Pascal VOC files state no order, whatever is known of their categories.
  if (format === 'voc' || (format === 'coco' && categories.length === 0)) return () => noMatch;
  const known = categories.length > 0;
  if (!known && labels.length === 0) return () => noMatch;
  notes.push(
    `The model card names no classes: categories are taken in their order, the first one as class column 1; ${advice}.`,
  );
  if (known && categories.length !== classes - 1) {
    notes.push(
      `The data set has ${categories.length} categories, the model ${classes - 1} class columns besides column 0.`,
    );
  }
  const positions = new Map(categories.map((category, i) => [keyOf(category), i]));
  return category => {
    // YOLO numbers its classes from 0, whether they are named or not.
    const position = format === 'yolo' ? category.id : positions.get(keyOf(category));
    const fits = position !== undefined && position >= 0 && position < classes - 1;
    return fits ? { column: position + 1, by: 'order' } : noMatch;
  };
}

/** Whether ids are distinct numbers from 1 on whose largest one is the last column. */
function areColumns(ids: readonly (number | undefined)[], classes: number): boolean {
  const valid = ids.every(id => id !== undefined && Number.isInteger(id) && id >= 1 && id < classes);
  return valid && new Set(ids).size === ids.length && ids.includes(classes - 1);
}

function unmetClasses({ classes }: ModelClasses, found: Map<string, number>): string[] {
  const met = new Set(found.values());
  const unmet = classes.filter((name, column) => !isPlaceholder(name) && !met.has(column));
  return unmet.length > 0 ? [`No category of the data set belongs to the model's ${quotedList(unmet)}.`] : [];
}

/** Columns that stand for no category: background, and torchvision's `N/A` in the gaps of COCO's ids. */
export function isPlaceholder(name: string): boolean {
  return name === '__background__' || name === 'N/A';
}

function normalised(name: string): string {
  return name.trim().toLowerCase();
}
