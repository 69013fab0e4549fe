import { runCommandLine } from '../../../src/cli/commandLine';

export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, with its output captured and no terminal in sight. */
export async function focalLens(argv: readonly string[], assets = 'dist'): Promise<Outcome> {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    colours: false,
    progress: false,
  };
  const status = await runCommandLine(argv, terminal, assets);
  return { status, out, err };
}
