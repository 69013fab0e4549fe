import type { Disposable } from '../../common/disposables';
import { markCurrent } from './sectionNav';

/** Of the part that counts as current, at most so much is above the top of what is seen, CSS pixels. */
const slack = 24;

/**
 * The panel's scrolling: tells the jump bar where one is, and keeps what is seen in its place when what stands above
 * it changes its height. Whoever clicks a row twice, to filter by it and to let go, finds it where it was.
 */
export class PanelScroll implements Disposable {
  private readonly observer: ResizeObserver;
  private readonly listeners = new AbortController();
  private head: Element | null = null;
  private height = 0;
  private frame = 0;

  constructor(private readonly root: HTMLElement) {
    this.observer = new ResizeObserver(() => this.keepPlace());
    const options = { signal: this.listeners.signal, capture: true, passive: true };
    root.addEventListener('scroll', event => event.target === this.scroller && this.requestMark(), options);
  }

  /** The panel was drawn: its head may have come or gone. */
  drawn(): void {
    const head = this.root.querySelector('.panel-head');
    if (head === this.head) return;
    if (this.head !== null) this.observer.unobserve(this.head);
    this.head = head;
    if (head === null) return;
    this.height = head.getBoundingClientRect().height;
    this.observer.observe(head);
    this.requestMark();
  }

  toTop(): void {
    this.scroller?.scrollTo({ top: 0 });
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.listeners.abort();
  }

  private get scroller(): Element | null {
    return this.root.querySelector('.panel-scroll');
  }

  private keepPlace(): void {
    const height = this.head?.getBoundingClientRect().height ?? 0;
    const grown = height - this.height;
    this.height = height;
    const { scroller } = this;
    if (scroller !== null) scroller.scrollTop += grown;
  }

  private requestMark(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.mark();
    });
  }

  private mark(): void {
    const { scroller } = this;
    const nav = this.root.querySelector('.section-nav');
    if (scroller === null || nav === null || this.isAtEnd(scroller, nav)) return;
    const top = scroller.getBoundingClientRect().top + slack;
    let current: string | undefined;
    for (const part of scroller.querySelectorAll<HTMLElement>('[data-section]')) {
      if (current !== undefined && part.getBoundingClientRect().top > top) break;
      current = part.dataset.section;
    }
    if (current !== undefined) markCurrent(nav, current);
  }

  /** The last parts never come to the top; one that was jumped to stays current while it is seen. */
  private isAtEnd(scroller: Element, nav: Element): boolean {
    const chosen = nav.querySelector<HTMLElement>('[aria-current]')?.dataset.jump;
    if (chosen === undefined || scroller.scrollTop + scroller.clientHeight < scroller.scrollHeight - 2) return false;
    const part = scroller.querySelector(`[data-section="${chosen}"]`);
    if (part === null) return false;
    const { top } = part.getBoundingClientRect();
    const seen = scroller.getBoundingClientRect();
    return top >= seen.top - 1 && top < seen.bottom;
  }
}
