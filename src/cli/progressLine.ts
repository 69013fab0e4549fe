import type { Terminal } from './terminal';

const eraseLine = '\r\u001b[2K';

/** One line on standard error that is overwritten and vanishes, on terminals only. */
export class ProgressLine {
  constructor(private readonly terminal: Terminal) {}

  show(text: string): void {
    if (this.terminal.progress) this.terminal.err(`${eraseLine}${text}`);
  }

  clear(): void {
    if (this.terminal.progress) this.terminal.err(eraseLine);
  }
}
