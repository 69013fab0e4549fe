import { describe, expect, it } from 'vitest';
import { between, clamp, filled, fit, fitBox, toImage, toScreen, zoomAt } from '../../../src/webview/canvas/viewport';
import { placeTags, shortName, type Tag } from '../../../src/webview/canvas/tags';
import { seededRandom } from '../helpers/random';

const stage = { width: 880, height: 620 };
const image = { width: 640, height: 480 };

describe('viewport', () => {
  it('fits the image into the stage, centred', () => {
    const view = fit(stage, image);
    const from = toScreen(view, { x: 0, y: 0 });
    const to = toScreen(view, { x: 640, y: 480 });
    expect(from.x).toBeGreaterThanOrEqual(15.99);
    expect(from.y).toBeGreaterThanOrEqual(15.99);
    expect(from.x + to.x).toBeCloseTo(880, 6);
    expect(from.y + to.y).toBeCloseTo(620, 6);
  });

  it('turns image points into screen points and back', () => {
    const view = { scale: 3.7, x: -120, y: 33 };
    const point = { x: 12.5, y: 77.25 };
    const back = toImage(view, toScreen(view, point));
    expect(back.x).toBeCloseTo(point.x, 9);
    expect(back.y).toBeCloseTo(point.y, 9);
  });

  it('keeps the point under the pointer while it zooms, also half way', () => {
    const random = seededRandom(8);
    let view = fit(stage, image);
    for (let i = 0; i < 100; i++) {
      const pointer = { x: 200 + random() * 480, y: 150 + random() * 300 };
      const before = toImage(view, pointer);
      const next = zoomAt(view, pointer, Math.exp((random() - 0.45) * 0.5), stage, image);
      if (clamp(next, stage, image).x !== next.x) continue;
      for (const t of [0.3, 0.7, 1]) {
        const after = toImage(between(view, next, t), pointer);
        expect(after.x).toBeCloseTo(before.x, 5);
        expect(after.y).toBeCloseTo(before.y, 5);
      }
      view = next;
    }
  });

  it('never loses the image and never zooms without end', () => {
    let view = fit(stage, image);
    for (let i = 0; i < 200; i++) view = zoomAt(view, { x: 0, y: 0 }, 2, stage, image);
    expect(view.scale).toBeLessThanOrEqual(64);
    for (let i = 0; i < 200; i++) view = zoomAt(view, { x: 0, y: 0 }, 0.5, stage, image);
    expect(view.scale).toBeGreaterThan(0.05);
    const far = clamp({ scale: 1, x: -99999, y: 99999 }, stage, image);
    expect(far.x + 640).toBeGreaterThan(0);
    expect(far.y).toBeLessThan(620);
  });

  it('centres a box', () => {
    const view = fitBox(stage, { x: 100, y: 50, width: 40, height: 30 }, 100);
    const middle = toScreen(view, { x: 120, y: 65 });
    expect(middle.x).toBeCloseTo(440, 6);
    expect(middle.y).toBeCloseTo(310, 6);
  });

  it('leaves no part of the stage empty that the picture could fill', () => {
    // A box in the corner, brought to the middle.
    const corner = filled({ scale: 4, x: 440, y: 310 }, stage, image);
    expect(corner).toEqual({ scale: 4, x: 16, y: 16 });
    const opposite = filled({ scale: 4, x: 440 - 2560, y: 310 - 1920 }, stage, image);
    expect([opposite.x + 2560, opposite.y + 1920]).toEqual([880 - 16, 620 - 16]);
    const inside = { scale: 4, x: -800, y: -600 };
    expect(filled(inside, stage, image)).toEqual(inside);
    // Along an axis where it is smaller than the stage it stands in the middle.
    expect(filled({ scale: 1.25, x: 300, y: 0 }, stage, image)).toEqual({ scale: 1.25, x: 40, y: 10 });
  });
});

describe('names of boxes', () => {
  const tag = (x: number, y: number, side: Tag['side'] = 'above'): Tag => ({
    text: 'RBC #1',
    color: '',
    side,
    width: 50,
    box: [x, y, x + 80, y + 60],
  });

  const room = (boxes: readonly Tag['box'][] = [], picture: Tag['box'] = [0, 0, 880, 620]) => ({
    stage,
    picture,
    boxes,
    height: 16,
  });

  it('leave room for the picture in a crowd: boxes smaller than their names go without', () => {
    const small = (x: number, y: number): Tag => ({ ...tag(x, y), box: [x, y, x + 30, y + 20] });
    const few = Array.from({ length: 20 }, (_, i) => small((i % 5) * 150, Math.floor(i / 5) * 120 + 40));
    expect(placeTags(few, room())).toHaveLength(20);
    const crowd = Array.from({ length: 400 }, (_, i) => small((i % 20) * 40, Math.floor(i / 20) * 28 + 20));
    expect(placeTags([tag(300, 200), ...crowd], room()).map(placed => placed.tag.box[0])).toEqual([300]);
  });

  it('measure the crowd against the picture in sight, not the stage', () => {
    const small = (x: number, y: number): Tag => ({ ...tag(x, y), box: [x, y, x + 20, y + 10] });
    const tags = Array.from({ length: 12 }, (_, i) => small(300 + (i % 4) * 60, 250 + Math.floor(i / 4) * 40));
    expect(placeTags(tags, room())).toHaveLength(12);
    expect(placeTags(tags, room([], [300, 250, 460, 370]))).toEqual([]);
  });

  it('do not hide what is in a box, their own or another', () => {
    // Rows of parked cars: above each is the next one, beside them is room.
    const cars = Array.from({ length: 8 }, (_, i): Tag['box'] => [300, 100 + i * 20, 334, 118 + i * 20]);
    const placed = placeTags(
      cars.map(box => ({ ...tag(0, 0), box })),
      room(cars),
    );
    expect(placed).toHaveLength(8);
    for (const { x, y, tag: own } of placed) {
      for (const [x1, y1, x2, y2] of cars) {
        const across = Math.min(x + own.width, x2) - Math.max(x, x1);
        const down = Math.min(y + 16, y2) - Math.max(y, y1);
        expect(Math.max(0, across) * Math.max(0, down)).toBeLessThanOrEqual(0.3 * 34 * 18);
      }
    }
    // No room at all: cars on every side.
    const block = Array.from({ length: 63 }, (_, i): Tag['box'] => [
      100 + (i % 9) * 34,
      100 + Math.floor(i / 9) * 18,
      134 + (i % 9) * 34,
      118 + Math.floor(i / 9) * 18,
    ]);
    const middle = block[31] ?? [0, 0, 0, 0];
    expect(placeTags([{ ...tag(0, 0), box: middle }], room(block))).toEqual([]);
    // What is pointed at or pinned is named all the same, and first.
    expect(placeTags([{ ...tag(0, 0), box: middle, always: true }], room(block))).toHaveLength(1);
  });

  it('give way in their middle where they are long, and keep their number or score', () => {
    const widthOf = (text: string) => text.length * 6 + 8;
    expect(shortName('car #12', 4, 160, widthOf)).toBe('car #12');
    const short = shortName('a_very_long_class_name_that_never_ends #12', 4, 160, widthOf);
    expect(short).toMatch(/^a_very_long_class_n.*… #12$/);
    expect(widthOf(short)).toBeLessThanOrEqual(160);
    expect(widthOf(shortName(`x #${'9'.repeat(60)}`, 62, 160, widthOf))).toBeLessThanOrEqual(160);
    expect(shortName('🛥🛥🛥🛥🛥🛥 #1', 3, 60, text => [...text].length * 6 + 8)).toBe('🛥🛥🛥🛥… #1');
  });

  it('stand beside their boxes and never on each other', () => {
    const random = seededRandom(2);
    const tags = Array.from({ length: 200 }, () =>
      tag(random() * 900, random() * 640, random() < 0.5 ? 'above' : 'below'),
    );
    const placed = placeTags(tags, room());
    expect(placed.length).toBeGreaterThan(20);
    placed.forEach((a, i) => {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + 50).toBeLessThanOrEqual(880);
      expect(a.y).toBeGreaterThanOrEqual(0);
      expect(a.y + 16).toBeLessThanOrEqual(620);
      for (const b of placed.slice(i + 1)) {
        expect(a.x < b.x + 50 && b.x < a.x + 50 && a.y < b.y + 16 && b.y < a.y + 16).toBe(false);
      }
    });
  });

  it('go inside a box at the edge of the stage', () => {
    expect(placeTags([tag(100, 0)], room())[0].y).toBeGreaterThanOrEqual(0);
  });
});
