import { colorMap, cssColor, stateColors } from '../heatmap/colorMaps';
import type { LensImage } from '../lens/lensImage';
import { canSum, heatScale, type Metric } from '../lens/metrics';
import type { ViewState } from '../lens/viewState';
import type { LossPrecision } from '../lossFollower';
import { focalSettings, loss } from '../words/format';
import { estimateMark } from '../words/precision';
import { pictureSummary } from './pictureSummary';

/** Height of the legend, and of the words, which stand below it where there is no room beside it. */
const legendHeight = 62;
const wordsHeight = 46;
/** Least width for both side by side. */
const wide = 680;
const padding = 14;
const rampWidth = 220;

const metricNames: Readonly<Record<Metric, string>> = {
  focal: 'Focal loss',
  crossEntropy: 'Cross entropy',
  ratio: 'Focal loss over cross entropy',
  pt: 'p_t',
  state: 'Assignment',
};

/**
 * A PNG of the panel: what the stage shows, a caption that names the image and says what the colors mean, and below it
 * the breakdown and the two losses.
 *
 * @param stage device pixels
 * @param shown what of the image the stage shows
 * @param ratio device pixels per CSS pixel
 */
export function pictureFile(
  stage: HTMLCanvasElement,
  image: LensImage,
  shown: { readonly view: ViewState; readonly precision: LossPrecision },
  ratio: number,
): Promise<Blob> {
  const { view, precision } = shown;
  const canvas = document.createElement('canvas');
  canvas.width = stage.width;
  const width = stage.width / ratio;
  const stacked = view.heatmap && width < wide;
  const context = canvas.getContext('2d');
  if (context === null) return Promise.reject(new Error('There is no canvas to draw the picture on'));
  const style = getComputedStyle(document.body);
  const mark = estimateMark(precision);
  const captionHeight = legendHeight + (stacked ? wordsHeight : 0);
  const summary = pictureSummary(context, { analysis: image.analysis, mark, width, font: style.fontFamily });
  canvas.height = stage.height + Math.round((captionHeight + summary.height) * ratio);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(stage, 0, 0);
  context.setTransform(ratio, 0, 0, ratio, 0, stage.height);
  drawCaption(context, image, view, {
    color: style.color,
    font: style.fontFamily,
    width,
    stacked,
    mark,
  });
  context.setTransform(ratio, 0, 0, ratio, 0, stage.height + captionHeight * ratio);
  summary.draw();
  return new Promise((resolve, reject) => {
    canvas.toBlob(blob => (blob === null ? reject(new Error('The picture is too large to save')) : resolve(blob)));
  });
}

interface CaptionStyle {
  readonly color: string;
  readonly font: string;
  /** CSS pixels. */
  readonly width: number;
  readonly stacked: boolean;
  /** Before losses that are estimates. */
  readonly mark: string;
}

function drawCaption(
  context: CanvasRenderingContext2D,
  image: LensImage,
  view: ViewState,
  { color, font, width, stacked, mark }: CaptionStyle,
): void {
  const text = (words: string, x: number, y: number, weight = 'normal', room = width - x - padding) => {
    context.fillStyle = color;
    context.font = `${weight} 12px ${font}`;
    context.textBaseline = 'alphabetic';
    context.fillText(words, x, y, Math.max(1, room));
  };
  const left = view.heatmap && !stacked ? padding * 2 + rampWidth : padding;
  const top = stacked ? legendHeight : 0;
  const { loss: info, model } = image.analysis;
  text(image.title, left, top + (stacked ? 12 : 24), 'bold');
  text(
    `classification ${mark}${loss(info.classification)} · box ${loss(info.boxRegression)} · ` +
      `${focalSettings(info)} · ${model.architecture}`,
    left,
    top + (stacked ? 30 : 44),
  );
  if (view.heatmap) drawLegend(context, view, text);
}

function drawLegend(
  context: CanvasRenderingContext2D,
  view: ViewState,
  text: (words: string, x: number, y: number, weight?: string, room?: number) => void,
): void {
  const { metric } = view;
  const sums = canSum(metric) && view.combination === 'sum';
  text(
    `${metricNames[metric]}, ${sums ? 'sum' : metric === 'pt' ? 'hardest' : 'strongest'} per place`,
    padding,
    18,
    'bold',
    rampWidth,
  );
  if (metric === 'state') {
    (['foreground', 'ignored'] as const).forEach((state, i) => {
      context.fillStyle = `rgb(${stateColors[state].join(' ')})`;
      context.fillRect(padding + i * 110, 28, 12, 12);
      text(state, padding + 18 + i * 110, 39);
    });
    return;
  }
  const scale = heatScale(metric, sums ? 'sum' : 'max', view.logarithmic, view.range);
  const table = colorMap(view.colorMap);
  const gradient = context.createLinearGradient(padding, 0, padding + rampWidth, 0);
  for (let i = 0; i <= 32; i++) gradient.addColorStop(i / 32, cssColor(table, i / 32));
  context.fillStyle = gradient;
  context.fillRect(padding, 25, rampWidth, 9);
  const shown = (value: number) => String(Number((metric === 'pt' ? 1 - value : value).toPrecision(3)));
  const [low, high] = [shown(scale.low), `${metric === 'pt' ? '' : '≥ '}${shown(scale.high)}`];
  text(low, padding, 48);
  text(metric === 'pt' ? '' : scale.logarithmic ? 'log scale' : 'linear', padding + rampWidth / 2 - 24, 48);
  text(high, padding + rampWidth - context.measureText(high).width, 48);
}
