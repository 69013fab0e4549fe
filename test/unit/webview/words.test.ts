import { describe, expect, it } from 'vitest';
import { anchorState } from '../../../src/protocol/analysis';
import { anchorRecord } from '../../../src/webview/lens/anchorRecord';
import { bandOf } from '../../../src/webview/lens/bands';
import { hottestPlaces } from '../../../src/webview/lens/hottestPlaces';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { largest } from '../../../src/webview/lens/ranking';
import { argumentSentence, assignmentSentence, torchvisionMatching } from '../../../src/webview/words/anchorSentence';
import {
  aspect,
  focalSettings,
  likelihood,
  loss,
  percent,
  powerOfTen,
  probability,
  widthByHeight,
} from '../../../src/webview/words/format';
import { glossary } from '../../../src/webview/words/glossary';
import { labelRemark } from '../../../src/webview/words/labelSentence';
import { placeWords, seenAt } from '../../../src/webview/words/placeSentence';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const image = lensImage('slide', '', syntheticAnalysis(cellSlide()));
const { columns, analysis } = image;

function find(wanted: (anchor: number) => boolean) {
  for (let anchor = 0; anchor < columns.state.length; anchor++) if (wanted(anchor)) return anchorRecord(image, anchor);
  throw new Error('No such anchor');
}

describe('sentences about anchors', () => {
  it('say why an anchor is foreground', () => {
    const record = find(a => columns.state[a] === anchorState.foreground && columns.iou[a] >= 0.5);
    expect(assignmentSentence(record, torchvisionMatching)).toMatch(
      /^Foreground, because its IoU 0\.\d\d with \w+ #\d+ reaches the foreground threshold 0\.50\.$/,
    );
  });

  it('name the low-quality rule', () => {
    const record = find(a => columns.state[a] === anchorState.foreground && columns.iou[a] < 0.5);
    expect(assignmentSentence(record, torchvisionMatching)).toContain('low-quality rule');
  });

  it('say why an anchor is ignored or background, with and without a label near', () => {
    const ignored = find(a => columns.state[a] === anchorState.ignored);
    expect(assignmentSentence(ignored, torchvisionMatching)).toMatch(
      /^Ignored, because its IoU 0\.4\d .* lies between/,
    );
    expect(argumentSentence(ignored)).toContain('no loss');
    const near = find(a => columns.state[a] === anchorState.background && columns.iou[a] > 0.2);
    expect(assignmentSentence(near, torchvisionMatching)).toMatch(/best IoU, 0\.[23]\d with .* is below/);
    const far = find(a => columns.state[a] === anchorState.background && columns.iou[a] === 0);
    expect(assignmentSentence(far, torchvisionMatching)).toBe('Background, because it overlaps no label.');
  });

  it('set what the labels say against what the model says', () => {
    const hard = find(a => columns.state[a] === anchorState.background && columns.pt[a] < 0.5);
    expect(argumentSentence(hard)).toMatch(
      /^Argues with the labels: they say background .* the model says \w+ 0\.[5-9]\d\.$/,
    );
    const agreed = find(a => columns.state[a] === anchorState.background && columns.pt[a] >= 0.9);
    expect(argumentSentence(agreed)).toMatch(/^Agrees with the labels/);
    const wrong = find(a => columns.state[a] === anchorState.foreground && columns.pt[a] < 0.5);
    expect(argumentSentence(wrong)).toMatch(/^Argues with \w+ #\d+: the label says \w+, the model gives it /);
  });

  it('put the bands where the thresholds are', () => {
    const bands = { easy: 0.9, hard: 0.5 };
    expect([0.49999, 0.5, 0.89999, 0.9].map(pt => bandOf(pt, bands))).toEqual(['hard', 'moderate', 'moderate', 'easy']);
  });
});

describe('hottest places', () => {
  it('come costliest first, do not share anchors, and speak of what is wrong', () => {
    const places = hottestPlaces(image, 3);
    expect(places).toHaveLength(3);
    const total = columns.focal.reduce((a, b) => a + b, 0);
    expect(places[0].focal).toBeGreaterThanOrEqual(places[1].focal);
    expect(places.reduce((sum, place) => sum + place.focal, 0)).toBeLessThanOrEqual(total * 1.0001);
    for (const place of places) expect(place.share).toBeCloseTo(place.focal / total, 6);
    const sentences = places.map(place => placeWords(image, place).sentence).join('\n');
    // The slide was made with a label where the model sees nothing, one of another class, and an object without label.
    expect(sentences).toContain('the model finds nothing here');
    expect(sentences).toContain('check the class');
    expect(sentences).toContain('a label is missing');
  });
});

describe('what the model sees at a label', () => {
  const box = [0, 0, 100, 100] as const;
  const detection = (category: string, score: number, width: number) => ({
    ...analysis.detections[0],
    category,
    score,
    bbox: [0, 0, width, 100] as const,
  });
  const seen = (...detections: ReturnType<typeof detection>[]) => seenAt(detections, box)?.detection.category;

  it('is the surest detection on it, however much better one of next to no score fits', () => {
    expect(seen(detection('ship', 0.05, 95), detection('truck', 0.79, 70))).toBe('truck');
    expect(seen(detection('truck', 0.79, 70), detection('ship', 0.05, 95))).toBe('truck');
    expect(seenAt([detection('truck', 0.79, 70)], box)?.overlap).toBeCloseTo(0.7, 6);
  });

  it('is one that lies half on it only where none lies on it, and nothing below that', () => {
    expect(seen(detection('ship', 0.2, 60), detection('truck', 0.9, 40))).toBe('ship');
    expect(seen(detection('ship', 0.2, 35), detection('truck', 0.9, 40))).toBe('truck');
    expect(seen(detection('truck', 0.9, 29))).toBeUndefined();
  });
});

describe('ranking', () => {
  it('lists the largest values first', () => {
    const sorted = [...columns.focal.keys()].sort((a, b) => columns.focal[b] - columns.focal[a] || a - b);
    expect(largest(columns.focal, 20)).toEqual(sorted.slice(0, 20));
    expect(largest(new Float32Array(5), 3)).toEqual([]);
  });
});

describe('labels', () => {
  it('say when they are excluded, uncovered or barely covered', () => {
    const label = {
      ...analysis.labels[0],
      excluded: undefined,
      anchors: 4,
      anchorsByThreshold: 4,
      uncovered: 'none' as const,
    };
    expect(labelRemark(label)).toBeUndefined();
    expect(labelRemark({ ...label, excluded: 'its box has no area' })).toBe('Takes no part: its box has no area');
    expect(labelRemark({ ...label, anchors: 0, bestIou: 0.2, uncovered: 'tooSmall' })).toBe(
      'No anchor matches: it is smaller than the anchors (best IoU 0.20).',
    );
    expect(labelRemark({ ...label, anchorsByThreshold: 0, bestIou: 0.44, lowQualityReason: 'aspectRatio' })).toBe(
      'Matched by the low-quality rule only (best IoU 0.44): no anchor has its aspect ratio.',
    );
  });
});

describe('numbers', () => {
  it('never let a small number read as zero or one', () => {
    expect([0, 0.00001, 0.0043, 0.5, 1].map(percent)).toEqual(['0%', '<0.01%', '0.43%', '50.0%', '100%']);
    expect([0, 2e-7, 0.00123, 0.2378, 1.5, 23.456, 1234.5].map(loss)).toEqual([
      '0', '2.0e-7', '0.00123', '0.238', '1.50', '23.5', '1,235',
    ]); // prettier-ignore
    expect([0.5, 0.0012, 0.9989, 1e-7].map(probability)).toEqual(['0.50', '0.001', '1 − 0.001', '1e-7']);
  });

  it('say probabilities near 1 in words, where they are part of a sentence', () => {
    expect([0.5, 0.99, 0.9951, 1 - 1e-9, 1, 0.0002].map(likelihood)).toEqual([
      '0.50',
      '0.99',
      'over 0.99',
      'over 0.99',
      '1.00',
      '0.0002',
    ]);
  });

  it('write the ticks of an axis as powers of ten', () => {
    expect([-5, -1, 0, 1, 12].map(powerOfTen)).toEqual(['10⁻⁵', '10⁻¹', '10⁰', '10¹', '10¹²']);
  });

  it('write strides as width and height, and once where they are equal', () => {
    expect(widthByHeight([60, 64])).toBe('64 × 60');
    expect(widthByHeight([8, 8])).toBe('8');
  });

  it('name gamma and alpha, also none', () => {
    expect(focalSettings({ gamma: 2, alpha: 0.25 })).toBe('γ 2 · α 0.25');
    expect(focalSettings({ gamma: 0.30000001, alpha: -1 })).toBe('γ 0.3 · α off');
  });

  it('write aspect ratios as width to height', () => {
    expect([0.5, 1, 2, 0.4, 2.5, 1.37].map(aspect)).toEqual(['2:1', '1:1', '1:2', '5:2', '2:5', '1:1.37']);
  });
});

describe('glossary', () => {
  it('explains every term in one sentence', () => {
    for (const text of Object.values(glossary)) expect(text).toMatch(/^[A-Z].*\.$/s);
  });
});
