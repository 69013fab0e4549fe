/** Keys that belong together, as the sheet of keys lists them. */
export interface KeyGroup {
  readonly heading: string;
  readonly rows: readonly (readonly [keys: readonly string[], meaning: string])[];
}
