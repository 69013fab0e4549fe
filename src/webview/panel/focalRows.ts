/** What a row offers to the keyboard. */
const offers = 'button, a[href], input';

/**
 * A list whose rows hold buttons: one stop for Tab, however many rows there are. The arrow keys go from row to row and
 * from button to button, Home and End to the first and last row.
 */
export class FocalRows extends HTMLElement {
  private readonly observer = new MutationObserver(() => this.keepOneStop());
  private stop: HTMLElement | undefined;

  constructor() {
    super();
    this.addEventListener('keydown', event => this.keyPressed(event));
    this.addEventListener('focusin', event => {
      if (event.target instanceof HTMLElement && this.items().flat().includes(event.target)) this.setStop(event.target);
    });
  }

  connectedCallback(): void {
    this.observer.observe(this, { childList: true, subtree: true });
    this.keepOneStop();
  }

  disconnectedCallback(): void {
    this.observer.disconnect();
  }

  /** Buttons by row; rows without any are left out, and headings are stops of their own. */
  private items(): HTMLElement[][] {
    return [...this.querySelectorAll('tbody tr, li')]
      .map(row => [...row.querySelectorAll<HTMLElement>(offers)])
      .filter(row => row.length > 0);
  }

  /** Rows come and go with a redraw. */
  private keepOneStop(): void {
    const items = this.items().flat();
    this.setStop(this.stop !== undefined && items.includes(this.stop) ? this.stop : items[0], items);
  }

  private setStop(stop: HTMLElement | undefined, items = this.items().flat()): void {
    this.stop = stop;
    for (const item of items) item.tabIndex = item === stop ? 0 : -1;
  }

  private keyPressed(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rows = this.items();
    const row = rows.findIndex(items => items.includes(event.target as HTMLElement));
    if (row < 0) return;
    const column = rows[row].indexOf(event.target as HTMLElement);
    const to = (r: number, c: number) => {
      const items = rows[Math.min(rows.length - 1, Math.max(0, r))];
      return items[Math.min(items.length - 1, Math.max(0, c))];
    };
    const targets: Readonly<Record<string, HTMLElement>> = {
      ArrowDown: to(row + 1, column),
      ArrowUp: to(row - 1, column),
      ArrowRight: to(row, column + 1),
      ArrowLeft: to(row, column - 1),
      Home: to(0, column),
      End: to(rows.length - 1, column),
    };
    if (!Object.hasOwn(targets, event.key)) return;
    event.preventDefault();
    targets[event.key].focus();
  }
}

export function defineFocalRows(): void {
  if (customElements.get('focal-rows') === undefined) customElements.define('focal-rows', FocalRows);
}
