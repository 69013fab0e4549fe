import { isInLayer, isShortcut, isTyping } from '../keyTarget';

/** What keys ask of the stage. */
export interface StageKeyActions {
  /** The keyboard is at work on the stage, or has left it: without a pointer over the stage it points at its middle. */
  keysOnStage(on: boolean): void;
  pan(x: number, y: number, eased: boolean): void;
  zoomBy(factor: number): void;
  fit(): void;
  actualSize(): void;
  /** The overlay is out of the way while this is true. */
  peek(hidden: boolean): void;
  stepAnchor(direction: 1 | -1): void;
  /**
   * Pins the anchor whose tooltip is shown.
   * @param compares whether it is meant as a second one, beside the pinned
   */
  pinHovered(compares: boolean): void;
  unpin(): void;
}

const arrowStep = 60;

/** Listens to keys: to all on the stage, and anywhere on the page to those that no other control has a use for. */
export function listenToStageKeys(element: HTMLElement, actions: StageKeyActions, signal: AbortSignal): void {
  element.addEventListener(
    'keydown',
    event => {
      if (isShortcut(event)) return;
      const run = stageKey(event, actions);
      if (run === undefined) return;
      event.preventDefault();
      if (event.key !== 'Escape') actions.keysOnStage(true);
      run();
    },
    { signal },
  );
  document.addEventListener(
    'keydown',
    event => {
      if (event.defaultPrevented || isShortcut(event) || isTyping(event) || isInLayer(event)) return;
      const run = isAlt(event) ? undefined : pageKey(event.key, actions);
      if (run === undefined) return;
      event.preventDefault();
      run();
    },
    { signal },
  );
  document.addEventListener('keyup', event => isPeekKey(event.key) && actions.peek(false), { signal });
  window.addEventListener('blur', () => actions.peek(false), { signal });
  element.addEventListener(
    'focus',
    () => {
      if (element.matches(':focus-visible')) actions.keysOnStage(true);
    },
    { signal },
  );
  element.addEventListener(
    'blur',
    () => {
      actions.peek(false);
      actions.keysOnStage(false);
    },
    { signal },
  );
}

function isPeekKey(key: string): boolean {
  return key === 'h' || key === 'H' || key === ' ';
}

function isAlt(event: KeyboardEvent): boolean {
  return event.altKey && !event.getModifierState('AltGraph');
}

function stageKey(event: KeyboardEvent, actions: StageKeyActions): (() => void) | undefined {
  const { key } = event;
  if (isAlt(event)) {
    if (key === 'ArrowUp') return () => actions.stepAnchor(-1);
    if (key === 'ArrowDown') return () => actions.stepAnchor(1);
    return undefined;
  }
  switch (key) {
    case ' ':
      return () => actions.peek(true);
    case 'ArrowLeft':
      return () => actions.pan(arrowStep, 0, true);
    case 'ArrowRight':
      return () => actions.pan(-arrowStep, 0, true);
    case 'ArrowUp':
      return () => actions.pan(0, arrowStep, true);
    case 'ArrowDown':
      return () => actions.pan(0, -arrowStep, true);
    case 'Enter':
      return () => actions.pinHovered(event.shiftKey);
    default:
      return pageKey(key, actions);
  }
}

function pageKey(key: string, actions: StageKeyActions): (() => void) | undefined {
  switch (key) {
    case 'h':
    case 'H':
      return () => actions.peek(true);
    case '+':
    case '=':
      return () => actions.zoomBy(1.5);
    case '-':
    case '_':
      return () => actions.zoomBy(1 / 1.5);
    case '0':
      return () => actions.fit();
    case '1':
      return () => actions.actualSize();
    case '[':
      return () => actions.stepAnchor(-1);
    case ']':
      return () => actions.stepAnchor(1);
    case 'Escape':
      return () => actions.unpin();
    default:
      return undefined;
  }
}
