import { messageOf } from '../../common/errors';
import type { LensSnapshot, LensState } from '../../protocol/messages';
import type { LensTransport } from './lensTransport';

/** What is to be shown together with a state. */
export type WantedWithState = Pick<LensSnapshot, 'label' | 'focus'>;

/**
 * Follows the host's state: pulls it at the start and whenever the host says that it changed, one pull at a time,
 * and never shows an older revision after a newer one.
 */
export class StateFollower {
  private shown = -Infinity;
  private announced = -Infinity;
  private pulling = false;

  constructor(
    private readonly transport: LensTransport,
    private readonly show: (state: LensState, revision: number, wanted: WantedWithState) => void,
  ) {
    transport.onStateChanged(revision => {
      this.announced = Math.max(this.announced, revision);
      void this.pull();
    });
  }

  /** The revision shown at the moment; requests about the shown analysis carry it. */
  get revision(): number {
    return this.shown;
  }

  async start(): Promise<void> {
    await this.pull(true);
  }

  private async pull(first = false): Promise<void> {
    if (this.pulling) return;
    this.pulling = true;
    try {
      let again = first || this.announced > this.shown;
      while (again) {
        const wanted = this.announced;
        const { revision, state, label, focus } = await this.transport.request('getState', undefined);
        if (revision > this.shown) {
          this.shown = revision;
          this.show(state, revision, { label, focus });
        }
        // A host that announces a revision and then answers with an older one is not asked for ever.
        again = this.announced > this.shown && this.announced > wanted;
      }
    } catch (error) {
      this.show({ kind: 'failed', title: '', message: messageOf(error) }, this.shown, {});
    } finally {
      this.pulling = false;
    }
  }
}
