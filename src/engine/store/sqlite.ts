import type * as sqlite from 'node-sqlite3-wasm';
import { lazyNative } from '../lazyNative';

export type OpenDatabase = (file: string, options?: { readOnly?: boolean }) => sqlite.Database;

/** SQLite, which is compiled when it is first asked for. */
export async function loadSqlite(): Promise<OpenDatabase> {
  const module: typeof sqlite & { default?: typeof sqlite } = await lazyNative(
    'SQLite',
    () => import('node-sqlite3-wasm'),
  );
  // A CommonJS package: bundled, its exports are the module's; Node hands them over as the default one.
  const { Database } = module.default ?? module;
  return (file, options) => new Database(file, options);
}
