import { toCorners, type CornerBox, type XywhBox } from '../../common/boxes';
import { anchorState, type Detection, type LabelSummary } from '../../protocol/analysis';
import type { VerdictKind } from '../../protocol/detectionVerdicts';
import { anchorRecord } from '../lens/anchorRecord';
import { anchorBox, decodedBox, locateAnchor, tileBox } from '../lens/geometry';
import type { LensImage } from '../lens/lensImage';
import type { ViewState } from '../lens/viewState';
import { labelName } from '../words/anchorSentence';
import { unit } from '../words/format';
import { verdictWords } from '../words/verdictNames';

export interface NamedBox {
  readonly box: CornerBox;
  readonly text: string;
  /** How many characters at the end of the name stay where it has to be shortened. */
  readonly tail: number;
  /** Of a detection that is to be colored by what it is worth. */
  readonly verdict?: VerdictKind;
}

export interface ShownAnchor {
  readonly tile: CornerBox;
  readonly box: CornerBox;
  /** Drawn for a pinned anchor only. */
  readonly decoded: CornerBox | undefined;
  /** The label it was matched to, or without one the label it overlaps best. */
  readonly label: (NamedBox & { readonly isMatched: boolean }) | undefined;
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
  /** Of a row that is pointed at; its name may be empty. */
  readonly highlighted: NamedBox | undefined;
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
    labels: view.labels ? labels.map(labelBox) : [],
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

/** A box of the picture by its name, whether the view shows it or not; without a name where none is so. */
export function namedBox({ analysis, verdicts }: LensImage, view: ViewState, bbox: XywhBox): NamedBox {
  const isSame = (other: { readonly bbox: XywhBox }) => other.bbox.every((side, i) => side === bbox[i]);
  const label = analysis.labels.find(isSame);
  if (label !== undefined) return labelBox(label);
  const detection = analysis.detections.findIndex(isSame);
  return detection < 0
    ? { box: toCorners(bbox), text: '', tail: 0 }
    : detectionBox(analysis.detections[detection], verdicts[detection].kind, view);
}

/** The smallest box that is drawn around a point of the picture. */
export function boxUnder({ labels, detections }: Scene, x: number, y: number): NamedBox | undefined {
  let under: NamedBox | undefined;
  let smallest = Infinity;
  for (const named of [...labels, ...detections]) {
    const [x1, y1, x2, y2] = named.box;
    const area = (x2 - x1) * (y2 - y1);
    if (x >= x1 && y >= y1 && x <= x2 && y <= y2 && area < smallest) [under, smallest] = [named, area];
  }
  return under;
}

function labelBox(label: LabelSummary): NamedBox {
  const text = labelName(label);
  return { box: toCorners(label.bbox), text, tail: text.length - label.category.length };
}

function detectionBox(
  { bbox, category, score }: Detection,
  verdict: VerdictKind,
  { labels, matchColors }: ViewState,
): NamedBox {
  const box = toCorners(bbox);
  const named = (rest: string) => ({ box, text: category + rest, tail: rest.length });
  // The label it finds says the same class right above.
  if (verdict === 'truePositive') return labels ? { box, text: unit(score), tail: 0 } : named(` ${unit(score)}`);
  return matchColors
    ? { ...named(` ${unit(score)} ${verdictWords[verdict].short}`), verdict }
    : named(` ${unit(score)}`);
}

export function shownAnchor(image: LensImage, anchor: number, withDecoded: boolean): ShownAnchor {
  const { level, y, x } = locateAnchor(image.analysis.anchors.levels, anchor);
  const { label, state } = anchorRecord(image, anchor);
  return {
    tile: tileBox(image.analysis, level, y, x),
    box: anchorBox(image.analysis, anchor),
    decoded: withDecoded ? decodedBox(image.columns, anchor) : undefined,
    label: label === undefined ? undefined : { ...labelBox(label), isMatched: state === anchorState.foreground },
  };
}
