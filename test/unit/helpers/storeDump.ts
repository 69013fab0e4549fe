import { readStore } from '../../../src/engine/store/storeFile';

/** All that a store holds of images, without what tells one run from another. */
export function storeDump(file: string): Promise<Record<string, unknown[]>> {
  return readStore(file, database => {
    const tables = database
      .all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('runs', 'properties') ORDER BY name")
      .flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
    return Object.fromEntries(tables.map(table => [table, database.all(`SELECT * FROM ${table} ORDER BY 1, 2`)]));
  });
}
