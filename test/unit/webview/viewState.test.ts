import { describe, expect, it } from 'vitest';
import { defaultViewState, restoreViewState } from '../../../src/webview/lens/viewState';

describe('view state', () => {
  it('comes back as it was saved', () => {
    const view = {
      ...defaultViewState,
      metric: 'crossEntropy' as const,
      levelMask: 4,
      image: '/a.jpg',
      camera: { x: 3, y: 4, scale: 2 },
      pinned: 77,
    };
    expect(restoreViewState(JSON.parse(JSON.stringify(view)))).toEqual(view);
  });

  it.each([undefined, null, 3, 'x', [], {}, { metric: 'toString', opacity: 'NaN', camera: { x: 'a' }, levelMask: 0 }])(
    'takes defaults for %j',
    saved => {
      expect(restoreViewState(saved)).toEqual(defaultViewState);
    },
  );

  it('keeps good fields beside bad ones', () => {
    expect(restoreViewState({ opacity: 5, colorMap: 'viridis', pinned: -1 })).toEqual({
      ...defaultViewState,
      colorMap: 'viridis',
    });
  });
});
