/** Values of `Matching.matched` that are no label. */
export const matchState = { background: -1, ignored: -2 } as const;
