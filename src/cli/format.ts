/** Numbers, counts and tables as the summaries print them. */
import type { Analysis } from '../protocol/analysis';
import { breakdownSentence, formatShare } from '../protocol/breakdownSentence';
import { tableLines, type Column } from './table';
import type { Palette } from './terminal';

export const left = (title: string): Column => ({ title, align: 'left' });
export const right = (title: string): Column => ({ title, align: 'right' });
export const integer = (value: number) => value.toLocaleString('en-US');
export const plural = (count: number, noun: string) => `${integer(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Losses range over many orders of magnitude: five significant digits, plain where that is short. */
export function decimal(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) return value.toExponential(3);
  return value.toFixed(Math.max(0, Math.min(7, 4 - Math.floor(Math.log10(size)))));
}

export function titled([title = '', ...rows]: readonly string[], style: Palette): string[] {
  return [style.dim(title), ...rows];
}

/** The opening sentence and the table of the seven groups. */
export function breakdownSection(analysis: Pick<Analysis, 'breakdown' | 'bands'>, style: Palette): string[] {
  const columns: Column[] = [
    left('group'),
    right('anchors'),
    right('share'),
    right('cross entropy'),
    right('share'),
    right('focal loss'),
    right('share'),
  ];
  const rows = analysis.breakdown.map(row => [
    row.group,
    integer(row.anchors),
    formatShare(row.anchorShare),
    decimal(row.crossEntropy),
    formatShare(row.crossEntropyShare),
    decimal(row.focal),
    formatShare(row.focalShare),
  ]);
  return [breakdownSentence(analysis), '', ...titled(tableLines(columns, rows), style)];
}
