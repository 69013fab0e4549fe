import { describe, expect, it } from 'vitest';
import { cellLayout, reduceCells, valueAt } from '../../../src/webview/heatmap/cellGrid';
import { colorMap, colorMapNames, stateColorMap } from '../../../src/webview/heatmap/colorMaps';
import { anchorsPerCell, locateAnchor } from '../../../src/webview/lens/geometry';
import { anchorsAt } from '../../../src/webview/lens/hitTest';
import { lensImage } from '../../../src/webview/lens/lensImage';
import { anchorValues, heatScale, scalePosition } from '../../../src/webview/lens/metrics';
import { anchorState } from '../../../src/protocol/analysis';
import { seededRandom } from '../helpers/random';
import { cellSlide, syntheticAnalysis } from '../helpers/syntheticAnalysis';

const image = lensImage('slide', '', syntheticAnalysis(cellSlide()));
const { levels } = image.analysis.anchors;
const layout = cellLayout(levels);
const { focal } = image.columns;

describe('cells', () => {
  it('hold maximum and sum of their anchors', () => {
    const most = new Float64Array(layout.cells);
    const sums = new Float64Array(layout.cells);
    for (let anchor = 0; anchor < focal.length; anchor++) {
      const { level, y, x } = locateAnchor(levels, anchor);
      const cell = layout.levels[level].offset + y * layout.levels[level].width + x;
      most[cell] = Math.max(most[cell], focal[anchor]);
      sums[cell] += focal[anchor];
    }
    const max = reduceCells(layout, focal, 'max');
    const sum = reduceCells(layout, focal, 'sum');
    for (let cell = 0; cell < layout.cells; cell++) {
      expect(max[cell]).toBe(most[cell]);
      expect(sum[cell]).toBeCloseTo(sums[cell], 4);
    }
    expect(sum.reduce((a, b) => a + b, 0)).toBeCloseTo(
      levels.reduce((total, level) => total + level.focal, 0),
      2,
    );
  });

  it('show at each point what the strongest anchor there has, under any levels', () => {
    const random = seededRandom(5);
    const cells = reduceCells(layout, focal, 'max');
    const [scaleY, scaleX] = image.analysis.input.scale;
    for (let i = 0; i < 500; i++) {
      const point = { x: random() * 640, y: random() * 480 };
      const mask = 1 + Math.floor(random() * 31);
      const hits = anchorsAt(image, focal, mask, point);
      const shown = valueAt(layout, cells, mask, 'max', point.x * scaleX, point.y * scaleY);
      expect(hits[0]?.value ?? 0).toBe(shown);
      expect(hits.every(hit => (mask & (1 << hit.level)) !== 0)).toBe(true);
      expect(hits.length % anchorsPerCell(levels[0])).toBe(0);
      for (let k = 1; k < hits.length; k++) expect(hits[k - 1].value).toBeGreaterThanOrEqual(hits[k].value);
    }
  });

  it('add up over levels when summed', () => {
    const cells = reduceCells(layout, focal, 'sum');
    const alone = levels.map((_, i) => valueAt(layout, cells, 1 << i, 'sum', 100, 100));
    expect(valueAt(layout, cells, 31, 'sum', 100, 100)).toBeCloseTo(
      alone.reduce((a, b) => a + b, 0),
      6,
    );
  });
});

describe('values', () => {
  it('are 1 - p_t, and nothing for ignored anchors', () => {
    const hardness = anchorValues('pt', image.columns);
    const states = anchorValues('state', image.columns);
    for (let anchor = 0; anchor < focal.length; anchor++) {
      const state = image.columns.state[anchor];
      if (state === anchorState.ignored) expect(hardness[anchor]).toBe(0);
      else expect(hardness[anchor]).toBeCloseTo(1 - image.columns.pt[anchor], 6);
      expect(states[anchor]).toBe(state === anchorState.foreground ? 2 : state === anchorState.ignored ? 1 : 0);
    }
  });
});

describe('scale', () => {
  it('spreads three decades on the logarithmic scale and clips at both ends', () => {
    const scale = heatScale('focal', 'max', true);
    expect([0, 0.0005, 0.001, 0.01, 0.1, 1, 3].map(v => Math.round(scalePosition(scale, v) * 1e6) / 1e6)).toEqual([
      0, 0, 0, 0.333333, 0.666667, 1, 1,
    ]);
  });

  it('rises with the value on every scale', () => {
    for (const logarithmic of [true, false]) {
      for (const metric of ['focal', 'crossEntropy', 'pt'] as const) {
        const scale = heatScale(metric, 'sum', logarithmic);
        let last = -1;
        for (let i = 0; i <= 40; i++) {
          const position = scalePosition(scale, (scale.high * i) / 40);
          expect(position).toBeGreaterThanOrEqual(last);
          last = position;
        }
        expect(last).toBe(1);
      }
    }
  });
});

describe('colour maps', () => {
  it.each(colorMapNames)('%s brightens steadily and starts transparent', name => {
    const table = colorMap(name);
    const lightness = (i: number) => 0.2126 * table[i * 4] + 0.7152 * table[i * 4 + 1] + 0.0722 * table[i * 4 + 2];
    for (let i = 8; i < 256; i += 8) expect(lightness(i)).toBeGreaterThan(lightness(i - 8));
    expect(table[3]).toBe(0);
    expect(table[255 * 4 + 3]).toBe(255);
    for (let i = 1; i < 256; i++) expect(table[i * 4 + 3]).toBeGreaterThanOrEqual(table[i * 4 - 1]);
  });

  it('shows background as nothing', () => {
    const table = stateColorMap();
    expect([table[3], table[128 * 4 + 3] > 0, table[255 * 4 + 3] > 0]).toEqual([0, true, true]);
  });
});
