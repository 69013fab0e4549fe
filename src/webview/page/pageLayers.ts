import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../icons';
import { keySheet } from './keySheet';
import type { PageControlActions, PageModel } from './pageControl';

/** What lies over the page: the sheet of keys, the hint while something is dragged over, and what went wrong. */
export function pageLayers({ dragging, message, copied }: PageModel, actions: PageControlActions): TemplateResult {
  return html`${keySheet()}
    <div class="copied-note" role="status">${copied ? html`<span>${icon('check')} Copied</span>` : nothing}</div>
    ${dragging ? html`<div class="drop-hint"><span>Drop to analyze (hold Shift)</span></div>` : nothing}
    ${
      message === undefined
        ? nothing
        : html`<div class="page-message" role="alert">
            ${icon('error')}<span>${message}</span>
            <button class="icon-button" title="Close" aria-label="Close" @click=${() => actions.dismissMessage()}>
              ${icon('close')}
            </button>
          </div>`
    }`;
}
