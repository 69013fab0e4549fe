import type { AnalysisPart } from '../../analysis/analyze';
import { anchorState } from '../../protocol/analysis';
import { anchorColumns } from '../../protocol/anchorColumns';
import type { XywhBox } from '../../common/boxes';
import type { ImageSize } from '../imageSteps';

/** Background that costs much: the strongest anchor's box, and what all background anchors centred in it carry. */
export interface BackgroundPlace {
  readonly bbox: XywhBox;
  readonly level: string;
  /** The class the anchor mistakes the background for. */
  readonly category: string;
  readonly pt: number;
  readonly anchors: number;
  readonly focal: number;
}

/** Anchors that overlap a label more than this speak of the label rather than of the background. */
const labelOverlap = 0.2;

/**
 * The `count` costliest places without labels, costliest first; the strongest anchor that is left claims all background
 * anchors centred in its box.
 */
export function hardestPlaces(
  analysis: Pick<AnalysisPart, 'input' | 'anchors' | 'columns'> & {
    readonly image: ImageSize;
    readonly classes: readonly string[];
  },
  count: number,
): BackgroundPlace[] {
  const { input, image, classes, anchors } = analysis;
  const columns = anchorColumns(analysis.columns);
  const { state, focal, iou } = columns;
  const open = new Uint8Array(state.length);
  for (let i = 0; i < open.length; i++) {
    if (state[i] === anchorState.background && iou[i] < labelOverlap) open[i] = 1;
  }
  const places: BackgroundPlace[] = [];
  // What is left after a place is taken is mostly far below it: only a tenth of the most is looked through again.
  let candidates = candidatesOf(open, focal);
  while (places.length < count) {
    if (!candidates.some(anchor => open[anchor] === 1)) candidates = candidatesOf(open, focal);
    let strongest = -1;
    for (const anchor of candidates) {
      if (open[anchor] === 1 && (strongest < 0 || focal[anchor] > focal[strongest])) strongest = anchor;
    }
    if (strongest < 0) break;
    const level = anchors.levels.find(({ offset, count: size }) => strongest < offset + size);
    if (level === undefined) break;
    const perCell = level.baseAnchors.length / 4;
    const cell = Math.floor((strongest - level.offset) / perCell);
    const base = ((strongest - level.offset) % perCell) * 4;
    const centreY = Math.floor(cell / level.grid[1]) * level.stride[0];
    const centreX = (cell % level.grid[1]) * level.stride[1];
    // Network input pixels, within the image: padding shows nothing.
    const x1 = Math.max(0, centreX + level.baseAnchors[base]);
    const y1 = Math.max(0, centreY + level.baseAnchors[base + 1]);
    const x2 = Math.min(input.width, centreX + level.baseAnchors[base + 2]);
    const y2 = Math.min(input.height, centreY + level.baseAnchors[base + 3]);
    const claimed = claim(anchors.levels, open, focal, { x1, y1, x2, y2 }, strongest);
    if (x2 - x1 < 1 || y2 - y1 < 1) continue;
    const [scaleY, scaleX] = input.scale;
    places.push({
      bbox: [
        x1 / scaleX,
        y1 / scaleY,
        Math.min(image.width, x2 / scaleX) - x1 / scaleX,
        Math.min(image.height, y2 / scaleY) - y1 / scaleY,
      ],
      level: level.name,
      category: classes[columns.worstClass[strongest]] ?? '',
      pt: columns.pt[strongest],
      ...claimed,
    });
  }
  return places.sort((a, b) => b.focal - a.focal);
}

/** Open anchors with at least a tenth of the largest open loss; none where nothing is lost. */
function candidatesOf(open: Uint8Array, focal: Float32Array): Int32Array {
  let most = 0;
  for (let i = 0; i < open.length; i++) if (open[i] === 1 && focal[i] > most) most = focal[i];
  const bound = most / 10;
  let count = 0;
  for (let i = 0; i < open.length; i++) if (open[i] === 1 && most > 0 && focal[i] >= bound) count++;
  const candidates = new Int32Array(count);
  for (let i = 0, next = 0; next < count; i++) if (open[i] === 1 && focal[i] >= bound) candidates[next++] = i;
  return candidates;
}

function claim(
  levels: AnalysisPart['anchors']['levels'],
  open: Uint8Array,
  focal: Float32Array,
  box: { x1: number; y1: number; x2: number; y2: number },
  strongest: number,
): { anchors: number; focal: number } {
  let [count, sum] = [0, 0];
  const take = (anchor: number) => {
    if (open[anchor] === 0) return;
    open[anchor] = 0;
    count++;
    sum += focal[anchor];
  };
  take(strongest);
  for (const { offset, stride, grid, baseAnchors } of levels) {
    const perCell = baseAnchors.length / 4;
    const lastY = Math.min(grid[0] - 1, Math.floor(box.y2 / stride[0]));
    const lastX = Math.min(grid[1] - 1, Math.floor(box.x2 / stride[1]));
    for (let y = Math.ceil(box.y1 / stride[0]); y <= lastY; y++) {
      for (let x = Math.ceil(box.x1 / stride[1]); x <= lastX; x++) {
        const first = offset + (y * grid[1] + x) * perCell;
        for (let i = 0; i < perCell; i++) take(first + i);
      }
    }
  }
  return { anchors: count, focal: sum };
}
