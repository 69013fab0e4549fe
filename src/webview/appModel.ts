import type { XywhBox, CornerBox } from '../common/boxes';
import type { AnchorInspection } from '../protocol/analysis';
import type { AnalysisStage } from '../protocol/messages';
import type { AnchorFilter } from './lens/anchorFilter';
import type { AnchorHit } from './lens/hitTest';
import type { LensImage } from './lens/lensImage';
import type { ViewState } from './lens/viewState';

/** What the panel is about at the moment. */
export type Phase =
  /** Nothing is known yet. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'loading'; readonly title: string; readonly stage: AnalysisStage }
  | { readonly kind: 'ready'; readonly image: LensImage }
  | { readonly kind: 'failed'; readonly title: string; readonly message: string }
  | { readonly kind: 'cancelled'; readonly title: string };

/** A pinned anchor with its neighbours at the same place, and what the host says about it. */
export interface PinnedAnchor {
  readonly anchor: number;
  readonly neighbours: readonly AnchorHit[];
  readonly inspection:
    | { readonly kind: 'none' | 'pending' }
    | { readonly kind: 'known'; readonly value: AnchorInspection }
    | { readonly kind: 'failed'; readonly message: string };
}

/** Everything the templates draw from. */
export interface AppModel {
  readonly phase: Phase;
  readonly view: ViewState;
  readonly pinned: PinnedAnchor | undefined;
  /** Whether an extension answers: without, there is nobody to ask for terms or to open a label file. */
  readonly hosted: boolean;
  /** Device pixels per image pixel. */
  readonly magnification: number;
}

/** Everything the templates can ask for. */
export interface AppActions {
  setView(change: Partial<ViewState>): void;
  pin(anchor: number, options?: { readonly zoom: boolean }): void;
  unpin(): void;
  stepAnchor(direction: 1 | -1): void;
  zoomTo(box: CornerBox): void;
  highlight(box: XywhBox | undefined): void;
  /** Changes which anchors are shown. */
  filter(change: Partial<AnchorFilter>): void;
  /** Zooms to a label and shows the anchors matched to it alone; all again where that is so already. */
  toggleLabel(label: number): void;
  toggleSection(name: string): void;
  copy(text: string): void;
  fit(): void;
  actualSize(): void;
  zoomBy(factor: number): void;
  revealLabel(label: number): void;
  analyzeAgain(): void;
  chooseModel(): void;
  cancel(): void;
}
