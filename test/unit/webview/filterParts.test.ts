import { describe, expect, it } from 'vitest';
import { breakdownGroups } from '../../../src/protocol/analysis';
import { allGroups, everyShape, noFilter } from '../../../src/webview/lens/anchorFilter';
import { hasPart, isLast, isLastShape, withPart, withShape } from '../../../src/webview/lens/filterParts';
import { filterWords } from '../../../src/webview/words/filterSentence';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const groupsOf = (mask: number) => breakdownGroups.filter((_, i) => (mask & (1 << i)) !== 0);

describe('the parts of a filter', () => {
  it('let ignored anchors go with a band, which they have none of, and back with all', () => {
    const withoutEasy = withPart(allGroups, 'easy', false);
    expect(groupsOf(withoutEasy)).toEqual([
      'background/moderate',
      'background/hard',
      'foreground/moderate',
      'foreground/hard',
    ]);
    expect(withPart(withoutEasy, 'easy', true)).toBe(allGroups);
    // Who asks for them gets them.
    expect(groupsOf(withPart(withoutEasy, 'ignored', true))).toContain('ignored');
  });

  it('show ignored anchors alone, and all bands of a state that joins them', () => {
    const ignored = withPart(withPart(allGroups, 'foreground', false), 'background', false);
    expect(groupsOf(ignored)).toEqual(['ignored']);
    expect(groupsOf(withPart(ignored, 'foreground', true))).toEqual([
      'foreground/easy',
      'foreground/moderate',
      'foreground/hard',
      'ignored',
    ]);
  });

  it('keep the last one of a kind on', () => {
    const hard = withPart(withPart(allGroups, 'easy', false), 'moderate', false);
    expect(isLast(hard, 'hard')).toBe(true);
    expect(withPart(hard, 'hard', false)).toBe(hard);
    const foreground = withPart(withPart(allGroups, 'background', false), 'ignored', false);
    expect(isLast(foreground, 'foreground')).toBe(true);
    expect(withPart(foreground, 'foreground', false)).toBe(foreground);
    expect(hasPart(foreground, 'hard')).toBe(true);
    const second = withShape(withShape(everyShape, 0, false, 3), 2, false, 3);
    expect(isLastShape(second, 1, 3)).toBe(true);
    expect(withShape(second, 1, false, 3)).toBe(second);
    expect(withShape(withShape(second, 0, true, 3), 2, true, 3)).toBe(everyShape);
  });

  it('are named: which aspect ratios, which sizes', () => {
    const analysis = syntheticAnalysis(cellSlide());
    const sentence = (mask: Partial<typeof noFilter>) => filterWords(analysis, { ...noFilter, ...mask }).join('; ');
    expect(sentence({ ratios: 0b001 })).toMatch(/^aspect ratio \d:\d$/);
    expect(sentence({ ratios: 0b110 })).toMatch(/^aspect ratio \d:\d or \d:\d$/);
    expect(sentence({ sizes: 0b101 })).toMatch(/^size ×1 or ×1\.\d+$/);
  });
});
