import type { Disposable } from '../common/disposables';

/** Long enough that going through many things quickly is not spoken one by one, short enough to feel immediate. */
const restMs = 150;

/** Has a screen reader say what changes on the picture, without taking the focus. */
export class Announcer implements Disposable {
  private timer: ReturnType<typeof setTimeout> | undefined;
  readonly element = document.createElement('div');

  constructor(parent: HTMLElement) {
    this.element.className = 'hidden-visually announcer';
    this.element.setAttribute('aria-live', 'polite');
    this.element.setAttribute('aria-atomic', 'true');
    parent.append(this.element);
  }

  /** The last text counts. */
  say(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.element.textContent = text), restMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.element.remove();
  }
}
