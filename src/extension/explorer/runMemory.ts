import type * as vscode from 'vscode';

const memoryKey = 'runUnderWay';

/** Remembers with the workspace that a run is under way, so that one which the window's end interrupts is known of. */
export class RunMemory {
  constructor(private readonly memory: Pick<vscode.Memento, 'get' | 'update'>) {}

  begin(store: string): Thenable<void> {
    return this.memory.update(memoryKey, store);
  }

  end(): Thenable<void> {
    return this.memory.update(memoryKey, undefined);
  }

  /** Whether a run into a store did not come to its end in an earlier window. */
  isInterrupted(store: string): boolean {
    return this.memory.get<unknown>(memoryKey) === store;
  }
}
