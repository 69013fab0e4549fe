/** Milliseconds of the fastest of some runs: what else the machine does only ever adds to a run. */
export function fastest(task: () => void, runs = 5): number {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    task();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
