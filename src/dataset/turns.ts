import { setImmediate } from 'node:timers/promises';

/** Steps of some microseconds between which other events get their turn. */
export const stepsPerTurn = 5000;

/** Long loops that let other events have their turn now and then. */
export async function inTurns(count: number, visit: (index: number) => void): Promise<void> {
  for (let from = 0; from < count; from += stepsPerTurn) {
    if (from > 0) await setImmediate();
    const end = Math.min(count, from + stepsPerTurn);
    for (let index = from; index < end; index++) visit(index);
  }
}

/** Texts sorted by code unit: short parts at once, then merged. */
export async function sortInTurns(texts: readonly string[]): Promise<string[]> {
  let parts: string[][] = [];
  for (let from = 0; from < texts.length; from += stepsPerTurn) {
    if (from > 0) await setImmediate();
    parts.push(texts.slice(from, from + stepsPerTurn).sort());
  }
  while (parts.length > 1) {
    const merged: string[][] = [];
    for (let i = 0; i < parts.length; i += 2) merged.push(await merge(parts[i] ?? [], parts[i + 1] ?? []));
    parts = merged;
  }
  return parts[0] ?? [];
}

async function merge(a: readonly string[], b: readonly string[]): Promise<string[]> {
  const merged: string[] = [];
  let [i, k] = [0, 0];
  await inTurns(a.length + b.length, () => {
    const [first, second] = [a[i], b[k]];
    if (first !== undefined && (second === undefined || first <= second)) {
      merged.push(first);
      i++;
    } else if (second !== undefined) {
      merged.push(second);
      k++;
    }
  });
  return merged;
}
