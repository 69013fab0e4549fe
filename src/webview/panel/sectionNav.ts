import { html, type TemplateResult } from 'lit';
import { term } from './parts';

/** A part of the panel that one can jump to. */
export interface Stop {
  /** Of its `data-section`. */
  readonly name: string;
  readonly text: string;
  readonly heading: string;
}

/** Jumps to the panel's parts, which together are far longer than what is seen of them; one stop for Tab. */
export function sectionNav(stops: readonly Stop[]): TemplateResult {
  return html`<nav class="section-nav" aria-label="Sections" @keydown=${step}>
    ${stops.map(
      ({ name, text, heading }, i) =>
        html`<button
          data-jump=${name}
          tabindex=${i === 0 ? 0 : -1}
          title="Go to: ${heading}"
          @click=${(event: Event) => jump(event.currentTarget as HTMLElement, name)}
        >
          ${text === 'p_t' ? term('p_t') : text}
        </button>`,
    )}
  </nav>`;
}

/** Opens the part, brings it to the top and goes on there by key. */
function jump(button: HTMLElement, name: string): void {
  const panel = button.closest('.panel');
  const part = panel?.querySelector<HTMLElement>(`[data-section="${name}"]`);
  const scroller = panel?.querySelector('.panel-scroll');
  if (part === null || part === undefined || scroller === null || scroller === undefined) return;
  if (part instanceof HTMLDetailsElement) part.open = true;
  scroller.scrollTop += part.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  part.querySelector('summary')?.focus({ preventScroll: true });
  markCurrent(button.parentElement, name);
}

/** Says which part is at the top, and keeps its button in view; keys go on from it. */
export function markCurrent(nav: Element | null, name: string): void {
  if (nav === null) return;
  for (const button of nav.querySelectorAll<HTMLElement>('[data-jump]')) {
    const current = button.dataset.jump === name;
    if (current === button.hasAttribute('aria-current')) continue;
    button.toggleAttribute('aria-current', current);
    button.tabIndex = current ? 0 : -1;
    if (!current) continue;
    const { left, right } = nav.getBoundingClientRect();
    const own = button.getBoundingClientRect();
    if (own.left < left + 16) nav.scrollLeft -= left + 16 - own.left;
    else if (own.right > right - 16) nav.scrollLeft += own.right - right + 16;
  }
  // A part that was current may have gone with its button.
  const first = nav.querySelector<HTMLElement>('[data-jump]');
  if (nav.querySelector('[tabindex="0"]') === null && first !== null) first.tabIndex = 0;
}

function step(event: KeyboardEvent): void {
  const buttons = [...(event.currentTarget as Element).querySelectorAll('button')];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const next = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  const button = buttons[Math.min(buttons.length - 1, Math.max(0, next))];
  buttons[at].tabIndex = -1;
  button.tabIndex = 0;
  button.focus();
}
