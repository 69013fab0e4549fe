/**
 * A made-up image with a made-up model's opinion of it, put through the real anchors, detections and analysis:
 * for tests of what shows an analysis, at any number of anchors and without a network.
 */
import { analyze } from '../../../src/analysis/analyze';
import { targetColumns } from '../../../src/analysis/assignment';
import type { CornerBox } from '../../../src/common/boxes';
import type { ImageLabels, Label } from '../../../src/dataset/labels';
import { generateAnchors } from '../../../src/model/anchors';
import { encodeBox } from '../../../src/model/boxCoder';
import { decodeAllBoxes, detect } from '../../../src/model/detections';
import type { Anchors, ForwardResult, ModelConfig, PreparedImage } from '../../../src/model/types';
import type { Analysis } from '../../../src/protocol/analysis';
import { anchorColumns } from '../../../src/protocol/anchorColumns';
import { defaultConfig } from './defaultConfig';
import { seededRandom } from './random';

/** Something the model sees; original image pixels. */
export interface Seen {
  readonly box: CornerBox;
  readonly column: number;
  /** Logit of the class at full overlap. */
  readonly certainty: number;
}

export interface SyntheticOptions {
  readonly width: number;
  readonly height: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly classes: readonly string[];
  readonly labels: readonly { readonly category: string; readonly box: CornerBox }[] | undefined;
  readonly seen: readonly Seen[];
  readonly seed: number;
}

const classes = ['__background__', 'RBC', 'WBC', 'Platelets'];

/** Cells on a slide, as many anchors as `minSize` brings: 240 gives 15,354 and 800 gives 163,206. */
export function cellSlide(minSize = 256, maxSize = 1333): SyntheticOptions {
  const random = seededRandom(11);
  const labels: { category: string; box: CornerBox }[] = [];
  const seen: Seen[] = [];
  const place = (category: string, x: number, y: number, width: number, height: number, certainty: number) => {
    const box: CornerBox = [x, y, x + width, y + height];
    labels.push({ category, box });
    const jitter = () => (random() - 0.5) * 0.16;
    const moved: CornerBox = [
      x + jitter() * width,
      y + jitter() * height,
      x + width * (1 + jitter()),
      y + height * (1 + jitter()),
    ];
    seen.push({ box: moved, column: classes.indexOf(category), certainty });
  };
  place('WBC', 208, 92, 206, 188, 4);
  const red = [
    [18, 28, 118, 112], [272, 0, 116, 90], [514, 10, 118, 118], [20, 294, 104, 96], [72, 376, 110, 98],
    [172, 268, 104, 118], [236, 322, 112, 106], [360, 306, 112, 106], [498, 176, 106, 120], [496, 300, 108, 100],
    [540, 380, 94, 92],
  ] as const; // prettier-ignore
  red.forEach(([x, y, width, height], i) => place('RBC', x, y, width, height, [2.5, 0.4, 1.5, 3, -0.5][i % 5] ?? 1));
  place('Platelets', 206, 16, 36, 38, -1.5);
  // The model's disagreements: another class, an object without label, a label where it sees nothing.
  seen[5] = { ...(seen[5] ?? red0), column: 2 };
  seen.push({ box: [20, 160, 112, 250], column: 1, certainty: 2.2 });
  seen.splice(8, 1);
  return { width: 640, height: 480, minSize, maxSize, classes, labels, seen, seed: 7 };
}

const red0: Seen = { box: [0, 0, 1, 1], column: 1, certainty: 1 };

export function syntheticAnalysis(options: SyntheticOptions): Analysis {
  return syntheticRun(options).analysis;
}

/** What an engine would still know of an analysis, to recompute from. */
export interface SyntheticRun {
  readonly analysis: Analysis;
  /** Row-major [anchors, classes]. */
  readonly logits: Float32Array;
  readonly levels: Anchors['levels'];
  /** Per anchor: target column, or -1 background, or -2 ignored. */
  readonly targets: Int32Array;
}

export function syntheticRun(options: SyntheticOptions): SyntheticRun {
  const prepared = prepare(options);
  const config = modelConfig(options);
  const grids = gridsOf(prepared);
  const anchors = generateAnchors(prepared.paddedHeight, prepared.paddedWidth, grids, config);
  const forward = { ...opinion(options, anchors, prepared), grids };
  const image = { width: options.width, height: options.height };
  const part = analyze({
    forward,
    anchors,
    prepared,
    image,
    config,
    labels: options.labels === undefined ? undefined : imageLabels(options.labels),
    detections: detect(forward, anchors, prepared, image, config),
    decoded: decodeAllBoxes(forward.deltas, anchors, prepared, image),
    bands: { easy: 0.9, hard: 0.5 },
  });
  const analysis: Analysis = {
    ...part,
    image: { file: '/data/slides/slide_007.jpg', ...image },
    model: {
      file: '/data/models/slides_r18.pth',
      architecture: 'RetinaNet ResNet-18 FPN',
      parameters: 12_345_678,
      classes: options.classes,
      runtime: 'ONNX Runtime',
      provider: 'CPU',
      providerReason: 'The CPU runs because no other provider was asked for.',
      notes: ['Batch-norm eps is 1e-5, as the card says.'],
    },
    milliseconds: { decode: 6, prepare: 4, forward: 92, analyse: 11, total: 113 },
  };
  const { state, label } = anchorColumns(analysis.columns);
  const labelColumns = analysis.labels.map(({ column }) => column);
  return {
    analysis,
    logits: forward.logits,
    levels: anchors.levels,
    targets: targetColumns(state, label, labelColumns),
  };
}

/** The slide as an SVG picture, so that a page needs no file. */
export function slidePicture({ width, height, seen }: SyntheticOptions): string {
  const cells = seen.map(({ box: [x1, y1, x2, y2], column }) => {
    const fill = ['', '#c9a9bb', '#7a62a8', '#6f5fb0'][column] ?? '#c9a9bb';
    const round = `cx="${(x1 + x2) / 2}" cy="${(y1 + y2) / 2}"`;
    return (
      `<ellipse ${round} rx="${(x2 - x1) / 2.1}" ry="${(y2 - y1) / 2.1}" fill="${fill}"/>` +
      `<ellipse ${round} rx="${(x2 - x1) / 5}" ry="${(y2 - y1) / 5}" fill="#fff" opacity="0.35"/>`
    );
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="100%" height="100%" fill="#d8d5cb"/>${cells.join('')}</svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

function prepare({ width, height, minSize, maxSize }: SyntheticOptions): PreparedImage {
  const scale = Math.min(minSize / Math.min(width, height), maxSize / Math.max(width, height));
  const resized = { width: Math.floor(width * scale), height: Math.floor(height * scale) };
  const padded = (size: number) => Math.ceil(size / 32) * 32;
  return {
    data: new Float32Array(0),
    ...resized,
    paddedWidth: padded(resized.width),
    paddedHeight: padded(resized.height),
    scaleX: resized.width / width,
    scaleY: resized.height / height,
  };
}

/** P3 to P5 at strides 8 to 32, P6 and P7 by convolutions of stride 2. */
function gridsOf({ paddedWidth, paddedHeight }: PreparedImage): ForwardResult['grids'] {
  const grids: [number, number][] = [8, 16, 32].map(stride => [paddedHeight / stride, paddedWidth / stride]);
  for (let i = 0; i < 2; i++) {
    const [height, width] = grids[grids.length - 1] ?? [1, 1];
    grids.push([Math.ceil(height / 2), Math.ceil(width / 2)]);
  }
  return grids;
}

function modelConfig({ classes: names, minSize, maxSize }: SyntheticOptions): ModelConfig {
  return { ...defaultConfig(names.length), classes: names, minSize, maxSize };
}

/** Logits that rise with the overlap of an anchor and what the model sees, with noise; deltas towards its box. */
function opinion(options: SyntheticOptions, anchors: Anchors, prepared: PreparedImage) {
  const random = seededRandom(options.seed);
  const columns = options.classes.length;
  const logits = new Float32Array(anchors.count * columns);
  const deltas = new Float32Array(anchors.count * 4);
  const seen = options.seen.map(s => ({
    ...s,
    box: Float32Array.of(
      s.box[0] * prepared.scaleX,
      s.box[1] * prepared.scaleY,
      s.box[2] * prepared.scaleX,
      s.box[3] * prepared.scaleY,
    ),
  }));
  for (let anchor = 0; anchor < anchors.count; anchor++) {
    for (let column = 0; column < columns; column++) logits[anchor * columns + column] = -5.2 + 2.4 * (random() - 0.5);
    let most = 0.15;
    for (const { box, column, certainty } of seen) {
      const overlap = overlapOf(anchors.boxes, anchor * 4, box);
      const at = anchor * columns + column;
      logits[at] = Math.max(
        logits[at] ?? 0,
        -6 + (certainty + 6) * Math.min(1, overlap / 0.62) + 1.5 * (random() - 0.5),
      );
      if (overlap <= most) continue;
      most = overlap;
      encodeBox(box, 0, anchors.boxes, anchor * 4, deltas, anchor * 4);
    }
  }
  return { logits, deltas };
}

function overlapOf(boxes: Float32Array, i: number, [x1 = 0, y1 = 0, x2 = 0, y2 = 0]: Float32Array): number {
  const [ax1 = 0, ay1 = 0, ax2 = 0, ay2 = 0] = boxes.subarray(i, i + 4);
  const width = Math.min(ax2, x2) - Math.max(ax1, x1);
  const height = Math.min(ay2, y2) - Math.max(ay1, y1);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / ((ax2 - ax1) * (ay2 - ay1) + (x2 - x1) * (y2 - y1) - shared);
}

function imageLabels(labels: NonNullable<SyntheticOptions['labels']>): ImageLabels {
  const file = '/data/slides/slide_007.xml';
  return {
    format: 'voc',
    files: [file],
    labels: labels.map(({ category, box }, i): Label => ({
      id: String(i + 1),
      category,
      categoryId: undefined,
      box,
      crowd: false,
      difficult: false,
      source: { file, start: i * 100, end: i * 100 + 90, line: 10 + i * 9, column: 2 },
    })),
    problems: [],
    categories: [...new Set(labels.map(label => label.category))].map(name => ({ name, id: undefined })),
  };
}
