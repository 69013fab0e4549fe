import { messageOf } from '../../common/errors';
import type { LensSnapshot, LensState } from '../../protocol/messages';
import type { LensTransport } from './lensTransport';

/** What is to be shown together with a state. */
export type WantedWithState = Pick<LensSnapshot, 'label' | 'focus'>;

/** Milliseconds without an answer after which a question counts as lost. A host answers from memory. */
const patience = 5000;

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

  /** Asks again as long as nothing comes back: a page whose message was lost while it opened would stay empty. */
  private async ask(): Promise<LensSnapshot> {
    const asked: Promise<LensSnapshot>[] = [];
    for (;;) {
      asked.push(this.transport.request('getState', undefined));
      let timer: ReturnType<typeof setTimeout> | undefined;
      const silence = new Promise<undefined>(resolve => {
        timer = setTimeout(() => resolve(undefined), patience);
      });
      try {
        const answer = await Promise.race([...asked, silence]);
        if (answer !== undefined) return answer;
      } finally {
        clearTimeout(timer);
      }
    }
  }

  private async pull(first = false): Promise<void> {
    if (this.pulling) return;
    this.pulling = true;
    try {
      let again = first || this.announced > this.shown;
      while (again) {
        const wanted = this.announced;
        const { revision, state, label, focus } = await this.ask();
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
