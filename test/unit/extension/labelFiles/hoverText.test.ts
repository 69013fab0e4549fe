import { describe, expect, it } from 'vitest';
import { labelHover, staleHover, unknownHover } from '../../../../src/extension/labelFiles/hoverText';
import { markdownText, plainText } from '../../../../src/extension/labelFiles/markdownText';
import { markLevel, markText } from '../../../../src/extension/labelFiles/markText';
import { defaultBands } from '../../../../src/protocol/analysis';
import { facts, issue, label, t } from './support';

const links = [{ icon: 'search', title: 'Open in lens', href: 'command:focalLens.labelFiles.openInLens?%5B1%5D' }];
const standing = { rank: 2, of: 9, images: 3, classMedian: 0.5, classLabels: 4 };
const crop = { uri: 'data:image/webp;base64,AAAA', width: 720, height: 240, heat: true };
const hostile =
  '[x](command:workbench.action.quit) ![i](https://e.vil/p.png) <img src=x> $(bug) `a` | www.e.vil\n# h\u202e';

describe('labelHover', () => {
  it('says what is known, with the picture after the heading', () => {
    const image = facts({
      labels: [
        label({
          bestDetection: { detection: 0, iou: 0.7, score: 0.9 },
          bestAnyDetection: { detection: 0, iou: 0.7, score: 0.9 },
        }),
      ],
      detections: [{ bbox: [0, 0, 1, 1], category: 'cat', score: 0.9 }],
    });
    const text = labelHover({ image, index: 0, standing, crop, heatFollows: false, listed: [], links }, t);
    expect(text).toContain('**cat**');
    expect(text).toContain('#2 of 9 by loss in 3 images');
    expect(text).toContain('Focal loss **2.00** · **4.0×** the median of 4 cat labels · box loss 1.00');
    expect(text).toContain('mean 0.70, lowest 0.20 · 5 anchors matched, best IoU 0.80');
    expect(text).toContain('Best detection: cat 0.90, IoU 0.70');
    expect(text.indexOf('|width=360,height=120)')).toBeLessThan(text.indexOf('Focal loss'));
  });

  it('says why no anchor is matched, and why a label takes no part', () => {
    const covered = label({ anchors: 0, uncovered: 'tooSmall', bestIou: 0.21, meanPt: null, minPt: null });
    const about = (one: ReturnType<typeof label>) =>
      labelHover(
        {
          image: facts({ labels: [one] }),
          index: 0,
          standing: undefined,
          crop: undefined,
          heatFollows: false,
          listed: [],
          links,
        },
        t,
      );
    expect(about(covered)).toContain('no anchor matched, smaller than the anchors, best IoU 0.21');
    expect(about(label({ excluded: 'it is a crowd' }))).toContain('Takes no part in the loss: it is a crowd');
    expect(about(label({ anchorsByThreshold: 0, anchorsByLowQuality: 5 }))).toContain('(by the low-quality rule only)');
  });

  it('shows each suspicion before the picture', () => {
    const image = facts({ issues: [issue(), issue({ labelId: '2', kind: 'badBox' })] });
    const text = labelHover({ image, index: 0, standing, crop, heatFollows: false, listed: [], links }, t);
    expect(text).toContain('**wrong class\\? 0.90** The anchors say dog\\.');
    expect(text).not.toContain('badly placed');
    expect(text.indexOf('wrong class')).toBeLessThan(text.indexOf('data:image'));
    // Where the editor shows the problem itself, it is not said twice.
    const [first] = image.issues;
    expect(
      labelHover({ image, index: 0, standing, crop, heatFollows: false, listed: [first], links }, t),
    ).not.toContain('wrong class');
  });

  it('says of a plain picture whether its heatmap follows', () => {
    const follows = 'The heatmap is being computed: point here again to see it.';
    const input = { image: facts(), index: 0, standing, listed: [], links };
    const about = (heat: boolean, heatFollows: boolean) =>
      labelHover({ ...input, crop: { ...crop, heat }, heatFollows }, t);
    expect(about(true, false)).toContain('![Crop with the focal loss laid over]');
    expect(about(true, false)).not.toContain(follows);
    expect(about(false, false)).toContain('![Crop](data:');
    expect(about(false, false)).not.toContain(follows);
    const text = about(false, true);
    expect(text.indexOf('data:image')).toBeLessThan(text.indexOf(follows));
    expect(text.indexOf(follows)).toBeLessThan(text.indexOf('Focal loss'));
  });

  it('leaves a picture out that would not fit, and nothing else', () => {
    const huge = { ...crop, uri: `data:image/webp;base64,${'A'.repeat(100_000)}` };
    const text = labelHover(
      { image: facts(), index: 0, standing, crop: huge, heatFollows: false, listed: [], links },
      t,
    );
    expect(text.length).toBeLessThan(5_000);
    expect(text).toContain('Focal loss');
  });

  it('lets no text of a data set become markup, a link or an icon', () => {
    const image = facts({
      image: { file: `/data/${hostile}.jpg`, width: 1, height: 1 },
      labels: [label({ category: hostile, id: hostile, bestAnyDetection: { detection: 0, iou: 0.5, score: 0.5 } })],
      detections: [{ bbox: [0, 0, 1, 1], category: hostile, score: 0.5 }],
      issues: [issue({ labelId: hostile, evidence: hostile })],
    });
    const text = labelHover({ image, index: 0, standing, crop, heatFollows: false, listed: [], links }, t);
    // The links, images and icons that are ours, and no others.
    expect(text.match(/(?<!\\)\]\(/g)).toHaveLength(2);
    expect(text.match(/(?<!\\)!\[/g)).toHaveLength(1);
    expect(text.match(/(?<!\\)\$\(/g)).toHaveLength(2);
    expect(text.match(/(?<!\\)[<`|]/g)).toEqual(['|']);
    expect(text).not.toContain('\u202e');
    for (const other of [unknownHover(hostile, links, t), staleHover(links, t)]) {
      expect(other.match(/(?<!\\)\]\(/g)).toHaveLength(1);
      expect(other.match(/(?<!\\)[<`|!]/g)).toBeNull();
    }
  });
});

describe('text of data sets', () => {
  it('has every punctuation mark escaped, on one line, within bounds', () => {
    const punctuation = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i)).replace(
      /[A-Za-z0-9 ]/g,
      '',
    );
    expect(markdownText(punctuation)).toBe([...punctuation].map(mark => `\\${mark}`).join(''));
    expect(plainText('a\r\n\u2028b\u0000c')).toBe('a b c');
    expect([...plainText('🐈'.repeat(500))]).toHaveLength(120);
    expect(markdownText('Größe 猫')).toBe('Größe 猫');
  });
});

describe('marks', () => {
  it('go by the bands of the mean p_t', () => {
    const levels = [0.95, 0.9, 0.7, 0.5, 0.49, null].map(meanPt => markLevel({ meanPt }, defaultBands));
    expect(levels).toEqual(['easy', 'easy', 'moderate', 'moderate', 'hard', 'unmatched']);
  });

  it('say loss, rank, p_t and the worst suspicion', () => {
    expect(markText(label(), standing, [], t)).toBe('loss 2.00 · #2 of 9 · p_t 0.70');
    const worst = [issue({ score: 0.3 }), issue({ kind: 'badBox', score: 0.6 })];
    expect(markText(label(), undefined, worst, t)).toBe('loss 2.00 · p_t 0.70 · badly placed? 0.60');
    const uncovered = label({ anchors: 0, meanPt: null, bestIou: 0.3 });
    expect(markText(uncovered, standing, [issue({ kind: 'uncovered' })], t)).toBe('no anchor, best IoU 0.30');
    expect(markText(label({ excluded: 'crowd', meanPt: null }), undefined, [], t)).toBe('not in the loss');
  });
});
