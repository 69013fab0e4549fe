import { describe, expect, it } from 'vitest';
import { anchorState, breakdownGroups } from '../../../src/protocol/analysis';
import {
  distinct,
  groupIndex,
  isFiltering,
  noFilter,
  passingAnchors,
  passingValues,
  type AnchorFilter,
} from '../../../src/webview/lens/anchorFilter';
import { anchorRecord } from '../../../src/webview/lens/anchorRecord';
import { anchorsAt } from '../../../src/webview/lens/hitTest';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { allLevels, defaultViewState, restoreViewState } from '../../../src/webview/lens/viewState';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const image = lensImage('slide', '', syntheticAnalysis(cellSlide()));
const { analysis, columns } = image;

function passing(change: Partial<AnchorFilter>): number[] {
  const kept = passingAnchors(image, { ...noFilter, ...change }, analysis.bands);
  if (kept === undefined) throw new Error('Nothing was filtered');
  return [...kept.keys()].filter(anchor => kept[anchor] === 1);
}

describe('the filter of anchors', () => {
  it('keeps what the breakdown counts, group by group', () => {
    breakdownGroups.forEach((group, i) => {
      const kept = passing({ groups: 1 << i });
      const row = analysis.breakdown[i];
      expect(row.group).toBe(group);
      expect(kept).toHaveLength(row.anchors);
      for (const anchor of kept.slice(0, 50)) {
        expect(groupIndex(columns.state[anchor], columns.pt[anchor], analysis.bands)).toBe(i);
      }
      const focal = kept.reduce((sum, anchor) => sum + columns.focal[anchor], 0);
      expect(focal).toBeCloseTo(row.focal, 3);
    });
  });

  it('keeps the anchors matched to a label, and no near ones', () => {
    analysis.labels.forEach((label, index) => {
      const kept = passing({ label: index });
      expect(kept).toHaveLength(label.anchors);
      expect(kept.every(anchor => columns.state[anchor] === anchorState.foreground)).toBe(true);
    });
  });

  it('splits the anchors by class: their label’s when foreground, else their worst class', () => {
    const byColumn = analysis.model.classes.map((_, column) => passing({ column }));
    expect(byColumn.flat()).toHaveLength(columns.state.length);
    for (const anchor of byColumn[2]) {
      const record = anchorRecord(image, anchor);
      expect(record.state === anchorState.foreground ? record.label?.category : record.worstClass).toBe('WBC');
    }
  });

  it('keeps aspect ratios and sizes by their place in the level', () => {
    const kept = passing({ ratios: 1 << 2, sizes: 1 << 0 });
    expect(kept).toHaveLength(columns.state.length / 9);
    for (const anchor of kept.filter((_, i) => i % 97 === 0)) {
      const record = anchorRecord(image, anchor);
      const level = analysis.anchors.levels[record.levelIndex];
      expect([record.ratio, record.size]).toEqual([distinct(level.ratios)[2], distinct(level.sizes)[0]]);
    }
  });

  it('hides the rest from heatmap and hover', () => {
    const filter = { ...noFilter, groups: 1 << breakdownGroups.indexOf('foreground/hard') };
    const kept = image.passing(filter);
    expect(image.passing(filter)).toBe(kept);
    const values = passingValues(columns.focal, kept);
    expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(analysis.breakdown[5].focal, 3);
    const hits = anchorsAt(image, columns.focal, allLevels, { x: 300, y: 200 }, kept);
    expect(hits.every(hit => kept?.[hit.anchor] === 1)).toBe(true);
    expect(hits.length).toBeLessThan(anchorsAt(image, columns.focal, allLevels, { x: 300, y: 200 }).length);
    expect(passingValues(columns.focal, image.passing(noFilter))).toBe(columns.focal);
  });

  it('survives a reload, and hostile states do not', () => {
    const filter = { ...noFilter, groups: 5, label: 3, ratios: 2 };
    const saved: unknown = JSON.parse(JSON.stringify({ ...defaultViewState, filter }));
    expect(restoreViewState(saved).filter).toEqual(filter);
    expect(restoreViewState({ filter: { groups: 0, label: -1, column: 'x', ratios: null } }).filter).toEqual(noFilter);
    expect([isFiltering(filter), isFiltering(noFilter)]).toEqual([true, false]);
  });
});
