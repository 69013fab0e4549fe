import type { XywhBox, CornerBox } from '../common/boxes';
import type { AnchorInspection } from '../protocol/analysis';
import type { AnalysisStage } from '../protocol/messages';
import type { AnchorFilter } from './lens/anchorFilter';
import type { OrderMetric } from './lens/anchorOrder';
import type { AnchorHit } from './lens/hitTest';
import type { LensImage } from './lens/lensImage';
import type { ViewState } from './lens/viewState';
import type { WhatIf } from './lens/whatIf';
import type { PageControlActions, PageModel } from './page/pageControl';
import type { LossPrecision } from './lossFollower';

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
  /** What the neighbours are ordered by. */
  readonly order: OrderMetric;
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
  /** Another anchor to compare the pinned one with. */
  readonly compared: PinnedAnchor | undefined;
  /** The image as analyzed, whatever gamma, alpha and bands are shown. */
  readonly base: LensImage | undefined;
  /** The image as it was when the what-if sliders last rested: for what is slow to draw. */
  readonly settled: LensImage | undefined;
  readonly precision: LossPrecision;
  /** Whether an image has just come: the heatmap is drawn first, the side panel a frame later. */
  readonly isFirstFrame: boolean;
  /** Whether the browser could not show the picture. */
  readonly pictureFailed: boolean;
  /** Whether an extension answers: without, there is nobody to ask for terms or to open a label file. */
  readonly hosted: boolean;
  readonly page: PageModel;
  /** Device pixels per image pixel. */
  readonly magnification: number;
}

/** Everything the templates can ask for. */
export interface AppActions extends PageControlActions {
  setView(change: Partial<ViewState>): void;
  /** Changes the what-if settings from what they are now, which the page may not show yet. */
  changeWhatIf(change: (current: WhatIf) => Partial<WhatIf>): void;
  pin(anchor: number, options?: { readonly zoom: boolean }): void;
  unpin(): void;
  /** Pins a second anchor beside the pinned one. */
  compare(anchor: number): void;
  uncompare(): void;
  /** A what-if slider was let go: slow parts follow, and exact losses are asked for. */
  settleLoss(this: void): void;
  stepAnchor(direction: 1 | -1): void;
  zoomTo(box: CornerBox): void;
  /** Zooms to a box of original image pixels, marks it and inspects the strongest anchor centred in it. */
  focus(bbox: XywhBox): void;
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
