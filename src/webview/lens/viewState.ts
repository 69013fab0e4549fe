import type { XywhBox } from '../../common/boxes';
import { colorMapNames, type ColorMapName } from '../heatmap/colorMaps';
import { everyShape, allGroups, noFilter, type AnchorFilter } from './anchorFilter';
import { combinations, metrics, type Combination, type HeatRange, type Metric } from './metrics';
import { largestGamma, type WhatIf } from './whatIf';

/** Where the camera stands: the image point at the stage's centre, and the scale. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export const labelKeys = ['label', 'anchors', 'bestIou', 'meanPt', 'boxRegression', 'classification'] as const;
export type LabelKey = (typeof labelKeys)[number];

export interface LabelOrder {
  readonly key: LabelKey;
  readonly descending: boolean;
}

/** What the user has chosen to see; kept while the panel is hidden and when VS Code reloads. */
export interface ViewState {
  readonly metric: Metric;
  readonly combination: Combination;
  /** Bit i shows level i. */
  readonly levelMask: number;
  readonly logarithmic: boolean;
  /** Ends of the scale where the user has moved them; belongs to metric, combination and kind of scale. */
  readonly range: HeatRange | undefined;
  /** Smoothed between the tiles' centers instead of true tiles. */
  readonly smooth: boolean;
  /** Undefined for the loss as analyzed. */
  readonly whatIf: WhatIf | undefined;
  readonly whatIfBar: boolean;
  readonly filterBar: boolean;
  readonly colorMap: ColorMapName;
  readonly opacity: number;
  readonly heatmap: boolean;
  readonly labels: boolean;
  readonly detections: boolean;
  readonly scoreThreshold: number;
  /** Which anchors are shown; its label belongs to `image`. */
  readonly filter: AnchorFilter;
  /** Whether detections that are wrong in TIDE's sense are colored by what is wrong. */
  readonly matchColors: boolean;
  readonly labelOrder: LabelOrder;
  /** Shares of the page that the panel takes beside and below the picture; undefined for the usual ones. */
  readonly panelWidth: number | undefined;
  readonly panelHeight: number | undefined;
  /** Names of the panel's sections that the user opened or closed. */
  readonly toggledSections: readonly string[];
  /** Image file that `camera`, `pinned` and what follows belong to. */
  readonly image: string | undefined;
  /** Undefined while the whole image is fitted to the stage. */
  readonly camera: Camera | undefined;
  readonly pinned: number | undefined;
  /** A second anchor beside the pinned one. */
  readonly compared: number | undefined;
  /** A place that is marked, such as where a label seems to be missing; original image pixels. */
  readonly focus: XywhBox | undefined;
}

export const allLevels = 0xff;

export const defaultViewState: ViewState = {
  metric: 'focal',
  combination: 'max',
  levelMask: allLevels,
  logarithmic: true,
  range: undefined,
  smooth: false,
  whatIf: undefined,
  whatIfBar: true,
  filterBar: false,
  colorMap: 'inferno',
  opacity: 0.7,
  heatmap: true,
  labels: true,
  detections: true,
  scoreThreshold: 0.35,
  filter: noFilter,
  matchColors: true,
  labelOrder: { key: 'classification', descending: true },
  panelWidth: undefined,
  panelHeight: undefined,
  toggledSections: [],
  image: undefined,
  camera: undefined,
  pinned: undefined,
  compared: undefined,
  focus: undefined,
};

/** A view state from whatever an earlier version saved: fields of the wrong kind take their defaults. */
export function restoreViewState(saved: unknown): ViewState {
  if (typeof saved !== 'object' || saved === null) return defaultViewState;
  const of = (name: string): unknown =>
    Object.hasOwn(saved, name) ? (saved as Record<string, unknown>)[name] : undefined;
  const fallback = defaultViewState;
  return {
    metric: oneOf(metrics, of('metric')) ?? fallback.metric,
    combination: oneOf(combinations, of('combination')) ?? fallback.combination,
    levelMask: numberIn(of('levelMask'), 1, allLevels) ?? fallback.levelMask,
    logarithmic: flag(of('logarithmic')) ?? fallback.logarithmic,
    range: range(of('range')),
    smooth: flag(of('smooth')) ?? fallback.smooth,
    whatIf: whatIf(of('whatIf')),
    whatIfBar: flag(of('whatIfBar')) ?? fallback.whatIfBar,
    filterBar: flag(of('filterBar')) ?? fallback.filterBar,
    colorMap: oneOf(colorMapNames, of('colorMap')) ?? fallback.colorMap,
    opacity: numberIn(of('opacity'), 0, 1) ?? fallback.opacity,
    heatmap: flag(of('heatmap')) ?? fallback.heatmap,
    labels: flag(of('labels')) ?? fallback.labels,
    detections: flag(of('detections')) ?? fallback.detections,
    scoreThreshold: numberIn(of('scoreThreshold'), 0, 1) ?? fallback.scoreThreshold,
    filter: filter(of('filter')),
    matchColors: flag(of('matchColors')) ?? fallback.matchColors,
    labelOrder: labelOrder(of('labelOrder')) ?? fallback.labelOrder,
    panelWidth: numberIn(of('panelWidth'), 0, 1),
    panelHeight: numberIn(of('panelHeight'), 0, 1),
    toggledSections: names(of('toggledSections')),
    image: typeof of('image') === 'string' ? (of('image') as string) : undefined,
    camera: camera(of('camera')),
    pinned: numberIn(of('pinned'), 0, Number.MAX_SAFE_INTEGER),
    compared: numberIn(of('compared'), 0, Number.MAX_SAFE_INTEGER),
    focus: box(of('focus')),
  };
}

function filter(value: unknown): AnchorFilter {
  if (typeof value !== 'object' || value === null) return noFilter;
  const { groups, label, column, ratios, sizes } = value as Record<string, unknown>;
  return {
    groups: numberIn(groups, 1, allGroups) ?? allGroups,
    label: numberIn(label, 0, Number.MAX_SAFE_INTEGER),
    column: numberIn(column, 0, Number.MAX_SAFE_INTEGER),
    ratios: numberIn(ratios, 1, everyShape) ?? everyShape,
    sizes: numberIn(sizes, 1, everyShape) ?? everyShape,
  };
}

function labelOrder(value: unknown): LabelOrder | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { key, descending } = value as Record<string, unknown>;
  const known = oneOf(labelKeys, key);
  return known === undefined || typeof descending !== 'boolean' ? undefined : { key: known, descending };
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(name => typeof name === 'string').slice(0, 50) : [];
}

function range(value: unknown): HeatRange | undefined {
  if (!Array.isArray(value)) return undefined;
  const [low, high] = value.map(end => numberIn(end, 0, 1e6));
  return low === undefined || high === undefined || low >= high ? undefined : [low, high];
}

function whatIf(value: unknown): WhatIf | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { gamma, alpha, bands } = value as Record<string, unknown>;
  const { easy, hard } = (typeof bands === 'object' && bands !== null ? bands : {}) as Record<string, unknown>;
  const [g, a] = [numberIn(gamma, 0, largestGamma), numberIn(alpha, -1, 1)];
  const [e, h] = [numberIn(easy, 0, 1), numberIn(hard, 0, 1)];
  if (g === undefined || a === undefined || e === undefined || h === undefined || h > e) return undefined;
  return { gamma: g, alpha: a, bands: { easy: e, hard: h } };
}

/** A change of view with what follows from it: a chosen range means nothing on another scale. */
export function changedView(view: ViewState, change: Partial<ViewState>): ViewState {
  const next = { ...view, ...change };
  const sameScale =
    next.metric === view.metric && next.combination === view.combination && next.logarithmic === view.logarithmic;
  return sameScale ? next : { ...next, range: change.range };
}

function box(value: unknown): XywhBox | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [x, y, width, height] = value.map(side => numberIn(side, -1e9, 1e9));
  return x === undefined || y === undefined || width === undefined || height === undefined
    ? undefined
    : [x, y, width, height];
}

function camera(value: unknown): Camera | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, y, scale } = value as Record<string, unknown>;
  const limit = Number.MAX_SAFE_INTEGER;
  const numbers = [numberIn(x, -limit, limit), numberIn(y, -limit, limit), numberIn(scale, 1e-6, 1e6)];
  const [cameraX, cameraY, cameraScale] = numbers;
  return cameraX === undefined || cameraY === undefined || cameraScale === undefined
    ? undefined
    : { x: cameraX, y: cameraY, scale: cameraScale };
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find(v => v === value);
}

function numberIn(value: unknown, low: number, high: number): number | undefined {
  return typeof value === 'number' && value >= low && value <= high ? value : undefined;
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
