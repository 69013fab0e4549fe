/** A name from a data set in quotes, shortened: it is untrusted and may hold anything. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 59)}…` : name);
}

/** At most five names, quoted, and how many more there are. */
export function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(quoted).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** A number to at most `decimals` places, without trailing zeros. */
export function rounded(value: number, decimals = 2): string {
  return Math.abs(value) < 1e15 ? String(Number(value.toFixed(decimals))) : String(value);
}

/** `1 label`, `2 labels`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
