import type { Analysis } from './analysis';

/**
 * The breakdown's opening sentence: what the Focal Loss paper (arXiv 1708.02002) says of easy negatives, with this
 * image's numbers. Command line, webview and report share it.
 */
export function breakdownSentence({ breakdown, bands }: Pick<Analysis, 'breakdown' | 'bands'>): string {
  const easy = breakdown.find(row => row.group === 'background/easy');
  const definition = `background at p_t ≥ ${bands.easy}`;
  if (easy === undefined || easy.anchors === 0) return `No anchor is an easy negative (${definition}).`;
  const crossEntropy = formatShare(easy.crossEntropyShare);
  const focal = formatShare(easy.focalShare);
  return (
    `${formatShare(easy.anchorShare)} of the anchors are easy negatives (${definition}): ` +
    `they carry ${crossEntropy} of the cross entropy and ${focal} of the focal loss.`
  );
}

/**
 * A share in [0, 1] as a percentage whose decimals grow towards both ends: 42.3%, 0.02%, 99.98%. Only 0 and 1
 * themselves read as 0% and 100%.
 */
export function formatShare(share: number): string {
  if (!(share > 0)) return '0%';
  if (share >= 1) return '100%';
  const percent = share * 100;
  if (percent < 0.01) return '<0.01%';
  if (percent > 99.99) return '>99.99%';
  const decimals = percent < 1 || percent > 99.9 ? 2 : 1;
  return `${percent.toFixed(decimals)}%`;
}
