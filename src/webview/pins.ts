import { CancelledError, messageOf } from '../common/errors';
import type { PinnedAnchor } from './appModel';
import { orderMetric } from './lens/anchorOrder';
import { inOrder, neighboursOf, type AnchorHit } from './lens/hitTest';
import type { LensImage } from './lens/lensImage';
import type { ViewState } from './lens/viewState';
import type { LensTransport } from './transport/lensTransport';

/** What pins are about, and where they are remembered. */
export interface PinHost {
  readonly transport: LensTransport;
  image(): LensImage | undefined;
  view(): ViewState;
  setView(change: Partial<ViewState>): void;
  revision(): number;
  requestDraw(): void;
}

/** The inspected anchor and one to compare it with; asks the host for the terms of both. */
export class Pins {
  private asking = new AbortController();
  private askingSecond = new AbortController();
  private first: PinnedAnchor | undefined;
  private second: PinnedAnchor | undefined;
  /** What was pinned before the last click. */
  private beforeClick: Pick<ViewState, 'pinned' | 'compared' | 'focus'> & {
    readonly neighbours: readonly (readonly AnchorHit[])[];
  } = { pinned: undefined, compared: undefined, focus: undefined, neighbours: [] };

  constructor(private readonly host: PinHost) {}

  get pinned(): PinnedAnchor | undefined {
    return this.first;
  }

  get compared(): PinnedAnchor | undefined {
    return this.first === undefined ? undefined : this.second;
  }

  /** Pins again what the view remembers, as far as the image has it. */
  restore(): void {
    const { pinned, compared } = this.host.view();
    const total = this.host.image()?.analysis.anchors.total ?? 0;
    if (pinned !== undefined && pinned < total) this.pin(pinned);
    else this.host.setView({ pinned: undefined });
    if (compared !== undefined && compared < total) this.compare(compared);
  }

  pin(anchor: number, neighbours = this.neighbours(anchor)): void {
    this.asking.abort();
    this.asking = new AbortController();
    this.first = this.newPin(anchor, neighbours);
    this.host.setView({ pinned: anchor });
    void this.inspect(
      anchor,
      this.asking.signal,
      pinned => (this.first = pinned),
      () => this.first,
    );
  }

  compare(anchor: number, neighbours = this.neighbours(anchor)): void {
    this.askingSecond.abort();
    this.askingSecond = new AbortController();
    this.second = this.newPin(anchor, neighbours);
    this.host.setView({ compared: anchor });
    void this.inspect(
      anchor,
      this.askingSecond.signal,
      pinned => (this.second = pinned),
      () => this.second,
    );
  }

  /** A click on one of the anchors at a place, or beside all of them. */
  clicked(hits: readonly AnchorHit[], index: number, compares: boolean): void {
    const { pinned, compared, focus } = this.host.view();
    const neighbours = [this.first, this.second].map(pin => pin?.neighbours ?? []);
    this.beforeClick = { pinned, compared, focus, neighbours };
    const hit = hits[index];
    if (hit === undefined) this.back();
    else if (compares && this.first !== undefined) this.compare(hit.anchor, hits);
    else this.pin(hit.anchor, hits);
  }

  /** Takes back what the last click has pinned or let go. */
  undoClick(): void {
    const { pinned, compared, focus, neighbours } = this.beforeClick;
    this.unpin();
    if (pinned !== undefined) this.pin(pinned, neighbours[0]);
    if (compared !== undefined) this.compare(compared, neighbours[1]);
    this.host.setView({ focus });
  }

  /** Puts the neighbours in the order of what is shown now. */
  reorder(): void {
    const image = this.host.image();
    if (image === undefined) return;
    const order = orderMetric(this.host.view().metric);
    const values = image.values(order);
    const reordered = (pin: PinnedAnchor | undefined) =>
      pin === undefined
        ? undefined
        : { ...pin, order, neighbours: inOrder(pin.neighbours.map(hit => ({ ...hit, value: values[hit.anchor] }))) };
    this.first = reordered(this.first);
    this.second = reordered(this.second);
  }

  /** To the former or next anchor at the pinned one's place. */
  step(direction: 1 | -1): void {
    if (this.first === undefined) return;
    const { neighbours, anchor } = this.first;
    const next = neighbours[neighbours.findIndex(hit => hit.anchor === anchor) + direction];
    if (next !== undefined) this.pin(next.anchor, neighbours);
  }

  /** Lets go of the compared anchor, or without one of the pinned. */
  back(): void {
    if (this.compared !== undefined) this.uncompare();
    else if (this.first !== undefined || this.host.view().focus !== undefined) this.unpin();
  }

  uncompare(): void {
    this.clearCompared();
    this.host.setView({ compared: undefined });
  }

  unpin(): void {
    this.clear();
    this.host.setView({ pinned: undefined, compared: undefined, focus: undefined });
  }

  /** Forgets both, but not what the view remembers of them. */
  clear(): void {
    this.asking.abort();
    this.first = undefined;
    this.clearCompared();
  }

  private clearCompared(): void {
    this.askingSecond.abort();
    this.second = undefined;
  }

  private neighbours(anchor: number): readonly AnchorHit[] {
    const image = this.host.image();
    if (image === undefined) return [];
    const { metric, levelMask, filter } = this.host.view();
    return neighboursOf(image, image.values(orderMetric(metric)), levelMask, anchor, image.passing(filter));
  }

  private newPin(anchor: number, neighbours: readonly AnchorHit[]): PinnedAnchor {
    const order = orderMetric(this.host.view().metric);
    return { anchor, neighbours, order, inspection: { kind: this.host.transport.hosted ? 'pending' : 'none' } };
  }

  private async inspect(
    anchor: number,
    signal: AbortSignal,
    set: (pinned: PinnedAnchor) => void,
    get: () => PinnedAnchor | undefined,
  ): Promise<void> {
    if (!this.host.transport.hosted) return;
    const settle = (inspection: PinnedAnchor['inspection']) => {
      const pinned = get();
      if (signal.aborted || pinned?.anchor !== anchor) return;
      set({ ...pinned, inspection });
      this.host.requestDraw();
    };
    try {
      const params = { revision: this.host.revision(), anchor };
      settle({ kind: 'known', value: await this.host.transport.request('inspectAnchor', params, { signal }) });
    } catch (error) {
      if (!(error instanceof CancelledError)) settle({ kind: 'failed', message: messageOf(error) });
    }
  }
}
