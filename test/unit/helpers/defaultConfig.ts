import type { ModelConfig } from '../../../src/model/types';

/** torchvision's defaults: what a model without a card gets, for as many class columns as asked for. */
export function defaultConfig(classes: number): ModelConfig {
  return {
    classes: Array.from({ length: classes }, (_, column) => (column === 0 ? '__background__' : `class ${column}`)),
    classesNamed: true,
    categoryIds: undefined,
    minSize: 800,
    maxSize: 1333,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    anchorSizes: [32, 64, 128, 256, 512].map(size => [0, 1, 2].map(k => Math.floor(size * 2 ** (k / 3)))),
    aspectRatios: Array.from({ length: 5 }, () => [0.5, 1, 2]),
    batchNormEps: 1e-5,
    fgIou: 0.5,
    bgIou: 0.4,
    allowLowQualityMatches: true,
    focal: { gamma: 2, alpha: 0.25 },
    boxLoss: 'l1',
    boxLossBeta: 1,
    scoreThreshold: 0.05,
    nmsThreshold: 0.5,
    detectionsPerImage: 300,
    topkPerLevel: 1000,
  };
}
