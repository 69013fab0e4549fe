import type { Analysis } from '../../protocol/analysis';
import { breakdownSentence } from '../../protocol/breakdownSentence';
import { boxLosses } from '../panel/lossSummary';
import { count, focalSettings, loss, percent } from '../words/format';
import { themeColors } from './themeColors';

/** What the block below the picture is drawn from and how. */
export interface SummarySource {
  readonly analysis: Analysis;
  /** Before losses that are estimates. */
  readonly mark: string;
  /** CSS pixels. */
  readonly width: number;
  readonly font: string;
}

const padding = 14;
const rowHeight = 24;
const sentenceLine = 22;
const tileHeight = 44;
/** Widths from this on have the tiles in one row. */
const wide = 480;
/** More width spreads the table's columns too far for the eye to follow a row. */
const widest = 900;

const variables = {
  text: 'var(--vscode-foreground)',
  dim: 'var(--lens-dim)',
  line: 'var(--lens-line)',
  track: 'var(--lens-track)',
  anchors: 'var(--lens-anchors)',
  crossEntropy: 'var(--lens-cross-entropy)',
  focal: 'var(--lens-focal)',
  crossEntropyText: 'var(--lens-cross-entropy-text)',
  focalText: 'var(--lens-focal-text)',
  foreground: 'var(--lens-foreground)',
  background: 'var(--lens-background)',
} as const;

type Colors = Record<keyof typeof variables, string>;

/**
 * The panel's opening as a block of a picture: the breakdown in a sentence, the two losses, and the seven groups.
 *
 * @returns its height in CSS pixels, known before it is drawn, and what draws it with its top left corner at the origin
 */
export function pictureSummary(
  context: CanvasRenderingContext2D,
  source: SummarySource,
): { readonly height: number; readonly draw: () => void } {
  const { analysis, font } = source;
  const width = Math.min(source.width, widest);
  const tiles = tilesOf(source);
  const perRow = width < wide ? 2 : tiles.length;
  const lines = wrapped(context, breakdownSentence(analysis), `16px ${font}`, width - 2 * padding);
  const tilesTop = padding + lines.length * sentenceLine + 8;
  const tableTop = tilesTop + Math.ceil(tiles.length / perRow) * (tileHeight + 8) + 8;
  const height = tableTop + (analysis.breakdown.length + 2) * rowHeight + padding;
  return {
    height,
    draw: () => {
      const colors = themeColors(variables);
      const pen = new Pen(context, font);
      context.fillStyle = colors.line;
      context.fillRect(0, 0, source.width, 1);
      drawSentence(pen, lines, colors);
      const room = (width - 2 * padding - (perRow - 1) * 8) / perRow;
      tiles.forEach((tile, i) => {
        const x = padding + (i % perRow) * (room + 8);
        const y = tilesTop + Math.floor(i / perRow) * (tileHeight + 8);
        context.strokeStyle = colors.line;
        context.strokeRect(x + 0.5, y + 0.5, room - 1, tileHeight - 1);
        pen.text(tile.name, x + 10, y + 17, { color: colors.dim, size: 11, room: room - 20 });
        pen.text(tile.value, x + 10, y + 36, { color: colors.text, size: 16, room: room - 20 });
      });
      drawTable(pen, analysis, colors, tableTop, width);
    },
  };
}

interface TextStyle {
  readonly color: string;
  readonly size?: number;
  readonly bold?: boolean;
  readonly right?: boolean;
  /** A longer text is condensed to it. */
  readonly room?: number;
}

class Pen {
  constructor(
    readonly context: CanvasRenderingContext2D,
    private readonly font: string,
  ) {}

  /** @returns the text's width */
  text(
    words: string,
    x: number,
    y: number,
    { color, size = 12, bold = false, right = false, room }: TextStyle,
  ): number {
    const { context } = this;
    context.font = `${bold ? 'bold ' : ''}${size}px ${this.font}`;
    context.fillStyle = color;
    context.textAlign = right ? 'right' : 'left';
    context.textBaseline = 'alphabetic';
    context.fillText(words, x, y, room === undefined ? undefined : Math.max(1, room));
    context.textAlign = 'left';
    return context.measureText(words).width;
  }
}

function tilesOf({ analysis, mark }: SummarySource): { name: string; value: string }[] {
  const { loss: info, anchors } = analysis;
  return [
    { name: 'classification', value: mark + loss(info.classification) },
    { name: `box, ${boxLosses[info.boxLoss].name}`, value: loss(info.boxRegression) },
    { name: 'foreground anchors', value: count(anchors.foreground) },
    { name: 'focal loss with', value: focalSettings(info) },
  ];
}

/** Lines of words no wider than `room`. */
function wrapped(context: CanvasRenderingContext2D, text: string, font: string, room: number): string[] {
  context.font = font;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && context.measureText(longer).width > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** The first percentage stands out; the second and third have the colors of cross entropy and focal loss. */
function drawSentence(pen: Pen, lines: readonly string[], colors: Colors): void {
  const marks = [colors.text, colors.crossEntropyText, colors.focalText];
  let percentages = 0;
  lines.forEach((line, i) => {
    let x = padding;
    const y = padding + (i + 1) * sentenceLine - 6;
    for (const part of line.split(/([<>]?\d[\d.,]*\s?%)/)) {
      const isShare = part.endsWith('%');
      const color = isShare ? (marks[percentages++] ?? colors.text) : colors.text;
      x += pen.text(part, x, y, { color, size: 16, bold: isShare });
    }
  });
}

function drawTable(pen: Pen, { breakdown }: Analysis, colors: Colors, top: number, width: number): void {
  const name = Math.min(190, (width - 2 * padding) * 0.3);
  const column = (width - 2 * padding - name) / 3;
  const left = (i: number) => padding + name + i * column + 16;
  const right = (i: number) => padding + name + (i + 1) * column;
  const kinds = ['anchors', 'crossEntropy', 'focal'] as const;
  pen.text('group', padding, top + 15, { color: colors.dim });
  ['anchors', 'cross entropy', 'focal loss'].forEach((head, i) =>
    pen.text(head, right(i), top + 15, { color: colors.dim, right: true, room: column - 16 }),
  );
  breakdown.forEach((row, r) => {
    const y = top + (r + 1) * rowHeight;
    const [state] = row.group.split('/');
    pen.context.beginPath();
    pen.context.arc(padding + 4, y + 11, 4, 0, 2 * Math.PI);
    pen.context.fillStyle = state === 'foreground' ? colors.foreground : colors.background;
    pen.context.strokeStyle = colors.dim;
    if (state === 'ignored') pen.context.stroke();
    else pen.context.fill();
    pen.text(row.group.replace('/', ' '), padding + 16, y + 15, { color: colors.text, room: name - 20 });
    const cells = [
      { value: count(row.anchors), share: row.anchorShare },
      { value: loss(row.crossEntropy), share: row.crossEntropyShare },
      { value: loss(row.focal), share: row.focalShare },
    ];
    cells.forEach(({ value, share }, i) => {
      const room = (right(i) - left(i)) / 2 - 3;
      pen.text(value, left(i), y + 15, { color: colors.dim, size: 11, room });
      pen.text(percent(share), right(i), y + 15, { color: colors.text, bold: true, right: true, room });
      pen.context.fillStyle = colors.track;
      pen.context.fillRect(left(i), y + 19, right(i) - left(i), 3);
      pen.context.fillStyle = colors[kinds[i]];
      pen.context.fillRect(left(i), y + 19, (right(i) - left(i)) * Math.min(1, share), 3);
    });
  });
  const y = top + (breakdown.length + 1) * rowHeight;
  const sum = (of: (row: Analysis['breakdown'][number]) => number) =>
    breakdown.reduce((total, row) => total + of(row), 0);
  pen.context.fillStyle = colors.line;
  pen.context.fillRect(padding, y + 2, right(2) - padding, 1);
  pen.text('all', padding + 16, y + 18, { color: colors.dim });
  [count(sum(row => row.anchors)), loss(sum(row => row.crossEntropy)), loss(sum(row => row.focal))].forEach(
    (total, i) => pen.text(total, right(i), y + 18, { color: colors.dim, right: true, room: column - 16 }),
  );
}
