import { html, nothing, type TemplateResult } from 'lit';
import type { GalleryState } from '../../protocol/gallery';
import type { GalleryActions } from './galleryActions';
import type { GalleryView } from './galleryView';
import { kindNames } from './galleryWords';

/** What stands in the place of the tiles while there is no analysis. */
export function emptyGallery(state: Exclude<GalleryState, { kind: 'ready' }>, actions: GalleryActions): TemplateResult {
  switch (state.kind) {
    case 'loading':
      return html`<main class="gallery-empty" role="status">
        <vscode-progress-ring aria-label="Reading the analysis"></vscode-progress-ring>
      </main>`;
    case 'failed':
      return card(
        'The analysis cannot be read',
        html`<p class="message">${state.message}</p>`,
        html`<vscode-button @click=${() => actions.host('analyzeDataset')}>Analyze dataset again</vscode-button>`,
      );
    case 'empty':
      return card(
        'Nothing to show yet',
        html`<p>
            Analyze ${state.dataset === undefined ? 'a dataset' : html`<b>${state.dataset}</b>`} to see its worst
            labels, suspected label errors and hardest background as pictures, and to decide on them one after the
            other, by keyboard.
          </p>
          ${sketch()} ${state.trusted ? nothing : html`<p>This workspace is in restricted mode: trust it first.</p>`}`,
        html`<vscode-button ?disabled=${!state.trusted} @click=${() => actions.host('analyzeDataset')}
            >Analyze dataset</vscode-button
          >
          <vscode-button secondary @click=${() => actions.host('chooseDataset')}>Choose dataset …</vscode-button>
          <vscode-button secondary @click=${() => actions.host('openSample')}>Open sample …</vscode-button>`,
      );
  }
}

/** A list of the analysis that holds nothing. */
export function emptyList({ source, kind }: GalleryView, actions: GalleryActions): TemplateResult {
  const what =
    source === 'issues'
      ? kind === 'all'
        ? 'No suspected label error is open.'
        : `No suspicion of the kind “${kindNames[kind]}” is open.`
      : source === 'confirmed'
        ? 'No label error is confirmed.'
        : source === 'uncovered'
          ? 'Every label has an anchor.'
          : source === 'labels'
            ? 'The dataset has no labels.'
            : 'No background place stands out.';
  return html`<div class="gallery-empty over" role="status">
    <div class="card-box">
      <h2>${what}</h2>
      ${
        source === 'issues' && kind !== 'all'
          ? html`<div class="buttons">
              <vscode-button secondary @click=${() => actions.setView({ kind: 'all' })}>Show all kinds</vscode-button>
            </div>`
          : nothing
      }
    </div>
  </div>`;
}

/** Tiles to come, as decoration. */
function sketch(): TemplateResult {
  return html`<div class="sketch" aria-hidden="true">${Array.from({ length: 8 }, () => html`<span></span>`)}</div>`;
}

function card(title: string, text: TemplateResult, buttons: TemplateResult): TemplateResult {
  return html`<main class="gallery-empty">
    <div class="card-box">
      <h1>${title}</h1>
      ${text}
      <div class="buttons">${buttons}</div>
    </div>
  </main>`;
}
