import type { Disposable } from '../common/disposables';
import type { LensImage } from './lens/lensImage';
import type { LensTransport } from './transport/lensTransport';
import { LossModel, ownSettings, sameLoss, type ExactLoss, type WhatIf } from './lens/whatIf';

/** How near the shown losses are to what the engine computes: its own, recomputed by it, or estimated here. */
export type LossPrecision = 'own' | 'exact' | 'estimate';

/** Exact losses of every anchor under a gamma and alpha; undefined where nobody can tell. */
export type AskForLoss = (gamma: number, alpha: number, signal: AbortSignal) => Promise<Float32Array | undefined>;

/** Has the host recompute losses; in a page without one nobody can. */
export function askHost(transport: LensTransport, revision: () => number): AskForLoss {
  return async (gamma, alpha, signal) => {
    if (!transport.hosted) return undefined;
    const params = { revision: revision(), gamma, alpha };
    const { focal } = await transport.request('recomputeLoss', params, { signal });
    return new Float32Array(focal);
  };
}

/** Time for the first frame before there is work ahead of the first drag, milliseconds. */
const prepareAfter = 300;

/**
 * The image as it is shown while settings change: at once from the columns, and exact once they rest. Parts that are
 * slow to draw follow `settled`, which changes only at rest.
 */
export class LossFollower implements Disposable {
  private model: LossModel | undefined;
  private base: LensImage | undefined;
  private current: LensImage | undefined;
  private resting: LensImage | undefined;
  private settings: WhatIf | undefined;
  private exact: ExactLoss | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking = new AbortController();

  /** @param changed called when losses change later than by {@link follow} */
  constructor(
    private readonly ask: AskForLoss,
    private readonly changed: () => void,
  ) {}

  /** As analyzed. */
  get own(): LensImage | undefined {
    return this.base;
  }

  get live(): LensImage | undefined {
    return this.current;
  }

  get settled(): LensImage | undefined {
    return this.resting;
  }

  get precision(): LossPrecision {
    const { base, settings, exact } = this;
    if (base === undefined || settings === undefined || sameLoss(settings, ownSettings(base.analysis))) return 'own';
    return exact !== undefined && sameLoss(exact, settings) ? 'exact' : 'estimate';
  }

  setImage(image: LensImage | undefined, settings: WhatIf | undefined): void {
    this.stop();
    this.exact = undefined;
    this.settings = settings;
    this.base = image;
    this.model = image === undefined ? undefined : new LossModel(image);
    this.current = image;
    if (settings !== undefined) this.follow(settings);
    this.resting = this.current;
    // Not in the way of the first frame, and before anybody drags.
    if (settings === undefined && image !== undefined)
      this.timer = setTimeout(() => this.model?.prepare(), prepareAfter);
  }

  /** Shows the image under `settings`, or as analyzed without. */
  follow(settings: WhatIf | undefined): void {
    const { base, model } = this;
    if (base === undefined || model === undefined) return;
    this.stop();
    this.settings = settings;
    this.current = settings === undefined ? base : model.under(settings, this.exact);
  }

  /** The settings rest: a slider was let go, a choice was made. */
  settle(): void {
    const { model, settings, precision, current } = this;
    this.stop();
    if (model === undefined || current === undefined || current === this.resting) return;
    if (precision === 'estimate' && settings !== undefined) {
      // A copy: the estimate's memory is written again by the next drag.
      const { gamma, alpha } = settings;
      this.current = model.under(settings, { gamma, alpha, focal: current.columns.focal.slice() });
      this.asking = new AbortController();
      void this.askExactly(settings, this.asking.signal);
    }
    this.resting = this.current;
    this.changed();
  }

  dispose(): void {
    this.stop();
  }

  private async askExactly({ gamma, alpha }: WhatIf, signal: AbortSignal): Promise<void> {
    // Whatever fails, the estimate stands and is marked as one.
    const focal = await this.ask(gamma, alpha, signal).catch(() => undefined);
    const { model, settings, base } = this;
    if (signal.aborted || focal === undefined || model === undefined || settings === undefined) return;
    if (focal.length !== base?.columns.focal.length) return;
    this.exact = { gamma, alpha, focal };
    this.resting = this.current = model.under(settings, this.exact);
    this.changed();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.asking.abort();
  }
}
