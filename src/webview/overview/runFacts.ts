import { html, nothing, type TemplateResult } from 'lit';
import type { RunInfo } from '../../protocol/dataset';
import { count, fileName } from '../words/format';

const states = {
  done: undefined,
  running: 'interrupted',
  cancelled: 'cancelled',
  failed: 'failed',
} as const;

const boxLosses: Readonly<Record<string, string>> = { l1: 'L1', smooth_l1: 'smooth L1', giou: 'GIoU' };

/** What the latest run was made with. */
export function runFacts(run: RunInfo, underWay: boolean): TemplateResult {
  const time = new Date(run.started);
  const state = underWay ? undefined : states[run.state];
  return html`<dl class="facts-list">
    ${fact('model', fileName(run.model), run.model)} ${fact('network', run.architecture)}
    ${fact('parameters', count(run.parameters))}
    ${fact('runtime', `${run.runtime}, ${run.provider}`, run.providerReason)}
    ${fact('γ · α', `${run.gamma} · ${run.alpha < 0 ? 'off' : run.alpha}`)}
    ${fact('box loss', boxLosses[run.boxLoss] ?? run.boxLoss)}
    ${Number.isNaN(time.getTime()) ? nothing : fact('started', time.toLocaleString())}
    ${underWay ? nothing : fact('images', imagesText(run))} ${underWay ? nothing : fact('duration', durationText(run))}
    ${state === undefined ? nothing : fact('state', state)}
  </dl>`;
}

function imagesText({ computed, reused }: RunInfo): string {
  const analyzed = `${count(computed)} analyzed`;
  return reused === 0 ? analyzed : `${analyzed}, ${count(reused)} unchanged`;
}

function durationText({ computed, seconds }: RunInfo): string {
  const pace = seconds > 0 && computed > 0 ? `, ${(computed / seconds).toPrecision(2)} images per second` : '';
  return `${duration(seconds)}${pace}`;
}

function fact(name: string, value: string, title?: string): TemplateResult {
  return html`<dt>${name}</dt>
    <dd title=${title ?? value}>${value}</dd>`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
