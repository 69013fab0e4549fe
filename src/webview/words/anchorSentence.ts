import { anchorState, type LabelSummary, type MatchingInfo } from '../../protocol/analysis';
import type { AnchorRecord } from '../lens/anchorRecord';
import { likelihood, probability, unit } from './format';

export const torchvisionMatching: MatchingInfo = { foreground: 0.5, background: 0.4, allowLowQualityMatches: true };

export function labelName(label: Pick<LabelSummary, 'category' | 'id'>): string {
  return `${label.category} #${label.id}`;
}

/** Why the anchor is foreground, background or ignored, in one sentence. */
export function assignmentSentence(record: AnchorRecord, thresholds: MatchingInfo): string {
  const { label, iou } = record;
  const foreground = `the foreground threshold ${unit(thresholds.foreground)}`;
  const background = `the background threshold ${unit(thresholds.background)}`;
  switch (record.state) {
    case anchorState.foreground: {
      if (label === undefined) return 'Foreground.';
      return iou >= thresholds.foreground
        ? `Foreground, because its IoU ${unit(iou)} with ${labelName(label)} reaches ${foreground}.`
        : `Foreground, although its IoU ${unit(iou)} with ${labelName(label)} is below ${foreground}: ` +
            `no anchor overlaps that label, or another one, better (low-quality rule).`;
    }
    case anchorState.ignored:
      return label === undefined
        ? 'Ignored: it takes no part in the loss.'
        : `Ignored, because its IoU ${unit(iou)} with ${labelName(label)} lies between ${background} and ${foreground}.`;
    case anchorState.background:
      return label === undefined
        ? 'Background, because it overlaps no label.'
        : `Background, because its best IoU, ${unit(iou)} with ${labelName(label)}, is below ${background}.`;
  }
}

/** What the anchor argues with: what the labels say against what the model says, in one sentence. */
export function argumentSentence(record: AnchorRecord): string {
  const { label, pt, band } = record;
  if (record.state === anchorState.ignored || pt === null || band === null) {
    return label === undefined
      ? 'Takes no part in the loss.'
      : `Overlaps ${labelName(label)} too little for foreground and too much for background: no loss.`;
  }
  if (record.state === anchorState.foreground) {
    const name = label === undefined ? 'its label' : labelName(label);
    const category = label?.category ?? 'that class';
    switch (band) {
      case 'easy':
        return `Agrees with ${name}: the model says ${category} ${likelihood(pt)}.`;
      case 'moderate':
        return `Half agrees with ${name}: the model says ${category} only ${probability(pt)}.`;
      case 'hard':
        return `Argues with ${name}: the label says ${category}, the model gives it ${probability(pt)}.`;
    }
  }
  const said = `${record.worstClass} ${likelihood(1 - pt)}`;
  const near = label === undefined ? 'no label is here' : `${labelName(label)} overlaps only ${unit(record.iou)}`;
  switch (band) {
    case 'easy':
      return `Agrees with the labels: background, and the model’s strongest class is ${said}.`;
    case 'moderate':
      return `Doubts the labels: they say background (${near}), the model says ${said}.`;
    case 'hard':
      return `Argues with the labels: they say background (${near}), the model says ${said}.`;
  }
}
