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
  const { computed, reused, seconds, started } = run;
  const time = new Date(started);
  const pace = seconds > 0 && computed > 0 ? `, ${(computed / seconds).toPrecision(2)} per second` : '';
  const state = underWay ? undefined : states[run.state];
  return html`<dl class="facts-list">
      ${fact('model', fileName(run.model), run.model)} ${fact('network', run.architecture)}
      ${fact('parameters', count(run.parameters))}
      ${fact('runtime', `${run.runtime}, ${run.provider}`, run.providerReason)}
      ${fact('γ · α', `${run.gamma} · ${run.alpha < 0 ? 'off' : run.alpha}`)}
      ${fact('box loss', boxLosses[run.boxLoss] ?? run.boxLoss)}
      ${Number.isNaN(time.getTime()) ? nothing : fact('started', time.toLocaleString())}
      ${underWay ? nothing : fact('analyzed', `${count(computed)} in ${duration(seconds)}${pace}`)}
      ${reused === 0 ? nothing : fact('unchanged', count(reused))}
      ${state === undefined ? nothing : fact('state', state)}
    </dl>
    ${run.notes.map(note => html`<p class="note">${note}</p>`)}`;
}

function fact(name: string, value: string, title?: string): TemplateResult {
  return html`<dt>${name}</dt>
    <dd title=${title ?? value}>${value}</dd>`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
