import type { Disposable } from '../../common/disposables';
import { listenToStageKeys, type StageKeyActions } from './stageKeys';
import type { Point } from './viewport';

/** What pointer and keyboard ask of the stage; points are CSS pixels within it. */
export interface StageActions extends StageKeyActions {
  hover(point: Point | undefined): void;
  /** @param compares whether the anchor is meant as a second one, beside the pinned */
  click(point: Point, compares: boolean): void;
  /** The last click was the first half of a double click. */
  undoClick(): void;
  zoom(factor: number, point: Point): void;
}

const dragThreshold = 4;

/** Listens to pointer, wheel and keys on the stage's element. */
export function listenToStage(element: HTMLElement, actions: StageActions): Disposable {
  const listeners = new AbortController();
  const { signal } = listeners;
  let drag: { readonly id: number; last: Point; readonly start: Point; moved: boolean } | undefined;
  /** The pointer has not been moved between going down and up: a click follows. */
  let isClick = false;
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
    isClick = !drag.moved && event.type === 'pointerup' && event.button === 0;
    drag = undefined;
    element.classList.remove('dragging');
  };
  element.addEventListener('pointerup', release, { signal });
  element.addEventListener('pointercancel', release, { signal });
  element.addEventListener('pointerleave', () => actions.hover(undefined), { signal });
  element.addEventListener(
    'click',
    event => {
      // The second click of a double click belongs to that.
      if (isClick && event.detail < 2) actions.click(at(event), event.shiftKey);
      isClick = false;
    },
    { signal },
  );
  element.addEventListener(
    'dblclick',
    event => {
      if (event.shiftKey) return;
      actions.undoClick();
      actions.zoom(2, at(event));
    },
    { signal },
  );
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
  listenToStageKeys(element, actions, signal);
  return { dispose: () => listeners.abort() };
}
