/** The panel's summary for the clipboard: tab-separated, numbers as they are, not rounded. */
import type { Analysis } from '../../protocol/analysis';
import type { LossPrecision } from '../lossFollower';

export function breakdownRows({ breakdown }: Pick<Analysis, 'breakdown'>): string {
  const head = ['group', 'anchors', 'share', 'cross entropy', 'share', 'focal loss', 'share'];
  const rows = breakdown.map(row => [
    row.group.replace('/', ' '),
    row.anchors,
    row.anchorShare,
    row.crossEntropy,
    row.crossEntropyShare,
    row.focal,
    row.focalShare,
  ]);
  return [head, ...rows].map(row => row.join('\t')).join('\n');
}

/** Losses that are estimates say so. */
export function summaryValues({ loss, anchors }: Pick<Analysis, 'loss' | 'anchors'>, precision: LossPrecision): string {
  const rows = [
    [precision === 'estimate' ? 'classification loss (estimate)' : 'classification loss', loss.classification],
    [`box loss (${loss.boxLoss})`, loss.boxRegression],
    ['foreground anchors', anchors.foreground],
    ['gamma', loss.gamma],
    ['alpha', loss.alpha < 0 ? 'off' : loss.alpha],
  ];
  return rows.map(row => row.join('\t')).join('\n');
}
