import { describe, expect, it } from 'vitest';
import { UnsavedChanges } from '../../../../src/extension/labelFiles/unsavedChanges';

const change = (text: string) => [{ offset: 0, length: 0, text }];

describe('UnsavedChanges', () => {
  it('gives edits back in their order, until they are saved', () => {
    const changes = new UnsavedChanges();
    changes.add(change('a'));
    changes.add(change('b'));
    expect(changes.all?.map(([{ text }]) => text)).toEqual(['a', 'b']);
    changes.clear();
    expect(changes.all).toEqual([]);
  });

  it('gives up beyond its bounds, and begins again once saved', () => {
    const changes = new UnsavedChanges();
    changes.add(change('x'.repeat(2_000_001)));
    expect(changes.all).toBeUndefined();
    changes.add(change('y'));
    expect(changes.all).toBeUndefined();
    changes.clear();
    changes.add(change('z'));
    expect(changes.all).toHaveLength(1);
  });
});
