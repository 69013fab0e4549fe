import { isSettled, type GalleryDetails } from '../../protocol/gallery';
import type { FocusDetails, ItemRef } from './focusDetails';

/** What is decided about tiles, one thing at a time: a key that comes meanwhile is not kept. */
export class GalleryDecisions {
  private running = false;
  private last = '';

  constructor(
    private readonly details: Pick<FocusDetails, 'now'>,
    private readonly onChange: () => void,
  ) {}

  get busy(): boolean {
    return this.running;
  }

  /** What was done last, in words. */
  get announcement(): string {
    return this.last;
  }

  /** Acts on a tile's suspicion, where it has one that is not settled. */
  decide(
    item: ItemRef,
    done: string,
    act: (details: GalleryDetails) => Promise<boolean>,
    then: () => void,
  ): Promise<void> {
    return this.run(
      done,
      async () => {
        const details = await this.details.now(item);
        return details.issue !== null && !isSettled(details.triage) && act(details);
      },
      then,
    );
  }

  /** @param act tells whether anything was done */
  async run(done: string, act: () => Promise<boolean>, then: () => void = () => undefined): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.onChange();
    try {
      if (!(await act())) return;
      this.last = `${done}.`;
      then();
    } finally {
      this.running = false;
      this.onChange();
    }
  }
}
