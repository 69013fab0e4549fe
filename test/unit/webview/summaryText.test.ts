import { describe, expect, it } from 'vitest';
import { breakdownRows, summaryValues } from '../../../src/webview/panel/summaryText';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const analysis = syntheticAnalysis(cellSlide());

describe('what is copied of the summary', () => {
  it('holds the seven groups with numbers as they are', () => {
    const [head, ...rows] = breakdownRows(analysis)
      .split('\n')
      .map(line => line.split('\t'));
    expect(head).toHaveLength(7);
    expect(rows.map(([group]) => group)).toContain('foreground hard');
    rows.forEach((row, i) => {
      const { anchors, anchorShare, crossEntropy, crossEntropyShare, focal, focalShare } = analysis.breakdown[i];
      expect(row.slice(1).map(Number)).toEqual([
        anchors,
        anchorShare,
        crossEntropy,
        crossEntropyShare,
        focal,
        focalShare,
      ]);
    });
  });

  it('says of an estimate that it is one, and of an alpha that is off', () => {
    const values = { ...analysis, loss: { ...analysis.loss, alpha: -1 } };
    expect(summaryValues(values, 'estimate')).toContain('classification loss (estimate)\t');
    expect(summaryValues(values, 'exact')).toContain(`classification loss\t${analysis.loss.classification}\n`);
    expect(summaryValues(values, 'own')).toMatch(/alpha\toff$/);
  });
});
