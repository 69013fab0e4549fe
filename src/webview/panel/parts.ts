/** Small pieces the panel's sections share. */
import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from '../appModel';
import { icon } from '../icons';
import { glossary, type Term } from '../words/glossary';

/** An abbreviation or term with its one-sentence explanation on hover. */
export function term(name: Term, text: string | TemplateResult = name): TemplateResult {
  return html`<abbr title=${glossary[name]}>${text}</abbr>`;
}

/** A text that gives way to a shorter one in a narrow panel. */
export function longOrShort(long: string, short: string): TemplateResult {
  return html`<span class="long">${long}</span><span class="short" aria-label=${long}>${short}</span>`;
}

export type BarKind = 'anchors' | 'crossEntropy' | 'focal' | 'foreground' | 'background' | 'plain';

/** A bar for a share in [0, 1]; the number stands beside it. */
export function bar(share: number, kind: BarKind): TemplateResult {
  const width = Math.min(1, Math.max(0, share)) * 100;
  // Assigned as a property: a policy without inline styles allows it.
  return html`<span class="bar ${kind}" aria-hidden="true"
    ><span class="fill" .style=${`width:${width.toFixed(2)}%`}></span
  ></span>`;
}

/** Holds a list of any length in a height that leaves the sections below within reach. */
export function scrollBox(content: TemplateResult): TemplateResult {
  return html`<div class="scroll-box">${content}</div>`;
}

export interface SectionOptions {
  readonly badge?: string;
  readonly closed?: boolean;
  /** What its copy button copies; by default the text of its tables, tab-separated, or all of its text. */
  readonly copy?: () => string;
}

export type Section = (
  name: string,
  heading: string,
  body: TemplateResult | typeof nothing,
  options?: SectionOptions,
) => TemplateResult;

/** Makes collapsible sections with a heading; which ones are open is part of the view. */
export function sections({ view }: AppModel, actions: AppActions): Section {
  return (name, heading, body, { badge, closed = false, copy } = {}) => {
    const open = view.toggledSections.includes(name) === closed;
    const toggled = (event: Event) => {
      if ((event.target as HTMLDetailsElement).open !== open) actions.toggleSection(name);
    };
    const copyIt = (event: Event) => {
      event.preventDefault();
      const section = (event.currentTarget as Element).closest('details');
      actions.copy(copy?.() ?? (section === null ? '' : textOf(section.querySelector('.section-body') ?? section)));
    };
    return html`<details class="section" ?open=${open} data-section=${name} @toggle=${toggled}>
      <summary>
        <h2>${heading}</h2>
        <button class="icon-button copy" title="Copy ${heading}" aria-label="Copy ${heading}" @click=${copyIt}>
          ${icon('copy')}
        </button>
        ${badge === undefined ? nothing : html`<vscode-badge>${badge}</vscode-badge>`}
      </summary>
      <div class="section-body">${body}</div>
    </details>`;
  };
}

/** The tables of an element, cells separated by tabs; without tables its text. */
export function textOf(element: Element): string {
  const rows = [...element.querySelectorAll('tr')].map(row => [...row.cells].map(cellText).join('\t'));
  return rows.length > 0 ? rows.join('\n') : (element as HTMLElement).innerText;
}

function cellText(cell: Element): string {
  const copy = cell.cloneNode(true) as Element;
  for (const short of copy.querySelectorAll('.short')) short.remove();
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** A column's heading that sorts by it. */
export function sortHeader<Key extends string>(
  key: Key,
  content: TemplateResult | string,
  order: { readonly key: string; readonly descending: boolean },
  sort: (order: { key: Key; descending: boolean }) => void,
  className = 'number',
): TemplateResult {
  const current = order.key === key;
  const direction = current ? (order.descending ? 'descending' : 'ascending') : 'none';
  return html`<th scope="col" class=${className} aria-sort=${direction}>
    <button
      class="sort"
      @click=${() => sort({ key, descending: current ? !order.descending : className.startsWith('number') })}
    >
      ${content}<i class="arrow ${direction}" aria-hidden="true"></i>
    </button>
  </th>`;
}
