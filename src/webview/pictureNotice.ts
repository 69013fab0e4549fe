import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from './appModel';
import { icon } from './icons';

/** Says that the picture itself could not be shown; the numbers do not depend on it. */
export function pictureNotice({ phase, hosted }: AppModel, actions: AppActions): TemplateResult | typeof nothing {
  if (phase.kind !== 'ready' && phase.kind !== 'loading') return nothing;
  const place = phase.kind === 'ready' ? phase.image.analysis.image.file : phase.title;
  return html`<div class="picture-notice" role="alert">
    ${icon('warning')}
    <span>
      The picture could not be shown: <code>${place}</code> is gone, unreadable or no image a browser knows. Heatmap and
      numbers are those of the analysis.
      ${
        hosted
          ? 'Check that the file exists and can be read, then analyze it again.'
          : 'Make the report again where the file can be read.'
      }
    </span>
    ${hosted && phase.kind === 'ready' ? html`<button class="link" @click=${() => actions.analyzeAgain()}>Analyze again</button>` : nothing}
  </div>`;
}
