import { toCorners, type CornerBox } from '../../common/boxes';
import type { Detection } from '../../protocol/analysis';
import type { VerdictKind } from '../../protocol/detectionVerdicts';
import { anchorBox, locateAnchor, tileBox } from '../lens/geometry';
import type { LensImage } from '../lens/lensImage';
import type { ViewState } from '../lens/viewState';
import { labelName } from '../words/anchorSentence';
import { unit } from '../words/format';
import { verdictWords } from '../words/verdictNames';

export interface NamedBox {
  readonly box: CornerBox;
  readonly text: string;
  /** Of a detection that is to be colored by what it is worth. */
  readonly verdict?: VerdictKind;
}

export interface ShownAnchor {
  readonly tile: CornerBox;
  readonly box: CornerBox;
  /** Drawn for a pinned anchor only. */
  readonly decoded: CornerBox | undefined;
}

/** What is drawn on the picture besides the heatmap; boxes in original image pixels. */
export interface Scene {
  readonly labels: readonly NamedBox[];
  readonly detections: readonly NamedBox[];
  /** The network's padded input, where it reaches beyond the picture. */
  readonly padded: CornerBox | undefined;
  readonly hovered: ShownAnchor | undefined;
  readonly pinned: ShownAnchor | undefined;
  /** A second anchor, to compare. */
  readonly compared: ShownAnchor | undefined;
  /** Of a row that is pointed at. */
  readonly highlighted: CornerBox | undefined;
  /** A place that somebody was brought to. */
  readonly focused: CornerBox | undefined;
}

export const emptyScene: Scene = {
  labels: [],
  detections: [],
  padded: undefined,
  hovered: undefined,
  pinned: undefined,
  compared: undefined,
  highlighted: undefined,
  focused: undefined,
};

/** The boxes that a view of an image shows while nothing is hovered. */
export function sceneOf(image: LensImage, view: ViewState): Scene {
  const { labels, detections, input } = image.analysis;
  const isPadded = input.paddedWidth > input.width || input.paddedHeight > input.height;
  return {
    ...emptyScene,
    labels: view.labels ? labels.map(label => ({ box: toCorners(label.bbox), text: labelName(label) })) : [],
    detections: view.detections
      ? detections
          .map((detection, i) => detectionBox(detection, image.verdicts[i].kind, view))
          .filter((_, i) => detections[i].score >= view.scoreThreshold)
      : [],
    padded:
      isPadded && view.heatmap
        ? [0, 0, input.paddedWidth / input.scale[1], input.paddedHeight / input.scale[0]]
        : undefined,
    pinned: view.pinned === undefined ? undefined : shownAnchor(image, view.pinned, true),
    compared:
      view.pinned === undefined || view.compared === undefined ? undefined : shownAnchor(image, view.compared, true),
    focused: view.focus === undefined ? undefined : toCorners(view.focus),
  };
}

function detectionBox(
  { bbox, category, score }: Detection,
  verdict: VerdictKind,
  { labels, matchColors }: ViewState,
): NamedBox {
  const box = toCorners(bbox);
  // The label it finds says the same class right above.
  if (verdict === 'truePositive') return { box, text: labels ? unit(score) : `${category} ${unit(score)}` };
  const text = `${category} ${unit(score)}`;
  return matchColors ? { box, text: `${text} ${verdictWords[verdict].short}`, verdict } : { box, text };
}

export function shownAnchor(image: LensImage, anchor: number, withDecoded: boolean): ShownAnchor {
  const { level, y, x } = locateAnchor(image.analysis.anchors.levels, anchor);
  const { decoded } = image.columns;
  const at = anchor * 4;
  return {
    tile: tileBox(image.analysis, level, y, x),
    box: anchorBox(image.analysis, anchor),
    decoded: withDecoded ? [decoded[at], decoded[at + 1], decoded[at + 2], decoded[at + 3]] : undefined,
  };
}
