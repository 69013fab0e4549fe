import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../../src/extension/engine';
import { ExplorerItems } from '../../../src/extension/explorer/explorerItems';
import type { RowNode } from '../../../src/extension/explorer/explorerNodes';
import type { StoredImage, StoredIssue } from '../../../src/protocol/dataset';

vi.mock('vscode', () => ({
  TreeItem: class {
    constructor(readonly label: string) {}
  },
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
  },
}));

const items = new ExplorerItems({} as Engine);
const shown = (node: RowNode) => {
  const { description, contextValue } = items.of(node, '');
  return { description, contextValue };
};

describe('rows of the explorer', () => {
  it('name the split of an image where there are splits', () => {
    const image = { id: 1, name: 'a.jpg', loss: 0.5, labels: 3, split: undefined } as StoredImage;
    expect(shown({ type: 'image', row: image }).description).toBe('0.500 · 3 labels');
    expect(shown({ type: 'image', row: { ...image, split: 'val\n' } }).description).toMatch(/^0\.500 · 3 labels · val/);
  });

  it('say what was made of a suspicion, and to menus what can be', () => {
    const row = { id: 1, category: 'boat', suggestedCategory: 'ship', score: 0.9, image: '/a.jpg' } as StoredIssue;
    const confirmed = { state: 'confirmed', reason: '' } as const;
    expect(shown({ type: 'issue', row })).toEqual({ description: '0.90 · a.jpg', contextValue: 'row.open' });
    expect(shown({ type: 'issue', row, confirmed })).toEqual({
      description: '0.90 · Confirmed · a.jpg',
      contextValue: 'row.confirmed',
    });
    expect(shown({ type: 'issue', row, settled: { state: 'dismissed', reason: 'blurred' } })).toEqual({
      description: 'Dismissed: blurred · a.jpg',
      contextValue: 'row.settled',
    });
  });
});
