import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analysis/analyze';
import { inspectAnchor } from '../../../src/analysis/inspectAnchor';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import { anchorState } from '../../../src/protocol/analysis';
import { analysisInput, makeLabel, modelConfig } from './analysisInput';

const classes = ['__background__', 'cat', ...Array.from({ length: 12 }, (_, i) => `other ${i}`)];
const input = analysisInput([makeLabel('1', 'cat', [20, 20, 60, 70])], { config: modelConfig({ classes }) });
const analysis = analyze(input);
const columns = anchorColumns(analysis.columns);
const inspect = (anchor: number) => inspectAnchor({ logits: input.forward.logits, classes, analysis, anchor });

describe('inspectAnchor', () => {
  it('lists the ten terms with the largest focal loss', () => {
    const anchor = columns.state.indexOf(anchorState.foreground);
    const { terms } = inspect(anchor);
    expect(terms).toHaveLength(10);
    const losses = terms.map(term => term.focal);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    const target = terms.find(term => term.column === 1);
    expect(target).toMatchObject({
      target: 1,
      category: 'cat',
      probability: expect.closeTo(columns.pt[anchor], 6) as number,
    });
    expect(losses.reduce((sum, loss) => sum + loss, 0)).toBeLessThanOrEqual(columns.focal[anchor] * (1 + 1e-6));
  });

  it('leads with the worst class of background', () => {
    const anchor = columns.state.indexOf(anchorState.background);
    const { terms } = inspect(anchor);
    expect(terms[0].column).toBe(columns.worstClass[anchor]);
    expect(1 - terms[0].probability).toBeCloseTo(columns.pt[anchor], 6);
    expect(terms.every(term => term.target === 0)).toBe(true);
  });

  it('shows an ignored anchor without loss, by descending logit', () => {
    const { terms } = inspect(columns.state.indexOf(anchorState.ignored));
    expect(terms.every(term => term.focal === 0 && term.crossEntropy === 0)).toBe(true);
    const logits = terms.map(term => term.logit);
    expect(logits).toEqual([...logits].sort((a, b) => b - a));
  });

  it('refuses anchors the image does not have', () => {
    for (const anchor of [-1, 0.5, columns.state.length, NaN]) expect(() => inspect(anchor)).toThrow(RangeError);
  });
});
