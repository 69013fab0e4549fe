import * as vscode from 'vscode';
import type { MarkLevel } from './markText';

/** The default colors of `focalLens.mark...`: a picture in the gutter cannot follow the theme. */
const colors: Readonly<Record<MarkLevel, { readonly dark: string; readonly light: string }>> = {
  easy: { dark: '#3fb68b', light: '#18795a' },
  moderate: { dark: '#e0a526', light: '#8a6100' },
  hard: { dark: '#f2693f', light: '#b83a12' },
  unmatched: { dark: '#c586c0', light: '#8a3a86' },
};

/** Told apart by shape too: one, two or three bars, or a ring. */
const bars: Readonly<Record<Exclude<MarkLevel, 'unmatched'>, number>> = { easy: 1, moderate: 2, hard: 3 };

export function markIcon(level: MarkLevel, theme: 'dark' | 'light'): vscode.Uri {
  const color = colors[level][theme];
  const shape =
    level === 'unmatched'
      ? `<circle cx="8" cy="8" r="3.6" fill="none" stroke="${color}" stroke-width="1.6" stroke-dasharray="2.4 1.4"/>`
      : [0, 1, 2].map(bar => barShape(bar, bar < bars[level] ? color : undefined, theme)).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shape}</svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}

function barShape(bar: number, color: string | undefined, theme: 'dark' | 'light'): string {
  const height = 3 + 3 * bar;
  const fill = color ?? (theme === 'dark' ? '#ffffff' : '#000000');
  const opacity = color === undefined ? ' fill-opacity="0.16"' : '';
  return `<rect x="${3 + 3.6 * bar}" y="${12.5 - height}" width="2.6" height="${height}" rx="0.6" fill="${fill}"${opacity}/>`;
}
