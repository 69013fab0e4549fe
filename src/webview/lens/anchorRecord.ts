import { anchorState, type AnchorState, type LabelSummary } from '../../protocol/analysis';
import { bandOf, type Band } from './bands';
import { anchorsPerCell, locateAnchor } from './geometry';
import type { LensImage } from './lensImage';

/** Everything the columns say about one anchor, for tooltip, inspection and sentences. */
export interface AnchorRecord {
  readonly anchor: number;
  readonly levelIndex: number;
  readonly level: string;
  readonly y: number;
  readonly x: number;
  readonly base: number;
  readonly perCell: number;
  /** Network input pixels. */
  readonly size: number;
  /** Height over width. */
  readonly ratio: number;
  readonly state: AnchorState;
  /** Its label when foreground, otherwise the label it overlaps best; undefined without labels or overlap. */
  readonly label: LabelSummary | undefined;
  readonly iou: number;
  /** Null when ignored. */
  readonly pt: number | null;
  readonly band: Band | null;
  readonly crossEntropy: number;
  readonly focal: number;
  /** Null unless foreground. */
  readonly boxRegression: number | null;
  readonly worstClass: string;
}

export function className(image: LensImage, column: number): string {
  return image.analysis.model.classes[column] ?? `class ${column}`;
}

export function anchorRecord(image: LensImage, anchor: number): AnchorRecord {
  const { analysis, columns } = image;
  const { level, y, x, base } = locateAnchor(analysis.anchors.levels, anchor);
  const info = analysis.anchors.levels[level];
  const pt = columns.pt[anchor];
  const state = stateOf(columns.state[anchor]);
  const iou = columns.iou[anchor];
  const label = analysis.labels[columns.label[anchor]];
  return {
    anchor,
    levelIndex: level,
    level: info?.name ?? '',
    y,
    x,
    base,
    perCell: info === undefined ? 0 : anchorsPerCell(info),
    size: info?.sizes[base],
    ratio: info?.ratios[base],
    state,
    label: state === anchorState.foreground || iou > 0 ? label : undefined,
    iou,
    pt: Number.isNaN(pt) ? null : pt,
    band: Number.isNaN(pt) ? null : bandOf(pt, analysis.bands),
    crossEntropy: columns.crossEntropy[anchor],
    focal: columns.focal[anchor],
    boxRegression: state === anchorState.foreground ? columns.boxRegression[anchor] : null,
    worstClass: className(image, columns.worstClass[anchor]),
  };
}

function stateOf(value: number): AnchorState {
  return value === anchorState.foreground || value === anchorState.ignored ? value : anchorState.background;
}
