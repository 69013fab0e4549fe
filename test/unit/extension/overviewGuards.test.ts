import { describe, expect, it } from 'vitest';
import { overviewGuards } from '../../../src/extension/explorer/overviewGuards';

describe('what the overview’s page may ask', () => {
  it.each([
    { part: 'category', value: 'boat' },
    { part: 'category' },
    { part: 'level', value: null },
    { part: 'band', value: 'background/hard' },
  ])('is %j', params => {
    expect(overviewGuards.filter(params)).toBe(true);
  });

  it.each([
    undefined,
    null,
    'category',
    { value: 'boat' },
    { part: 'image', value: 'a' },
    { part: '__proto__', value: 'a' },
    { part: 'band', value: 'background' },
    { part: 'level', value: 3 },
    { part: 'category', value: 'x'.repeat(10_001) },
  ])('is not %j', params => {
    expect(overviewGuards.filter(params)).toBe(false);
  });

  it('is nothing else along with a command', () => {
    expect(overviewGuards.analyzeDataset(undefined)).toBe(true);
    expect(overviewGuards.analyzeDataset({ store: '/etc/passwd' })).toBe(false);
  });
});
