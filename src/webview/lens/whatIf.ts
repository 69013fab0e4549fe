/** What an image's losses would be under another gamma, another alpha and other bands. */
import { anchorState, type Analysis, type BandThresholds, type LossCurves } from '../../protocol/analysis';
import { breakdown } from '../../protocol/breakdown';
import { lossCurve, newHistogram } from '../../protocol/lossCurve';
import { FocalEstimate } from './focalEstimate';
import { withFocal, type LensImage } from './lensImage';

export interface WhatIf {
  /** In [0, 5]. */
  readonly gamma: number;
  /** In [0, 1], or negative for none. */
  readonly alpha: number;
  readonly bands: BandThresholds;
}

export const largestGamma = 5;

/** What the analysis itself was made with. */
export function ownSettings({ loss, bands }: Analysis): WhatIf {
  return { gamma: loss.gamma, alpha: loss.alpha, bands };
}

export function sameLoss(a: Pick<WhatIf, 'gamma' | 'alpha'>, b: Pick<WhatIf, 'gamma' | 'alpha'>): boolean {
  return a.gamma === b.gamma && (a.alpha === b.alpha || (a.alpha < 0 && b.alpha < 0));
}

export function sameSettings(a: WhatIf, b: WhatIf): boolean {
  return sameLoss(a, b) && a.bands.easy === b.bands.easy && a.bands.hard === b.bands.hard;
}

/** Exact losses under a gamma and alpha, from the engine. */
export interface ExactLoss {
  readonly gamma: number;
  readonly alpha: number;
  readonly focal: Float32Array;
}

/** Gammas of the loss curve beside the current one: Figure 4 of arXiv 1708.02002. */
const curveGammas = [0, 0.5, 1, 2];

/** Recomputes an image's losses from its columns; keeps what does not change from one call to the next. */
export class LossModel {
  private estimate: FocalEstimate | undefined;
  private readonly histogram = newHistogram();
  /** One is shown while the other is written. */
  private readonly buffers: [Float32Array, Float32Array];
  private foreground: { readonly alpha: number; readonly curves: LossCurves['foreground'] } | undefined;

  constructor(private readonly image: LensImage) {
    const count = image.columns.focal.length;
    this.buffers = [new Float32Array(count), new Float32Array(count)];
  }

  /** Does what the first call of {@link under} would have to do. */
  prepare(): void {
    this.estimate ??= new FocalEstimate(this.image.columns);
  }

  /**
   * The image under other settings; the image itself under its own. Its columns hold until the call after the next.
   *
   * @param exact used where it fits the settings; else the focal loss is an estimate within 0.5%
   */
  under(settings: WhatIf, exact?: ExactLoss): LensImage {
    const { image } = this;
    const own = ownSettings(image.analysis);
    if (sameSettings(settings, own)) return image;
    if (sameLoss(settings, own)) return this.changed(settings, image.columns.focal, image.analysis.curves);
    const focal = exact !== undefined && sameLoss(settings, exact) ? exact.focal : this.estimated(settings);
    return this.changed(settings, focal, this.curves(settings, focal));
  }

  private estimated({ gamma, alpha }: WhatIf): Float32Array {
    this.prepare();
    this.buffers.reverse();
    const [focal] = this.buffers;
    this.estimate?.evaluate(gamma, alpha, focal);
    return focal;
  }

  private changed(settings: WhatIf, focal: Float32Array, curves: LossCurves): LensImage {
    const { analysis, columns } = this.image;
    const { gamma, alpha, bands } = settings;
    const levels = analysis.anchors.levels.map(level => {
      let sum = 0;
      for (let i = level.offset; i < level.offset + level.count; i++) sum += focal[i];
      return { ...level, focal: sum };
    });
    const total = levels.reduce((sum, level) => sum + level.focal, 0);
    const classification = total / Math.max(1, analysis.loss.foregroundCount);
    return withFocal(this.image, focal, {
      ...analysis,
      anchors: { ...analysis.anchors, levels },
      loss: { ...analysis.loss, gamma, alpha, classification },
      bands,
      breakdown: breakdown({ ...columns, focal }, bands),
      curves,
      labels: this.labels(focal),
    });
  }

  private labels(focal: Float32Array): Analysis['labels'] {
    const { analysis, columns } = this.image;
    const sums = new Float64Array(analysis.labels.length);
    for (let i = 0; i < focal.length; i++) {
      if (columns.state[i] === anchorState.foreground) sums[columns.label[i]] += focal[i];
    }
    return analysis.labels.map((label, i) => ({ ...label, classification: sums[i] }));
  }

  /** Background curves do not depend on alpha; those of foreground anchors, which sum terms of both kinds, do. */
  private curves({ gamma, alpha }: WhatIf, focal: Float32Array): LossCurves {
    const { analysis, columns } = this.image;
    const curve = (wanted: 0 | 1) => lossCurve(gamma, focal, columns.state, wanted, this.histogram) ?? [];
    const others = curveGammas.filter(other => other !== gamma);
    const kept = (curves: LossCurves['foreground']) => curves.filter(known => others.includes(known.gamma));
    const ascending = (curves: LossCurves['foreground']) => [...curves].sort((a, b) => a.gamma - b.gamma);
    return {
      foreground: ascending([...kept(this.foregroundCurves(alpha)), curve(anchorState.foreground)].flat()),
      background: ascending([...kept(analysis.curves.background), curve(anchorState.background)].flat()),
    };
  }

  private foregroundCurves(alpha: number): LossCurves['foreground'] {
    const { analysis, columns } = this.image;
    if (sameLoss({ gamma: 0, alpha }, { gamma: 0, alpha: analysis.loss.alpha })) return analysis.curves.foreground;
    if (this.foreground?.alpha !== alpha) {
      this.prepare();
      const focal = new Float32Array(columns.focal.length);
      const curves = curveGammas.flatMap(gamma => {
        this.estimate?.evaluateForeground(gamma, alpha, focal);
        return lossCurve(gamma, focal, columns.state, anchorState.foreground, this.histogram) ?? [];
      });
      this.foreground = { alpha, curves };
    }
    return this.foreground.curves;
  }
}
