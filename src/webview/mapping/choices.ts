/** What the page of the mapping editor shows: what is saved, and what has been chosen since. */
import type { ClassChoice, DatasetClassMapping, MappedCategory, MatchedBy } from '../../protocol/classMapping';

/** Class column by name of the class, where it is another than the saved one. */
export type Choices = ReadonlyMap<string, number>;

export function columnOf({ name, column }: MappedCategory, choices: Choices): number {
  return choices.get(name) ?? column;
}

/** With a column for a class; choosing the saved one again is no choice. */
export function choose(choices: Choices, category: MappedCategory, column: number): Choices {
  const next = new Map(choices);
  if (column === category.column) next.delete(category.name);
  else next.set(category.name, column);
  return next;
}

/** How a class comes by the column it would have after saving. */
export function matchedBy(category: MappedCategory, choices: Choices): MatchedBy {
  const column = columnOf(category, choices);
  if (column === category.column) return category.by;
  return column === category.automatic.column ? category.automatic.by : 'card';
}

/** Everything there is to save: what was not touched is confirmed by it. */
export function allChoices({ categories }: DatasetClassMapping, choices: Choices): ClassChoice[] {
  return categories.map(category => ({
    name: category.name,
    id: category.id,
    column: columnOf(category, choices),
  }));
}

export interface MappingSummary {
  readonly classes: number;
  readonly matched: number;
  /** Labels that take no part in the loss, of those counted. */
  readonly labelsLeftOut: number;
  readonly labels: number;
  /** Columns that stand for a class which the data set does not have. */
  readonly unmet: readonly number[];
}

export function summaryOf({ categories, columns }: DatasetClassMapping, choices: Choices): MappingSummary {
  const left = categories.filter(category => columnOf(category, choices) < 0);
  const labelsOf = (some: readonly MappedCategory[]) => some.reduce((sum, { labels }) => sum + labels, 0);
  const met = new Set(categories.map(category => columnOf(category, choices)));
  return {
    classes: categories.length,
    matched: categories.length - left.length,
    labelsLeftOut: labelsOf(left),
    labels: labelsOf(categories),
    unmet: columns.flatMap(({ isPlaceholder }, column) => (isPlaceholder || met.has(column) ? [] : [column])),
  };
}
