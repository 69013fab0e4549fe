import type { KeyGroup } from '../page/keyGroup';
import type { GridMove } from './gridLayout';

/** What keys do. Everything has a control as well. */
export interface GalleryKeyActions {
  move(move: GridMove): void;
  /** To the next or previous tile that waits for a decision. */
  next(direction: 1 | -1): void;
  openInLens(): void;
  goToLabel(): void;
  applyFix(which: number): void;
  confirm(): void;
  dismiss(): void;
  markFixed(): void;
  restore(): void;
  undo(): void;
  toggle(what: 'heat' | 'boxes'): void;
  resize(step: 1 | -1): void;
  toggleKeys(): void;
}

const moves: Readonly<Record<string, GridMove>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'home',
  End: 'end',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
};

/** What a key does; undefined for one that does nothing. */
export function keyAction(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  actions: GalleryKeyActions,
): (() => void) | undefined {
  const move = moves[key];
  if (move !== undefined) return () => actions.move(move);
  switch (key.toLowerCase()) {
    case 'enter':
    case 'o':
      return () => actions.openInLens();
    case 'l':
      return () => actions.goToLabel();
    case 'f':
    case '1':
      return () => actions.applyFix(0);
    case '2':
      return () => actions.applyFix(1);
    case '3':
      return () => actions.applyFix(2);
    case 'c':
      return () => actions.confirm();
    case 'd':
      return () => actions.dismiss();
    case 'm':
      return () => actions.markFixed();
    case 'r':
      return () => actions.restore();
    case 'u':
      return () => actions.undo();
    case 'n':
      return () => actions.next(1);
    case ' ':
      return () => actions.next(shiftKey ? -1 : 1);
    case 'p':
      return () => actions.next(-1);
    case 'h':
      return () => actions.toggle('heat');
    case 'b':
      return () => actions.toggle('boxes');
    case '+':
    case '=':
      return () => actions.resize(1);
    case '-':
      return () => actions.resize(-1);
    case '?':
      return () => actions.toggleKeys();
    default:
      return undefined;
  }
}

export const galleryKeyGroups: readonly KeyGroup[] = [
  {
    heading: 'Decide',
    rows: [
      [['F'], 'make the proposed fix in the label file, and save it'],
      [['2', '3'], 'make the second or third fix'],
      [['C'], 'confirm: a label error, to be fixed by whoever edits the labels'],
      [['D'], 'dismiss: the label is right; asks for the reason'],
      [['M'], 'mark as fixed'],
      [['R'], 'restore what was confirmed, dismissed, fixed or marked'],
      [['U'], 'undo what was done last here, fixes included'],
    ],
  },
  {
    heading: 'Go',
    rows: [
      [['←', '↑', '→', '↓'], 'move from tile to tile'],
      [['PgUp', 'PgDn', 'Home', 'End'], 'move by a page, to either end'],
      [['N', 'Space'], 'next open tile'],
      [['P'], 'previous open tile; Shift and Space as well'],
      [['Enter', 'O'], 'open in the lens; a double click does, too'],
      [['L'], 'go to the label’s line'],
    ],
  },
  {
    heading: 'View',
    rows: [
      [['H'], 'heatmap of the focal loss'],
      [['B'], 'boxes'],
      [['+', '-'], 'larger, smaller tiles'],
      [['?'], 'this sheet'],
    ],
  },
];
