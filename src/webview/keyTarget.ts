/** Whether a key goes into a field. */
export function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLInputElement
    ? !['checkbox', 'radio', 'range', 'button'].includes(target.type)
    : target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Whether an open menu or a dialog has the keys for itself; Escape has closed a menu by the time the page sees it. */
export function isInLayer({ target, key }: KeyboardEvent): boolean {
  const layers = key === 'Escape' ? 'dialog, details.menu' : 'dialog, details.menu[open]';
  return target instanceof Element && target.closest(layers) !== null;
}

/** Whether a key is meant as a shortcut of somebody else; the key for brackets on many keyboards, AltGr, is none. */
export function isShortcut(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.getModifierState('AltGraph');
}
