import type { ImageLabels } from '../dataset/labels';
import type { ModelConfig } from '../model/types';
import { quoted, quotedList } from './wording';

type ModelClasses = Pick<ModelConfig, 'classes' | 'classesNamed' | 'categoryIds'>;
type Dataset = Pick<ImageLabels, 'format' | 'labels' | 'categories'>;

interface Category {
  readonly name: string;
  readonly id: number | undefined;
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
 * Finds the class column of every label: by name first (exact, then ignoring case and surrounding space), by the model
 * card's `categoryIds` second, by order last. Order counts only when the card says nothing about the classes.
 */
export function mapClasses(dataset: Dataset, config: ModelClasses): ClassMapping {
  const categories = distinctCategories(dataset);
  const stated = config.classesNamed || config.categoryIds !== undefined;
  const notes: string[] = [];
  const columnOf = stated ? statedColumns(config, notes) : orderedColumns(dataset, config.classes.length, notes);
  const found = new Map<string, number>();
  const columnless: string[] = [];
  for (const [key, category] of categories) {
    const column = columnOf(category);
    found.set(key, column);
    if (column < 0) columnless.push(category.name);
  }
  if (columnless.length > 0) {
    notes.push(
      `The model has no class column for ${quotedList(columnless)}: such labels take no part in the loss; ` +
        'name the classes, or give categoryIds, in the model card.',
    );
  }
  const columns = Int32Array.from(
    dataset.labels,
    label => found.get(keyOf({ name: label.category, id: label.categoryId })) ?? -1,
  );
  if (config.classesNamed && dataset.categories.length > 0) notes.push(...unmetClasses(config, found));
  return { columns, categories: categoryNames(dataset, config, categories, found), notes };
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

type ColumnOf = (category: Category) => number;

/** By name, then by the card's category ids. */
function statedColumns({ classes, classesNamed, categoryIds }: ModelClasses, notes: string[]): ColumnOf {
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
    if (column !== undefined) return column;
    const candidates = similar.get(normalised(name)) ?? [];
    if (candidates.length === 1) {
      notes.push(`Category ${quoted(name)} is taken for class ${quoted(classes[candidates[0]])}.`);
      return candidates[0];
    }
    const byId = id === undefined ? -1 : (categoryIds?.indexOf(id) ?? -1);
    if (byId < 0 || byId >= classes.length) return -1;
    if (classesNamed) {
      notes.push(`Category ${quoted(name)} is class ${quoted(classes[byId])} by its category id ${id}.`);
    }
    return byId;
  };
}

/** By the category ids where they are the columns, as in torchvision's own COCO training, else by order. */
function orderedColumns({ format, categories, labels }: Dataset, classes: number, notes: string[]): ColumnOf {
  const advice = 'name the classes in the model card to be sure';
  const ids = categories.map(category => category.id);
  if (format === 'coco' && areColumns(ids, classes)) {
    notes.push(`The model card names no classes: category ids are taken as class columns; ${advice}.`);
    return ({ id }) => id ?? -1;
  }
  // Pascal VOC files state no order, whatever is known of their categories.
  if (format === 'voc' || (format === 'coco' && categories.length === 0)) return () => -1;
  const known = categories.length > 0;
  if (!known && labels.length === 0) return () => -1;
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
    return position !== undefined && position >= 0 && position < classes - 1 ? position + 1 : -1;
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
