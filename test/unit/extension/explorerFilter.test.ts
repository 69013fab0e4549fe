import { describe, expect, it } from 'vitest';
import { filterText, isFiltering, listFilter, withPart } from '../../../src/extension/explorer/explorerFilter';
import { t } from './labelFiles/support';

describe('the explorer’s filter', () => {
  it('says what the lists show, in one line whatever the names hold', () => {
    const filter = { category: 'boat\n\u202ecrane', kind: 'badBox', image: '00\t12' } as const;
    expect(filterText(filter, t)).toBe('class boat crane · Badly Placed Box · images named “00 12”');
    expect(filterText({ level: 'P3' }, t)).toBe('level P3');
    expect(filterText({ band: 'background/hard' }, t)).toBe('loss of hard background');
    expect(filterText({}, t)).toBe('');
  });

  it('asks the store for what the store knows', () => {
    expect(listFilter({ category: 'boat', kind: 'badBox' })).toEqual({ category: 'boat' });
    expect(listFilter({ band: 'ignored' })).toEqual({ band: 'ignored' });
    expect(isFiltering({})).toBe(false);
    expect([{ category: '' }, { image: 'a' }, { level: 'P3' }, { kind: 'badBox' as const }].every(isFiltering)).toBe(
      true,
    );
  });

  it('takes parts in and out, and never holds both a level and a band', () => {
    const filter = withPart(withPart({}, 'category', 'boat'), 'level', 'P3');
    expect(filter).toEqual({ category: 'boat', level: 'P3' });
    expect(withPart(filter, 'band', 'background/hard')).toEqual({ category: 'boat', band: 'background/hard' });
    expect(withPart(filter, 'category', 'crane')).toEqual({ category: 'crane', level: 'P3' });
    expect(withPart(filter, 'level', undefined)).toEqual({ category: 'boat' });
  });
});
