/** What the command line needs of its surroundings; tests hand in their own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether standard output takes colours. */
  readonly colours: boolean;
  /** Whether standard error is a terminal, where progress may be shown. */
  readonly progress: boolean;
}

export function processTerminal(env: NodeJS.ProcessEnv): Terminal {
  // https://no-color.org: any non-empty value switches colours off.
  const noColour = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return {
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    colours: process.stdout.isTTY && !noColour,
    progress: process.stderr.isTTY && env.TERM !== 'dumb',
  };
}

/** Text from data sets and files without control characters, which could steer a terminal. */
export function printable(text: string): string {
  // Bidirectional overrides reorder what follows them; they go the same way.
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly warn: (text: string) => string;
}

export function palette(colours: boolean): Palette {
  const style = (code: number, reset: number) => (text: string) =>
    colours ? `\u001b[${code}m${text}\u001b[${reset}m` : text;
  return { bold: style(1, 22), dim: style(2, 22), warn: style(33, 39) };
}
