import type { CrashMemory } from '../../../src/extension/runtime/crashMemory';

/** What an extension keeps from start to start, in memory: copies, as VS Code's are. */
export function memento(): ConstructorParameters<typeof CrashMemory>[0] {
  const values = new Map<string, string>();
  return {
    get: <T>(key: string, fallback?: T) => {
      const value = values.get(key);
      return value === undefined ? fallback : (JSON.parse(value) as T);
    },
    update: (key, value) => {
      values.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  };
}
