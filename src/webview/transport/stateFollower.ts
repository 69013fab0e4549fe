import type { Disposable } from '../../common/disposables';
import { messageOf } from '../../common/errors';
import type { LensSnapshot, LensState } from '../../protocol/messages';
import type { LensTransport } from './lensTransport';
import { patientRequest } from './patientRequest';

/** What is to be shown together with a state. */
export type WantedWithState = Pick<LensSnapshot, 'label' | 'focus'>;

/**
 * Follows the host's state: pulls it at the start and whenever the host says that it changed, one pull at a time,
 * and never shows an older revision after a newer one.
 */
export class StateFollower implements Disposable {
  private shown = -Infinity;
  private announced = -Infinity;
  private pulling = false;
  private disposed = false;
  private readonly subscription: Disposable;

  constructor(
    private readonly transport: LensTransport,
    private readonly show: (state: LensState, revision: number, wanted: WantedWithState) => void,
  ) {
    this.subscription = transport.onStateChanged(revision => {
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

  /** Nothing is shown any more, not even what has been asked for already. */
  dispose(): void {
    this.disposed = true;
    this.subscription.dispose();
  }

  private async pull(first = false): Promise<void> {
    if (this.pulling) return;
    this.pulling = true;
    try {
      let again = first || this.announced > this.shown;
      while (again) {
        const wanted = this.announced;
        const { revision, state, label, focus } = await patientRequest(signal =>
          this.transport.request('getState', undefined, { signal }),
        );
        if (this.disposed) return;
        if (revision > this.shown) {
          this.shown = revision;
          this.show(state, revision, { label, focus });
        }
        // A host that announces a revision and then answers with an older one is not asked for ever.
        again = this.announced > this.shown && this.announced > wanted;
      }
    } catch (error) {
      if (!this.disposed) this.show({ kind: 'failed', title: '', message: messageOf(error) }, this.shown, {});
    } finally {
      this.pulling = false;
    }
  }
}
