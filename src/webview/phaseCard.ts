import { html, nothing, type TemplateResult } from 'lit';
import type { AnalysisStage } from '../protocol/messages';
import type { AppActions, AppModel, Phase } from './appModel';
import { icon } from './icons';

const stages: readonly (readonly [AnalysisStage, string])[] = [
  ['model', 'Loading the model'],
  ['decode', 'Reading the picture'],
  ['labels', 'Reading the labels'],
  ['forward', 'Running the network'],
  ['analyse', 'Computing the losses'],
];

/** What stands over the picture while there is no analysis to show. */
export function phaseCard({ phase, hosted }: AppModel, actions: AppActions): TemplateResult | typeof nothing {
  switch (phase.kind) {
    case 'starting':
    case 'ready':
      return nothing;
    case 'loading':
      return loading(phase, actions);
    case 'cancelled':
      return html`<div class="card-box" role="status">
        <h2>Cancelled</h2>
        <p>The analysis${phase.title === '' ? '' : ` of ${phase.title}`} was cancelled.</p>
        <div class="buttons">
          <vscode-button @click=${() => actions.analyzeAgain()}>Analyze again</vscode-button>
        </div>
      </div>`;
    case 'failed':
      return html`<div class="card-box" role="alert">
        <h2>${icon('error')} ${failedTitle(phase.title, hosted)}</h2>
        <p class="message">${phase.message}</p>
        ${
          hosted
            ? html`<div class="buttons">
                <vscode-button @click=${() => actions.analyzeAgain()}>Try again</vscode-button>
                <vscode-button secondary @click=${() => actions.chooseModel()}>Choose model …</vscode-button>
              </div>`
            : nothing
        }
      </div>`;
  }
}

function failedTitle(title: string, hosted: boolean): string {
  if (title === '') return hosted ? 'The analysis failed' : 'There is nothing to show';
  return `${title} could not be ${hosted ? 'analyzed' : 'shown'}`;
}

function loading(phase: Extract<Phase, { kind: 'loading' }>, actions: AppActions): TemplateResult {
  const current = stages.findIndex(([stage]) => stage === phase.stage);
  return html`<div class="card-box" role="status" aria-live="polite">
    <h2>Analyzing ${phase.title}</h2>
    <vscode-progress-bar aria-label=${stages[current]?.[1] ?? 'Analyzing'} indeterminate></vscode-progress-bar>
    <ol class="stages">
      ${stages.map(
        ([, name], i) =>
          html`<li
            class=${i < current ? 'done' : i === current ? 'current' : ''}
            aria-current=${i === current ? 'step' : nothing}
          >
            ${name}
          </li>`,
      )}
    </ol>
    <div class="buttons"><vscode-button secondary @click=${() => actions.cancel()}>Cancel</vscode-button></div>
  </div>`;
}
