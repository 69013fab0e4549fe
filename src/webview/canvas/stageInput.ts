import type { Disposable } from '../../common/disposables';
import type { Point } from './viewport';

/** What pointer and keyboard ask of the stage; points are CSS pixels within it. */
export interface StageActions {
  hover(point: Point | undefined): void;
  /** @param compares whether the anchor is meant as a second one, beside the pinned */
  click(point: Point, compares: boolean): void;
  pan(x: number, y: number, eased: boolean): void;
  zoom(factor: number, point: Point | undefined): void;
  fit(): void;
  actualSize(): void;
  /** The overlay is out of the way while this is true. */
  peek(hidden: boolean): void;
  stepAnchor(direction: 1 | -1): void;
  /** Pins the anchor whose tooltip is shown. */
  pinHovered(): void;
  unpin(): void;
}

const dragThreshold = 4;
const arrowStep = 60;

/** Listens to pointer, wheel and keys on the stage's element. */
export function listenToStage(element: HTMLElement, actions: StageActions): Disposable {
  const listeners = new AbortController();
  const { signal } = listeners;
  let drag: { readonly id: number; last: Point; readonly start: Point; moved: boolean } | undefined;
  const at = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  element.addEventListener(
    'pointerdown',
    event => {
      if (event.button !== 0 && event.button !== 1) return;
      const point = at(event);
      drag = { id: event.pointerId, last: point, start: point, moved: false };
      element.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    event => {
      const point = at(event);
      if (drag?.id !== event.pointerId) {
        actions.hover(point);
        return;
      }
      drag.moved ||= Math.hypot(point.x - drag.start.x, point.y - drag.start.y) > dragThreshold;
      if (!drag.moved) return;
      actions.hover(undefined);
      actions.pan(point.x - drag.last.x, point.y - drag.last.y, false);
      drag.last = point;
      element.classList.add('dragging');
    },
    { signal },
  );
  const release = (event: PointerEvent) => {
    if (drag?.id !== event.pointerId) return;
    const wasClick = !drag.moved && event.type === 'pointerup' && event.button === 0;
    drag = undefined;
    element.classList.remove('dragging');
    if (wasClick) actions.click(at(event), event.shiftKey);
  };
  element.addEventListener('pointerup', release, { signal });
  element.addEventListener('pointercancel', release, { signal });
  element.addEventListener('pointerleave', () => actions.hover(undefined), { signal });
  element.addEventListener('dblclick', event => !event.shiftKey && actions.zoom(2, at(event)), { signal });
  element.addEventListener(
    'wheel',
    event => {
      event.preventDefault();
      if (event.altKey) {
        if (event.deltaY !== 0) actions.stepAnchor(event.deltaY > 0 ? 1 : -1);
        return;
      }
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      // A pinch arrives as a wheel with the control key and small steps.
      const speed = event.ctrlKey ? 0.01 : 0.0018;
      const delta = Math.max(-240, Math.min(240, event.deltaY * lines));
      actions.zoom(Math.exp(-delta * speed), at(event));
    },
    { signal, passive: false },
  );
  element.addEventListener(
    'keydown',
    event => {
      if (event.ctrlKey || event.metaKey) return;
      const run = event.altKey ? altKeyAction(event.key, actions) : keyAction(event.key, actions);
      if (run === undefined) return;
      event.preventDefault();
      run();
    },
    { signal },
  );
  element.addEventListener('keyup', event => isPeekKey(event.key) && actions.peek(false), { signal });
  element.addEventListener('blur', () => actions.peek(false), { signal });
  return { dispose: () => listeners.abort() };
}

function isPeekKey(key: string): boolean {
  return key === 'h' || key === 'H' || key === ' ';
}

function altKeyAction(key: string, actions: StageActions): (() => void) | undefined {
  if (key === 'ArrowUp') return () => actions.stepAnchor(-1);
  if (key === 'ArrowDown') return () => actions.stepAnchor(1);
  return undefined;
}

function keyAction(key: string, actions: StageActions): (() => void) | undefined {
  if (isPeekKey(key)) return () => actions.peek(true);
  switch (key) {
    case '+':
    case '=':
      return () => actions.zoom(1.5, undefined);
    case '-':
    case '_':
      return () => actions.zoom(1 / 1.5, undefined);
    case '0':
      return () => actions.fit();
    case '1':
      return () => actions.actualSize();
    case 'ArrowLeft':
      return () => actions.pan(arrowStep, 0, true);
    case 'ArrowRight':
      return () => actions.pan(-arrowStep, 0, true);
    case 'ArrowUp':
      return () => actions.pan(0, arrowStep, true);
    case 'ArrowDown':
      return () => actions.pan(0, -arrowStep, true);
    case '[':
      return () => actions.stepAnchor(-1);
    case ']':
      return () => actions.stepAnchor(1);
    case 'Enter':
      return () => actions.pinHovered();
    case 'Escape':
      return () => actions.unpin();
    default:
      return undefined;
  }
}
