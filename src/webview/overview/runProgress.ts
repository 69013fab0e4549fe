import { html, nothing, type TemplateResult } from 'lit';
import type { DatasetProgress } from '../../protocol/dataset';
import { bar } from '../panel/parts';
import { count, counted } from '../words/format';
import type { OverviewActions } from './overviewModel';
import { duration } from './runFacts';

/** How far the run under way is. */
export function runProgress(progress: DatasetProgress, actions: OverviewActions): TemplateResult {
  const { stage, done, images, failed } = progress;
  return html`<div class="run">
    <div class="run-line">
      <span role="status">${stageText(progress)}</span>
      <button class="link" @click=${() => actions.cancel()}>Cancel</button>
    </div>
    <div
      role="progressbar"
      aria-label="Images analyzed"
      aria-valuemin="0"
      aria-valuemax=${images}
      aria-valuenow=${done}
    >
      ${bar(stage === 'images' && images > 0 ? done / images : 0, 'plain')}
    </div>
    <p class="note">
      ${paceText(progress)}${failed === 0 ? nothing : html`<span class="failed">${counted(failed, 'failure')}</span>`}
    </p>
  </div>`;
}

function stageText({ stage, done, images }: DatasetProgress): string {
  switch (stage) {
    case 'dataset':
      return 'Reading the dataset';
    case 'model':
      return 'Loading the model';
    case 'images':
      return `${count(done)} of ${counted(images, 'image')}`;
  }
}

function paceText({ stage, perSecond, secondsLeft, reused }: DatasetProgress): string {
  if (stage !== 'images') return '';
  const parts = [
    perSecond > 0 ? `${perSecond.toPrecision(2)} per second` : undefined,
    secondsLeft === undefined ? undefined : `${duration(secondsLeft)} left`,
    reused > 0 ? `${count(reused)} unchanged` : undefined,
  ];
  return parts.filter(part => part !== undefined).join(', ');
}
