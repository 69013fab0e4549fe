/** What rows of the protocol are selected from. */
import type { Database, JSValue } from 'node-sqlite3-wasm';
import type { Row } from './storedRows';

/** Of `labels AS l`. */
export const labelJoins =
  'JOIN images AS i ON i.id = l.image JOIN categories AS c ON c.id = l.category LEFT JOIN files AS f ON f.id = l.file';
export const labelSelect = 'l.*, i.file AS image_file, c.name AS category_name, f.file AS source_file';
export const issueSource =
  'issues AS s JOIN images AS i ON i.id = s.image LEFT JOIN labels AS l ON l.id = s.label LEFT JOIN files AS f ON f.id = l.file';
export const issueSelect =
  's.*, i.file AS image_file, l.label AS label_name, f.file AS source_file, l.line, l.text_column, l.text_start, l.text_end';
export const placeSelect = 'p.*, i.file AS image_file';
export const placeSource = 'places AS p JOIN images AS i ON i.id = p.image';

export function allRows(database: Database, sql: string, values: JSValue[] = []): Row[] {
  return database.all(sql, values) as Row[];
}
