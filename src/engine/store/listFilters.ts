/** Conditions that narrow lists. Values are bound, never written into the SQL. */
import type { Database, JSValue } from 'node-sqlite3-wasm';
import type { ListFilter } from '../../protocol/dataset';

/** So few images are looked up by their ids; with more of them a walk along a list's index soon meets enough. */
const fewImages = 2000;
/** Labels of a class so rare that their images are gathered; those of others are met soon. */
const rareLabels = 20_000;

/** What narrows a list. */
export interface Conditions {
  readonly sql: readonly string[];
  readonly values: readonly JSValue[];
  /** The rows are so few that they are gathered and sorted, not met on a walk along the list's index. */
  readonly gathered: boolean;
}

export const noConditions: Conditions = { sql: [], values: [], gathered: false };

/** All of them. Where rows are gathered by one, no index is to be followed for another: the plus says so. */
export function joined(...parts: readonly Conditions[]): Conditions {
  const gathered = parts.some(part => part.gathered);
  return {
    sql: parts.flatMap(part => (gathered && !part.gathered ? part.sql.map(sql => `+${sql}`) : part.sql)),
    values: parts.flatMap(({ values }) => values),
    gathered,
  };
}

/** @param column the image's id; its table must be joined as `i` */
export function byImage(database: Database, { image }: ListFilter, column: string): Conditions {
  if (image === undefined || image === '') return noConditions;
  const pattern = patternOf(image);
  // The index of the names alone is read.
  const sql = "SELECT id FROM images WHERE file LIKE ? ESCAPE '\\' LIMIT ?";
  const ids = database.all(sql, [pattern, fewImages + 1]).map(({ id }) => Number(id));
  if (ids.length > fewImages) return { sql: ["i.file LIKE ? ESCAPE '\\'"], values: [pattern], gathered: false };
  return { sql: [`${column} IN (SELECT value FROM json_each(?))`], values: [JSON.stringify(ids)], gathered: true };
}

/** The same for counting, which meets every row. */
export function ofImages({ image }: ListFilter, column: string): Conditions {
  if (image === undefined || image === '') return noConditions;
  const sql = `${column} IN (SELECT id FROM images WHERE file LIKE ? ESCAPE '\\')`;
  return { sql: [sql], values: [patternOf(image)], gathered: false };
}

/** For LIKE with the backslash as escape: the text itself, anywhere. */
function patternOf(text: string): string {
  return `%${text.replace(/[%_\\]/g, '\\$&')}%`;
}

/** Of the class `filter` names, which the store keeps as a number. */
export function ofCategory(database: Database, { category }: ListFilter, column: string): Conditions {
  return category === undefined ? noConditions : equal(column, categoryOf(database, category).id);
}

export function equal(column: string, value: string | number): Conditions {
  return { sql: [`${column} = ?`], values: [value], gathered: false };
}

/** Images with labels of the class. */
export function withCategory(database: Database, { category }: ListFilter): Conditions {
  if (category === undefined) return noConditions;
  const { id, labels } = categoryOf(database, category);
  if (labels > rareLabels) {
    const sql = 'EXISTS (SELECT 1 FROM labels AS l WHERE l.image = i.id AND +l.category = ?)';
    return { sql: [sql], values: [id], gathered: false };
  }
  return { sql: ['i.id IN (SELECT image FROM labels WHERE category = ?)'], values: [id], gathered: true };
}

/** A class that the store does not know has no labels. */
function categoryOf(database: Database, name: string): { readonly id: number; readonly labels: number } {
  const row = database.get('SELECT id, labels FROM categories WHERE name = ?', [name]);
  return { id: Number(row?.id ?? -1), labels: Number(row?.labels ?? 0) };
}
