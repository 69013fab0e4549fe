import type { Handlers } from '../common/messageHandler';
import type { Analysis, AnchorInspection } from '../protocol/analysis';
import type { ImagePlace, LensMethods, LensSnapshot } from '../protocol/messages';

/** What a panel's page asks of the panel. */
export interface AnsweringPanel {
  snapshot(): LensSnapshot;
  /** The analysis that the page shows; throws CancelledError where that is another by now. */
  shown(revision: number): Analysis;
  inspectAnchor(anchor: number, signal: AbortSignal): Promise<AnchorInspection>;
  recomputeLoss(gamma: number, alpha: number, signal: AbortSignal): Promise<{ readonly focal: ArrayBuffer }>;
  revealLabel(label: number): Promise<void>;
  cancel(): void;
}

/** What a panel's page asks of the window. */
export interface LensPanelHost<Panel> {
  analyzeAgain(panel: Panel): Promise<void>;
  chooseModel(panel: Panel): Promise<void>;
  showNeighbor(panel: Panel, direction: 1 | -1): Promise<void>;
  /** Where an image stands among those that one goes through; undefined where that cannot be told. */
  placeOf(image: string): Promise<ImagePlace | undefined>;
  /** Opens images that the page named; it is not trusted to name images alone. */
  openImages(uris: readonly string[]): Promise<void>;
  exportReport(analysis: Analysis): Promise<void>;
  exportAnchors(analysis: Analysis): Promise<void>;
  savePicture(analysis: Analysis, png: ArrayBuffer): Promise<void>;
  onError(error: unknown): void;
}

/** Answers to a panel's page: the panel's own matters by the panel, the window's by `host`. */
export function lensHandlers<Panel extends AnsweringPanel>(
  panel: Panel,
  host: LensPanelHost<Panel>,
): Handlers<LensMethods> {
  return {
    getState: () => panel.snapshot(),
    inspectAnchor: ({ revision, anchor }, { signal }) => {
      panel.shown(revision);
      return panel.inspectAnchor(anchor, signal);
    },
    recomputeLoss: ({ revision, gamma, alpha }, { signal }) => {
      panel.shown(revision);
      return panel.recomputeLoss(gamma, alpha, signal);
    },
    revealLabel: async ({ revision, label }) => {
      panel.shown(revision);
      await panel.revealLabel(label);
      return null;
    },
    analyzeAgain: async () => {
      await host.analyzeAgain(panel);
      return null;
    },
    chooseModel: async () => {
      await host.chooseModel(panel);
      return null;
    },
    showNeighbor: async ({ direction }) => {
      await host.showNeighbor(panel, direction);
      return null;
    },
    openImages: async ({ uris }) => {
      await host.openImages(uris);
      return null;
    },
    exportReport: async ({ revision }) => {
      await host.exportReport(panel.shown(revision));
      return null;
    },
    exportAnchors: async ({ revision }) => {
      await host.exportAnchors(panel.shown(revision));
      return null;
    },
    savePicture: async ({ revision, png }) => {
      await host.savePicture(panel.shown(revision), png);
      return null;
    },
    cancel: () => {
      panel.cancel();
      return null;
    },
  };
}
