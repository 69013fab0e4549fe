import type { Database } from 'node-sqlite3-wasm';
import { UserError } from '../../common/errors';
import type { Page, PageRequest } from '../../protocol/dataset';
import type { Conditions } from './listFilters';
import type { Row } from './storedRows';
import { allRows } from './storeSelects';

export const longestPage = 1000;

export interface PagedQuery {
  readonly select: string;
  readonly source: string;
  /** Columns: the rows' own id, and what they are sorted by. */
  readonly id: string;
  readonly by: string;
  readonly descending: boolean;
}

/** Follows an index from a cursor, so that the millionth row costs what the first does. */
export function paged<T>(
  database: Database,
  { select, source, id, by, descending }: PagedQuery,
  { sql, values, gathered }: Conditions,
  { limit, after }: Pick<PageRequest, 'limit' | 'after'>,
  make: (row: Row) => T,
): Page<T> {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UserError(`a page of ${limit} rows was asked for`);
  const size = Math.min(limit, longestPage);
  // The plus keeps SQLite from walking along the order's index.
  const column = `${gathered ? '+' : ''}${by}`;
  const beyond = `(${column} ${descending ? '<' : '>'} ? OR (${column} = ? AND ${id} > ?))`;
  // The first condition alone bounds the walk along the index.
  const bound = `${column} ${descending ? '<=' : '>='} ?`;
  const where = [...sql, ...(after === undefined ? [] : [bound, beyond])];
  const rows = allRows(
    database,
    `SELECT ${select}, ${column} AS sort_value FROM ${source} ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
     ORDER BY ${column} ${descending ? 'DESC' : 'ASC'}, ${id} LIMIT ?`,
    [...values, ...(after === undefined ? [] : [after.value, after.value, after.value, after.id]), size + 1],
  );
  const shown = rows.slice(0, size);
  const last = rows.length > size ? shown.at(-1) : undefined;
  return { rows: shown.map(make), next: last && { value: Number(last.sort_value), id: Number(last.id) } };
}
