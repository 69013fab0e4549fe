import { toDisposable, type Disposable } from '../common/disposables';
import type { LensState } from '../protocol/messages';

export interface RevisedState {
  /** Counts up with every change. */
  readonly revision: number;
  readonly state: LensState;
}

/** What a panel shows, with its revision: whoever asks about an older one is told nothing. */
export class LensStateStore {
  private current: RevisedState;
  private readonly listeners = new Set<(state: RevisedState) => void>();

  constructor(initial: LensState) {
    this.current = { revision: 0, state: initial };
  }

  get value(): RevisedState {
    return this.current;
  }

  set(state: LensState): void {
    this.current = { revision: this.current.revision + 1, state };
    for (const listener of [...this.listeners]) listener(this.current);
  }

  onChange(listener: (state: RevisedState) => void): Disposable {
    this.listeners.add(listener);
    return toDisposable(() => this.listeners.delete(listener));
  }

  /** The analysis of `revision`, if that is what is shown. */
  analysisOf(revision: number) {
    const { state } = this.current;
    return revision === this.current.revision && state.kind === 'ready' ? state.analysis : undefined;
  }
}
