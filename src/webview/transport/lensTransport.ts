import type { Disposable } from '../../common/disposables';
import type { ParamsOf, RequestOptions, ResultOf } from '../../common/messageHandler';
import type { LensEvents, LensMethods } from '../../protocol/messages';

/** Where the app gets its data from: an extension host, or the page itself. */
export interface LensTransport {
  /** Whether somebody answers requests beyond `getState`: without, controls that need one are hidden. */
  readonly hosted: boolean;
  request<K extends keyof LensMethods>(
    method: K,
    params: ParamsOf<LensMethods, K>,
    options?: Pick<RequestOptions<never>, 'signal'>,
  ): Promise<ResultOf<LensMethods, K>>;
  onStateChanged(listener: (revision: number) => void): Disposable;
  onLabelRequested(listener: (request: LensEvents['labelRequested']) => void): Disposable;
  onPlaceFocused(listener: (request: LensEvents['focusPlace']) => void): Disposable;
  /** What was last saved by this panel, checked by the caller. */
  loadView(): unknown;
  saveView(view: unknown): void;
}
