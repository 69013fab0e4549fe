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

/** Holds a list of any length in a height that leaves the sections below within reach, and is one stop for Tab. */
export function scrollBox(content: TemplateResult): TemplateResult {
  return html`<focal-rows class="scroll-box">${content}</focal-rows>`;
}

export interface SectionOptions {
  readonly badge?: string;
  /** What the badge says, where it is more than a count. */
  readonly badgeTitle?: string;
  /** Whether it shows losses that follow a slider only when that is let go: until then it is marked as stale. */
  readonly atRest?: boolean;
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
  return (name, heading, body, { badge, badgeTitle, atRest = false, closed = false, copy } = {}) => {
    const open = view.toggledSections.includes(name) === closed;
    const toggled = (event: Event) => {
      if ((event.target as HTMLDetailsElement).open !== open) actions.toggleSection(name);
    };
    const copyIt = (event: Event) => {
      const section = (event.currentTarget as Element).closest('details');
      actions.copy(copy?.() ?? (section === null ? '' : textOf(section.querySelector('.section-body') ?? section)));
    };
    return html`<details
      class="section ${atRest ? 'at-rest' : ''}"
      ?open=${open}
      data-section=${name}
      @toggle=${toggled}
    >
      <summary>
        <h2>${withTerms(heading)}</h2>
        ${atRest ? html`<span class="rest-hint">follows when you let go</span>` : nothing}
        ${copyButton(heading, copyIt)}
        ${badge === undefined ? nothing : html`<vscode-badge title=${badgeTitle ?? nothing}>${badge}</vscode-badge>`}
      </summary>
      <div class="section-body">${body}</div>
    </details>`;
  };
}

/** A heading, in which p_t keeps its letters and is explained. */
function withTerms(heading: string): (string | TemplateResult)[] {
  return heading.split(/(p_t)/).map(part => (part === 'p_t' ? term('p_t') : part));
}

/** Copies something; seen where the pointer or the keyboard is near. */
export function copyButton(what: string, act: (event: Event) => void): TemplateResult {
  return html`<button
    class="icon-button copy"
    title="Copy ${what}"
    aria-label="Copy ${what}"
    @click=${(event: Event) => {
      // In a heading, the click is not meant for what it opens and closes.
      event.preventDefault();
      act(event);
    }}
  >
    ${icon('copy')}
  </button>`;
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
