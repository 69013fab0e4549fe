import type { Disposable } from '../common/disposables';
import type { ViewState } from './lens/viewState';
import type { LensTransport } from './transport/lensTransport';

/** Changes closer together than this are saved once, milliseconds. */
const saveAfter = 200;

/** Saves what the user has chosen to see: soon after a change, and before the page goes. */
export class ViewKeeper implements Disposable {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly save = () => this.transport.saveView(this.view());

  constructor(
    private readonly transport: LensTransport,
    private readonly view: () => ViewState,
  ) {
    window.addEventListener('pagehide', this.save);
  }

  changed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.save, saveAfter);
  }

  dispose(): void {
    clearTimeout(this.timer);
    window.removeEventListener('pagehide', this.save);
  }
}
