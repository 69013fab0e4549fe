import { describe, expect, it } from 'vitest';
import { toCorners } from '../../../src/common/boxes';
import { anchorState } from '../../../src/protocol/analysis';
import { PointedPlace } from '../../../src/webview/canvas/pointedPlace';
import { boxUnder, namedBox, sceneOf, shownAnchor } from '../../../src/webview/canvas/scene';
import { orderMetric } from '../../../src/webview/lens/anchorOrder';
import { anchorsAt, inOrder } from '../../../src/webview/lens/hitTest';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { metrics } from '../../../src/webview/lens/metrics';
import { allLevels, defaultViewState } from '../../../src/webview/lens/viewState';
import { labelName } from '../../../src/webview/words/anchorSentence';
import { orderValue, orderWords, placeInOrder } from '../../../src/webview/words/orderWords';
import { spokenAnchor } from '../../../src/webview/words/spokenAnchor';
import { anchorRecord } from '../../../src/webview/lens/anchorRecord';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const image = lensImage('slide', '', syntheticAnalysis(cellSlide()));
const { labels, detections } = image.analysis;
const hits = anchorsAt(image, image.columns.focal, allLevels, { x: 300, y: 200 });

describe('the place that is pointed at', () => {
  const stage = { width: 800, height: 600 };

  it('is the middle of the stage for the keyboard, as long as no pointer is over it', () => {
    const pointed = new PointedPlace();
    expect(pointed.point(stage)).toBeUndefined();
    pointed.setKeys(true);
    expect(pointed.point(stage)).toEqual({ x: 400, y: 300 });
    pointed.setPointer({ x: 10, y: 20 });
    expect([pointed.byKeys, pointed.point(stage)]).toEqual([false, { x: 10, y: 20 }]);
    pointed.setKeys(true);
    expect(pointed.byKeys).toBe(false);
    pointed.setPointer(undefined);
    expect(pointed.point(stage)).toBeUndefined();
    pointed.setKeys(true);
    pointed.setKeys(false);
    expect(pointed.point(stage)).toBeUndefined();
  });

  it('begins with the first anchor of each place and stays within them', () => {
    const pointed = new PointedPlace();
    pointed.step(hits, -1);
    expect(pointed.indexOf(hits)).toBe(0);
    for (let i = 0; i < 100; i++) pointed.step(hits, 1);
    expect(pointed.indexOf(hits)).toBe(hits.length - 1);
    const elsewhere = anchorsAt(image, image.columns.focal, allLevels, { x: 100, y: 100 });
    expect(pointed.indexOf(elsewhere)).toBe(0);
  });
});

describe('boxes on the picture', () => {
  it('tell the label that an anchor was matched to, or overlaps, whether labels are shown or not', () => {
    const foreground = image.columns.state.indexOf(anchorState.foreground);
    const label = labels[image.columns.label[foreground]];
    expect(shownAnchor(image, foreground, true).label).toMatchObject({
      box: toCorners(label.bbox),
      text: labelName(label),
      isMatched: true,
    });
    const near = image.columns.state.findIndex(
      (state, i) => state === anchorState.background && image.columns.iou[i] > 0.2,
    );
    expect(shownAnchor(image, near, false).label?.isMatched).toBe(false);
    const far = image.columns.iou.findIndex(iou => iou === 0);
    expect(shownAnchor(image, far, false).label).toBeUndefined();
    const hidden = sceneOf(image, { ...defaultViewState, labels: false, pinned: foreground });
    expect([hidden.labels, hidden.pinned?.label?.text]).toEqual([[], labelName(label)]);
  });

  it('are found by what lists say of them, and by the place inside', () => {
    expect(namedBox(image, defaultViewState, labels[2].bbox).text).toBe(labelName(labels[2]));
    expect(namedBox(image, defaultViewState, detections[0].bbox).text).toContain(detections[0].score.toFixed(2));
    expect(namedBox(image, defaultViewState, [1, 2, 3, 4])).toEqual({ box: [1, 2, 4, 6], text: '', tail: 0 });
    const scene = sceneOf(image, { ...defaultViewState, detections: false });
    const [x, y, width, height] = labels[2].bbox;
    const under = boxUnder(scene, x + width / 2, y + height / 2);
    expect(under).toBeDefined();
    expect(boxUnder(scene, -5, -5)).toBeUndefined();
  });
});

describe('the order of the anchors at a place', () => {
  it('is that of what the heatmap shows, and of the focal loss where that is no order', () => {
    expect(metrics.map(orderMetric)).toEqual(['focal', 'crossEntropy', 'ratio', 'pt', 'focal']);
    for (const metric of metrics.map(orderMetric)) {
      const values = image.values(metric);
      const ordered = inOrder(hits.map(hit => ({ ...hit, value: values[hit.anchor] })));
      expect(ordered.map(({ value }) => value)).toEqual([...ordered.map(({ value }) => value)].sort((a, b) => b - a));
      const [most] = ordered;
      const { text } = orderValue(anchorRecord(image, most.anchor), metric);
      expect(text).not.toBe('');
      expect(placeInOrder(0, 45, metric)).toBe(`${orderWords[metric].first} of 45 here`);
      expect(placeInOrder(1, 45, metric)).toBe(`2 of 45 here by ${orderWords[metric].by}`);
    }
    // The least p_t comes first, as that is what the heatmap shows as hot.
    const byPt = anchorsAt(image, image.values('pt'), allLevels, { x: 300, y: 200 });
    const pts = byPt.map(({ anchor }) => image.columns.pt[anchor]).filter(pt => !Number.isNaN(pt));
    expect(pts).toEqual([...pts].sort((a, b) => a - b));
  });

  it('is said aloud: name, state, sentence, place', () => {
    const said = spokenAnchor(image, hits, 1, 'focal');
    expect(said).toMatch(
      /^P\d, \d+ pixels, \d:\d, (foreground|background|ignored)\. .+\. 2 of \d+ here by focal loss\.$/,
    );
    expect(spokenAnchor(image, [], 0, 'focal')).toBe('No anchor here.');
  });
});
