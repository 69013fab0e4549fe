import { describe, expect, it } from 'vitest';
import { galleryGuards } from '../../../src/extension/gallery/galleryGuards';
import { shownBox } from '../../../src/extension/gallery/galleryItems';
import type { GalleryRow } from '../../../src/protocol/galleryStore';

describe('galleryGuards', () => {
  const rows = { revision: 1, source: 'issues', sort: 'score', offset: 0, limit: 100 };
  const crop = { revision: 1, key: 'issue 3', size: 160, heat: false };

  it('let pass what the page asks', () => {
    expect(galleryGuards.rows({ ...rows, kind: 'badBox', category: 'boat' })).toBe(true);
    expect(galleryGuards.sections({ revision: 0, source: 'places', group: 'class' })).toBe(true);
    expect(galleryGuards.sections({ revision: 0, source: 'confirmed', group: 'kind' })).toBe(true);
    expect(galleryGuards.confirm({ revision: 1, key: 'issue 3' })).toBe(true);
    expect(galleryGuards.crop(crop)).toBe(true);
    expect(galleryGuards.applyFix({ revision: 1, key: 'issue 3', fix: 0 })).toBe(true);
    expect(galleryGuards.triageStates({ revision: 1, keys: ['issue 3', 'label 4'] })).toBe(true);
    expect(galleryGuards.undo(null)).toBe(true);
  });

  it('refuse everything else', () => {
    for (const broken of [
      { ...rows, source: 'sqlite_master' },
      { ...rows, sort: '1; DROP TABLE labels' },
      { ...rows, kind: 'none' },
      { ...rows, category: 7 },
      { ...rows, offset: -1 },
      { ...rows, limit: 1.5 },
      { ...rows, revision: '1' },
      undefined,
    ]) {
      expect(galleryGuards.rows(broken), JSON.stringify(broken)).toBe(false);
    }
    for (const broken of [
      { ...crop, size: 1e6 },
      { ...crop, size: NaN },
      { ...crop, heat: 1 },
      { ...crop, key: ['issue 3'] },
      { ...crop, key: 'x'.repeat(20_000) },
    ]) {
      expect(galleryGuards.crop(broken), JSON.stringify(broken).slice(0, 100)).toBe(false);
    }
    expect(galleryGuards.applyFix({ revision: 1, key: 'issue 3' })).toBe(false);
    expect(galleryGuards.confirm({ revision: 1 })).toBe(false);
    expect(galleryGuards.triageStates({ revision: 1, keys: Array(30_000).fill('a') })).toBe(false);
    expect(galleryGuards.analyzeDataset({ dataset: '/etc' })).toBe(false);
  });
});

describe('shownBox', () => {
  const issue = (bbox: readonly number[], suggestedBbox: readonly number[] | null) =>
    ({ type: 'issue', loss: null, row: { bbox, suggestedBbox } }) as unknown as GalleryRow;

  it('holds the label and what is proposed, boxes turned inside out included', () => {
    expect(shownBox(issue([10, 20, 30, 40], null))).toEqual([10, 20, 30, 40]);
    expect(shownBox(issue([10, 20, 30, 40], [30, 10, 50, 20]))).toEqual([10, 10, 70, 50]);
    expect(shownBox(issue([40, 20, -12, 10], [28, 20, 12, 10]))).toEqual([28, 20, 12, 10]);
  });
});
