import { describe, expect, it } from 'vitest';
import type { GalleryItem } from '../../../../src/protocol/gallery';
import type { GalleryRow } from '../../../../src/protocol/galleryStore';
import { galleryKeyGroups, keyAction, type GalleryKeyActions } from '../../../../src/webview/gallery/galleryKeys';
import { firstView, groupingOf, parseView, resized } from '../../../../src/webview/gallery/galleryView';
import { classesOf, evidenceOf, measureOf, sectionName, tileName } from '../../../../src/webview/gallery/galleryWords';

describe('parseView', () => {
  it('takes what was kept, and nothing that makes no sense', () => {
    const kept = { ...firstView, source: 'places', size: 'large', heat: true, focus: 12 } as const;
    expect(parseView(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    for (const broken of [undefined, null, 3, 'x', [], { source: '__proto__', focus: -1, heat: 'yes', kind: 7 }]) {
      expect(parseView(broken)).toEqual(firstView);
    }
    expect(parseView({ focus: 1.5 }).focus).toBe(0);
  });
});

it('groups by kind only what has kinds', () => {
  expect(groupingOf({ ...firstView, group: 'kind' })).toBe('kind');
  expect(groupingOf({ ...firstView, group: 'kind', kind: 'badBox' })).toBe('none');
  expect(groupingOf({ ...firstView, group: 'kind', source: 'confirmed', kind: 'badBox' })).toBe('kind');
  expect(groupingOf({ ...firstView, group: 'kind', source: 'labels' })).toBe('none');
  expect(groupingOf({ ...firstView, group: 'class', source: 'labels' })).toBe('class');
});

it('has three sizes', () => {
  expect(resized('small', -1)).toBe('small');
  expect(resized('small', 1)).toBe('medium');
  expect(resized('large', 1)).toBe('large');
});

describe('keys', () => {
  const called: string[] = [];
  const actions = new Proxy({} as GalleryKeyActions, {
    get: (_, name) => (value: unknown) => called.push(`${String(name)} ${String(value)}`),
  });
  const press = (key: string, shiftKey = false) => {
    called.length = 0;
    keyAction({ key, shiftKey }, actions)?.();
    return called.join();
  };

  it('do what the sheet lists', () => {
    const symbols: Readonly<Record<string, string>> = {
      '←': 'ArrowLeft',
      '↑': 'ArrowUp',
      '→': 'ArrowRight',
      '↓': 'ArrowDown',
      PgUp: 'PageUp',
      PgDn: 'PageDown',
      Space: ' ',
    };
    const listed = galleryKeyGroups.flatMap(({ rows }) => rows.flatMap(([keys]) => keys));
    expect(new Set(listed).size).toBe(listed.length);
    for (const key of listed) expect(press(symbols[key] ?? key), key).not.toBe('');
    expect(press('f')).toBe('applyFix 0');
    expect(press('2')).toBe('applyFix 1');
    expect(press('ArrowDown')).toBe('move down');
    expect(press(' ')).toBe('next 1');
    expect(press(' ', true)).toBe('next -1');
    expect(press('x')).toBe('');
    expect(press('Tab')).toBe('');
  });
});

describe('words', () => {
  const issue = (change: object): GalleryRow => ({
    type: 'issue',
    loss: 1,
    row: {
      id: 1,
      image: '/data/images/a.png',
      kind: 'wrongClass',
      score: 0.934,
      label: '7',
      source: undefined,
      bbox: [1, 2, 3, 4],
      category: 'boat',
      suggestedCategory: 'ship',
      suggestedBbox: null,
      evidence: 'Because.',
      ...change,
    },
  });
  const item = (content: GalleryRow, triage: GalleryItem['triage'] = { state: 'open' }): GalleryItem => ({
    key: 'k',
    content,
    triage,
  });

  it('name a tile in full for who cannot see it', () => {
    expect(tileName(item(issue({})))).toBe('Wrong class: boat, suggested ship; score 0.93; a.png');
    expect(tileName(item(issue({ kind: 'spurious', suggestedCategory: null }), { state: 'fixed' }))).toBe(
      'Nothing there: boat; score 0.93; a.png, fixed',
    );
  });

  it('name the class that a missing label would have, and no suggestion that is none', () => {
    expect(classesOf(issue({ kind: 'missing', category: null }))).toEqual({ from: 'ship', to: undefined });
    expect(classesOf(issue({ suggestedCategory: 'boat' }))).toEqual({ from: 'boat', to: undefined });
    expect(classesOf(issue({ category: null, suggestedCategory: null }))).toEqual({ from: 'object', to: undefined });
  });

  it('say why a place is there', () => {
    const place: GalleryRow = {
      type: 'place',
      row: {
        id: 1,
        image: '/a.png',
        bbox: [0, 0, 9, 9],
        level: 'P3',
        category: 'car',
        pt: 0.25,
        anchors: 12,
        focal: 3.456,
      },
    };
    expect(evidenceOf(place)).toBe(
      'Nothing is labeled here: 12 background anchors carry a focal loss of 3.46, the strongest takes it for car (0.75).',
    );
    expect(measureOf(place)).toEqual({ text: '3.46', meaning: 'focal loss' });
    expect(sectionName({ category: '', count: 1 })).toBe('(no class)');
  });
});
