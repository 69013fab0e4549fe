/** What the heatmap can show of each anchor, and on which scale. */
import type { AnchorColumns } from '../../protocol/anchorColumns';
import { anchorState } from '../../protocol/analysis';

export const metrics = ['focal', 'crossEntropy', 'ratio', 'pt', 'state'] as const;
export type Metric = (typeof metrics)[number];

/** How the anchors of one place become one value: the strongest anchor, or the sum over them. */
export const combinations = ['max', 'sum'] as const;
export type Combination = (typeof combinations)[number];

export interface HeatScale {
  readonly logarithmic: boolean;
  /** Values up to `low` are transparent, values from `high` on have the last colour. */
  readonly low: number;
  readonly high: number;
}

/** Whether another gamma or alpha changes a metric. */
export function dependsOnFocal(metric: Metric): boolean {
  return metric === 'focal' || metric === 'ratio';
}

/** Losses add up; a ratio, a probability or a state does not. */
export function canSum(metric: Metric): boolean {
  return metric === 'focal' || metric === 'crossEntropy';
}

/**
 * One value per anchor, larger is hotter and 0 shows nothing: the loss; focal loss over cross entropy; 1 - p_t
 * (0 when ignored); or the state as 0 background, 1 ignored, 2 foreground. May share memory with `columns`.
 */
export function anchorValues(metric: Metric, columns: AnchorColumns): Float32Array {
  switch (metric) {
    case 'focal':
      return columns.focal;
    case 'crossEntropy':
      return columns.crossEntropy;
    case 'ratio': {
      const values = new Float32Array(columns.focal.length);
      for (let i = 0; i < values.length; i++) {
        values[i] = columns.crossEntropy[i] > 0 ? columns.focal[i] / columns.crossEntropy[i] : 0;
      }
      return values;
    }
    case 'pt': {
      const values = new Float32Array(columns.pt.length);
      for (let i = 0; i < values.length; i++) {
        const pt = columns.pt[i];
        values[i] = Number.isNaN(pt) ? 0 : 1 - pt;
      }
      return values;
    }
    case 'state': {
      const values = new Float32Array(columns.state.length);
      for (let i = 0; i < values.length; i++) {
        values[i] = columns.state[i] === anchorState.foreground ? 2 : columns.state[i] === anchorState.ignored ? 1 : 0;
      }
      return values;
    }
  }
}

/** Lower and upper end of a scale that the user has chosen. */
export type HeatRange = readonly [low: number, high: number];

/**
 * Fixed ranges unless the user has chosen one, so that two images compare by eye: on the logarithmic scale three
 * decades; the sum over the anchors of a place reaches one decade higher than the strongest of them.
 */
export function heatScale(
  metric: Metric,
  combination: Combination,
  logarithmic: boolean,
  range?: HeatRange,
): HeatScale {
  if (metric === 'state') return { logarithmic: false, low: 0, high: 2 };
  const isLogarithmic = logarithmic && metric !== 'pt';
  if (range !== undefined) {
    const [low, high] = range;
    return { logarithmic: isLogarithmic, low: isLogarithmic ? Math.max(low, high * 1e-6) : low, high };
  }
  const high = metric === 'pt' ? 1 : top(metric, combination);
  return { logarithmic: isLogarithmic, low: isLogarithmic ? high / 1000 : 0, high };
}

/** What a chosen range lies in: the axis of the legend. */
export function heatDomain(metric: Metric, combination: Combination, logarithmic: boolean): HeatScale {
  if (metric === 'state' || metric === 'pt') return heatScale(metric, combination, false);
  const high = top(metric, combination);
  const beyond = metric === 'ratio' ? 1 : logarithmic ? 10 : 2;
  return { logarithmic, low: logarithmic ? high / 1e5 : 0, high: high * beyond };
}

function top(metric: Metric, combination: Combination): number {
  return (metric === 'crossEntropy' ? 10 : 1) * (canSum(metric) && combination === 'sum' ? 10 : 1);
}

/** Position of a value on a scale, 0 to 1. The heatmap's shader does the same in float32. */
export function scalePosition(scale: HeatScale, value: number): number {
  if (value <= scale.low) return 0;
  const position = scale.logarithmic
    ? Math.log(value / scale.low) / Math.log(scale.high / scale.low)
    : (value - scale.low) / (scale.high - scale.low);
  return Math.min(1, Math.max(0, position));
}

/** The value at a position of a scale, 0 to 1. */
export function scaleValue({ logarithmic, low, high }: HeatScale, position: number): number {
  return logarithmic ? low * (high / low) ** position : low + (high - low) * position;
}
