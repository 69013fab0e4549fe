import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../../src/common/errors';
import { AnalyzedCrops } from '../../../../src/engine/crop/analyzedCrops';
import { ModelNotLoadedError } from '../../../../src/engine/modelStore';
import type { AnalyzedCropRequest, AnalyzeResult } from '../../../../src/protocol/messages';

const request: AnalyzedCropRequest = {
  image: resolve('test/golden/images/square.png'),
  maxPixels: 1e6,
  box: [10, 10, 20, 20],
  bounds: { width: 80, height: 80 },
  outlines: [],
  model: { checkpoint: 'model.safetensors', runtime: 'cpu' },
  bands: { easy: 0.9, hard: 0.5 },
  version: '1',
};

function analyzer(fail: () => Error | undefined = () => undefined) {
  const analyzed: string[] = [];
  return {
    analyzed,
    analyzeImage: ({ image }: { image: string }) => {
      analyzed.push(image);
      const error = fail();
      return error === undefined ? Promise.resolve({ id: image } as unknown as AnalyzeResult) : Promise.reject(error);
    },
    // Forgotten at once: the picture stays plain.
    heatOf: () => undefined,
  };
}

describe('AnalyzedCrops', () => {
  it('shows the place, with the part of the image that it is', async () => {
    const crop = await new AnalyzedCrops(analyzer()).crop(request);
    expect(crop.uri).toMatch(/^data:image\/webp;base64,/);
    const { left, top, width, height } = crop.region;
    expect(left <= 10 && top <= 10 && left + width >= 30 && top + height >= 30).toBe(true);
  });

  it('analyzes again what the analyzer has forgotten, and what failed or was cancelled before', async () => {
    const errors = [new CancelledError(), undefined];
    const own = analyzer(() => errors.shift());
    const crops = new AnalyzedCrops(own);
    await expect(crops.crop(request)).rejects.toBeInstanceOf(CancelledError);
    await crops.crop(request);
    await crops.crop(request);
    expect(own.analyzed).toHaveLength(3);
  });

  it('leaves the picture plain where no model is loaded and none is to be', async () => {
    const errors = [new ModelNotLoadedError(), undefined];
    const asked: (boolean | undefined)[] = [];
    const own = analyzer(() => errors.shift());
    const crops = new AnalyzedCrops({
      heatOf: () => emptyHeat,
      analyzeImage: (wanted, options) => {
        asked.push(options?.onlyLoaded);
        return own.analyzeImage(wanted);
      },
    });
    expect((await crops.crop({ ...request, onlyLoaded: true })).heat).toBe(false);
    expect((await crops.crop(request)).heat).toBe(true);
    expect((await crops.crop({ ...request, onlyLoaded: true })).heat).toBe(true);
    expect(asked).toEqual([true, undefined]);
  });

  it('shares the analysis of an image among its crops, until there is another version', async () => {
    const own = analyzer();
    const found = { ...own, heatOf: () => emptyHeat };
    const crops = new AnalyzedCrops(found);
    const first = await crops.crop(request);
    await crops.crop({ ...request, box: [30, 30, 5, 5] });
    expect(first.heat).toBe(true);
    expect(own.analyzed).toHaveLength(1);
    await crops.crop({ ...request, version: '2' });
    expect(own.analyzed).toHaveLength(2);
  });
});

/** An analysis without anchors: nothing to lay over. */
const emptyHeat = {
  columns: new ArrayBuffer(0),
  anchors: { total: 0, foreground: 0, background: 0, ignored: 0, levels: [] },
  input: { width: 64, height: 64, paddedWidth: 64, paddedHeight: 64, scale: [1, 1] as const },
};
