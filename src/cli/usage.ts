/** Wrong usage of the command line: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const exitStatus = { done: 0, failed: 1, usage: 2 } as const;
