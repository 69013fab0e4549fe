import { html, type TemplateResult } from 'lit';
import type { AppActions } from './appModel';
import type { ViewState } from './lens/viewState';

/** Widths from this on have picture and panel side by side; the style sheet says the same. */
const sideBySide = 780;
/** Of the page: how much the panel may take, and what a key moves. */
const least = 0.12;
const most = 0.75;
const step = 0.02;

/** Whether picture and panel stand side by side; else the panel is below. */
export function isBeside(): boolean {
  return innerWidth >= sideBySide;
}

/** The panel's size where the user has chosen one: as a share of the page, for either layout. */
export function panelStyle({ panelWidth, panelHeight }: Pick<ViewState, 'panelWidth' | 'panelHeight'>): string {
  const of = (name: string, share: number | undefined, unit: string) =>
    share === undefined ? '' : `${name}:${(share * 100).toFixed(2)}${unit};`;
  return of('--panel-width', panelWidth, 'vw') + of('--panel-height', panelHeight, 'vh');
}

/** Between picture and panel: to be dragged, moved by arrow keys, and reset by a double click. */
export function divider({ panelWidth, panelHeight }: ViewState, actions: AppActions): TemplateResult {
  const beside = isBeside();
  const set = (event: Event, share: number | undefined) => {
    const kept = share === undefined ? undefined : Math.min(most, Math.max(least, share));
    const change = beside ? { panelWidth: kept } : { panelHeight: kept };
    // At once: the next key, which may come before the next frame, goes on from there.
    const panel = panelOf(event);
    if (panel !== null) panel.style.cssText = panelStyle({ panelWidth, panelHeight, ...change });
    actions.setView(change);
  };
  const chosen = beside ? panelWidth : panelHeight;
  return html`<div
    class="divider"
    role="separator"
    tabindex="0"
    aria-orientation=${beside ? 'vertical' : 'horizontal'}
    aria-label="Size of the panel"
    aria-valuemin=${least * 100}
    aria-valuemax=${most * 100}
    aria-valuenow=${Math.round((chosen ?? (beside ? 0.38 : 0.32)) * 100)}
    title="Drag to resize, double-click to reset"
    @pointerdown=${startDrag}
    @pointermove=${(event: PointerEvent) => {
      if (!(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return;
      const { right, bottom } = edges(event);
      set(event, beside ? (right - event.clientX) / innerWidth : (bottom - event.clientY) / innerHeight);
    }}
    @dblclick=${(event: Event) => set(event, undefined)}
    @keydown=${(event: KeyboardEvent) => {
      const share = moved(event.key, actual(event, beside), beside);
      if (share === undefined) return;
      event.preventDefault();
      set(event, share);
    }}
  ></div>`;
}

function startDrag(event: PointerEvent): void {
  if (event.button !== 0) return;
  event.preventDefault();
  const element = event.currentTarget as HTMLElement;
  element.setPointerCapture(event.pointerId);
  element.focus();
}

function panelOf(event: Event): HTMLElement | null {
  return (event.currentTarget as Element).parentElement?.querySelector<HTMLElement>(':scope > .panel') ?? null;
}

/** Where the panel ends. */
function edges(event: Event): { right: number; bottom: number } {
  const panel = panelOf(event)?.getBoundingClientRect();
  return { right: panel?.right ?? innerWidth, bottom: panel?.bottom ?? innerHeight };
}

/** The panel's share as it is, which its limits in pixels may keep from what was chosen. */
function actual(event: Event, beside: boolean): number {
  const panel = panelOf(event)?.getBoundingClientRect();
  if (panel === undefined) return 0;
  return beside ? panel.width / innerWidth : panel.height / innerHeight;
}

/** The share after a key; the divider goes where the arrow points. */
function moved(key: string, share: number, beside: boolean): number | undefined {
  switch (key) {
    case beside ? 'ArrowLeft' : 'ArrowUp':
      return share + step;
    case beside ? 'ArrowRight' : 'ArrowDown':
      return share - step;
    case 'Home':
      return least;
    case 'End':
      return most;
    default:
      return undefined;
  }
}
