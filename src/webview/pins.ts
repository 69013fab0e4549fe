import { CancelledError, messageOf } from '../common/errors';
import type { PinnedAnchor } from './appModel';
import type { AnchorHit } from './lens/hitTest';
import type { LensTransport } from './transport/lensTransport';

/** The inspected anchor and one to compare it with; asks the host for the terms of both. */
export class Pins {
  private asking = new AbortController();
  private askingSecond = new AbortController();
  private first: PinnedAnchor | undefined;
  private second: PinnedAnchor | undefined;

  constructor(
    private readonly transport: LensTransport,
    private readonly revision: () => number,
    private readonly changed: () => void,
  ) {}

  get pinned(): PinnedAnchor | undefined {
    return this.first;
  }

  get compared(): PinnedAnchor | undefined {
    return this.first === undefined ? undefined : this.second;
  }

  pin(anchor: number, neighbours: readonly AnchorHit[]): void {
    this.asking.abort();
    this.asking = new AbortController();
    this.first = this.newPin(anchor, neighbours);
    void this.inspect(
      anchor,
      this.asking.signal,
      pinned => (this.first = pinned),
      () => this.first,
    );
  }

  compare(anchor: number, neighbours: readonly AnchorHit[]): void {
    this.askingSecond.abort();
    this.askingSecond = new AbortController();
    this.second = this.newPin(anchor, neighbours);
    void this.inspect(
      anchor,
      this.askingSecond.signal,
      pinned => (this.second = pinned),
      () => this.second,
    );
  }

  clear(): void {
    this.asking.abort();
    this.first = undefined;
    this.clearCompared();
  }

  clearCompared(): void {
    this.askingSecond.abort();
    this.second = undefined;
  }

  private newPin(anchor: number, neighbours: readonly AnchorHit[]): PinnedAnchor {
    return { anchor, neighbours, inspection: { kind: this.transport.hosted ? 'pending' : 'none' } };
  }

  private async inspect(
    anchor: number,
    signal: AbortSignal,
    set: (pinned: PinnedAnchor) => void,
    get: () => PinnedAnchor | undefined,
  ): Promise<void> {
    if (!this.transport.hosted) return;
    const settle = (inspection: PinnedAnchor['inspection']) => {
      const pinned = get();
      if (signal.aborted || pinned?.anchor !== anchor) return;
      set({ ...pinned, inspection });
      this.changed();
    };
    try {
      const params = { revision: this.revision(), anchor };
      settle({ kind: 'known', value: await this.transport.request('inspectAnchor', params, { signal }) });
    } catch (error) {
      if (!(error instanceof CancelledError)) settle({ kind: 'failed', message: messageOf(error) });
    }
  }
}
