import type { Analysis } from '../../protocol/analysis';
import { detectionVerdicts, type DetectionVerdict } from '../../protocol/detectionVerdicts';
import { anchorColumns, type AnchorColumns } from '../../protocol/anchorColumns';
import { cellLayout, type CellLayout } from '../heatmap/cellGrid';
import { passingAnchors, type AnchorFilter } from './anchorFilter';
import { anchorValues, dependsOnFocal, type Metric } from './metrics';

/** One analysed image as the lens works with it: the analysis, views of its columns and the layout of its cells. */
export interface LensImage {
  readonly title: string;
  readonly imageUri: string;
  readonly analysis: Analysis;
  readonly columns: AnchorColumns;
  readonly layout: CellLayout;
  /** Values of one metric, one per anchor; computed once and kept. */
  readonly values: (metric: Metric) => Float32Array;
  /** One per detection, by index. */
  readonly verdicts: readonly DetectionVerdict[];
  /** 1 for each anchor that passes a filter, undefined where all do; kept for the last filter. */
  readonly passing: (filter: AnchorFilter) => Uint8Array | undefined;
}

/** Throws RangeError when columns and levels do not belong together. */
export function lensImage(title: string, imageUri: string, analysis: Analysis): LensImage {
  const columns = anchorColumns(analysis.columns);
  const { total } = analysis.anchors;
  if (columns.focal.length !== total) {
    throw new RangeError(`The columns hold ${columns.focal.length} anchors, the analysis speaks of ${total}`);
  }
  return {
    title,
    imageUri,
    analysis,
    columns,
    verdicts: detectionVerdicts(analysis.detections, analysis.labels),
    layout: cellLayout(analysis.anchors.levels),
    values: valuesOf(columns),
    passing: passingOf(analysis, columns),
  };
}

/** An image with other focal losses, and an analysis that fits them. */
export function withFocal(image: LensImage, focal: Float32Array, analysis: Analysis): LensImage {
  const columns = { ...image.columns, focal };
  const own = valuesOf(columns);
  const { easy, hard } = image.analysis.bands;
  const sameBands = analysis.bands.easy === easy && analysis.bands.hard === hard;
  return {
    ...image,
    analysis,
    columns,
    values: metric => (dependsOnFocal(metric) ? own(metric) : image.values(metric)),
    passing: sameBands ? filter => image.passing(filter) : passingOf(analysis, columns),
  };
}

function valuesOf(columns: AnchorColumns): LensImage['values'] {
  const known = new Map<Metric, Float32Array>();
  return metric => {
    let values = known.get(metric);
    if (values === undefined) known.set(metric, (values = anchorValues(metric, columns)));
    return values;
  };
}

function passingOf(analysis: Analysis, columns: AnchorColumns): LensImage['passing'] {
  let filtered: { readonly filter: AnchorFilter; readonly passing: Uint8Array | undefined } | undefined;
  return filter => {
    if (filtered?.filter !== filter) {
      filtered = { filter, passing: passingAnchors({ analysis, columns }, filter, analysis.bands) };
    }
    return filtered.passing;
  };
}
