import { html, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from './appModel';
import { iconButton } from './controls';

/** Zoom, below the picture, of which it covers nothing. */
export function zoomControl({ magnification }: AppModel, actions: AppActions): TemplateResult {
  return html`<div class="zoom" role="group" aria-label="Zoom">
    ${iconButton('zoom-out', 'Zoom out  -', () => actions.zoomBy(1 / 1.5))}
    <button class="text-button number" title="One image pixel a screen pixel  1" @click=${() => actions.actualSize()}>
      ${Math.round(magnification * 100)}%
    </button>
    ${iconButton('zoom-in', 'Zoom in  +', () => actions.zoomBy(1.5))}
    ${iconButton('screen-full', 'Fit the picture  0', () => actions.fit())}
  </div>`;
}
