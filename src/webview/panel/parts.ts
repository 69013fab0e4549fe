/** Small pieces the panel's sections share. */
import { html, nothing, type TemplateResult } from 'lit';
import { glossary, type Term } from '../words/glossary';

/** An abbreviation or term with its one-sentence explanation on hover. */
export function term(name: Term, text: string = name): TemplateResult {
  return html`<abbr title=${glossary[name]}>${text}</abbr>`;
}

export type BarKind = 'anchors' | 'crossEntropy' | 'focal' | 'plain';

/** A bar for a share in [0, 1]; the number stands beside it. */
export function bar(share: number, kind: BarKind): TemplateResult {
  const width = Math.min(1, Math.max(0, share)) * 100;
  // Assigned as a property: a policy without inline styles allows it.
  return html`<span class="bar ${kind}" aria-hidden="true"
    ><span class="fill" .style=${`width:${width.toFixed(2)}%`}></span
  ></span>`;
}

/** A collapsible section with a heading. */
export function section(
  heading: string,
  body: TemplateResult | typeof nothing,
  options: { readonly badge?: string; readonly closed?: boolean; readonly name?: string } = {},
): TemplateResult {
  return html`<details class="section" ?open=${options.closed !== true} data-section=${options.name ?? nothing}>
    <summary>
      <h2>${heading}</h2>
      ${options.badge === undefined ? nothing : html`<vscode-badge>${options.badge}</vscode-badge>`}
    </summary>
    <div class="section-body">${body}</div>
  </details>`;
}
