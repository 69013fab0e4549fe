import { html, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from './appModel';
import { icon, type IconName } from './icons';
import type { LensImage } from './lens/lensImage';
import type { Metric } from './lens/metrics';
import { allLevels } from './lens/viewState';
import { unit } from './words/format';
import { glossary } from './words/glossary';

const metricChips: readonly { readonly metric: Metric; readonly name: string; readonly title: string }[] = [
  { metric: 'focal', name: 'Focal loss', title: glossary.FL },
  { metric: 'crossEntropy', name: 'Cross entropy', title: glossary.CE },
  { metric: 'pt', name: 'p_t', title: glossary.p_t },
  { metric: 'state', name: 'Assignment', title: 'Which anchors are foreground, background and ignored.' },
];

/** What the heatmap shows, on which levels, and which boxes are drawn. */
export function toolbar(image: LensImage, { view, magnification }: AppModel, actions: AppActions): TemplateResult {
  const { levels } = image.analysis.anchors;
  const all = (1 << levels.length) - 1;
  const shown = view.levelMask & all;
  return html`<header class="toolbar" aria-label="Heatmap">
    <fieldset class="chips">
      <legend class="hidden-visually">Value</legend>
      ${metricChips.map(({ metric, name, title }) =>
        chip('metric', name, title, view.metric === metric, () => actions.setView({ metric })),
      )}
    </fieldset>
    <fieldset class="chips">
      <legend class="hidden-visually">Level</legend>
      ${chip('level', 'All levels', glossary.level, shown === all, () => actions.setView({ levelMask: allLevels }))}
      ${levels.map((level, i) =>
        chip('level', level.name, `${level.name} alone: stride ${level.stride.join('×')}`, shown === 1 << i, () =>
          actions.setView({ levelMask: 1 << i }),
        ),
      )}
    </fieldset>
    <div class="boxes">
      <vscode-checkbox
        label="Labels"
        .checked=${view.labels}
        @change=${(event: Event) => actions.setView({ labels: (event.target as HTMLInputElement).checked })}
      ></vscode-checkbox>
      <vscode-checkbox
        label="Detections"
        .checked=${view.detections}
        @change=${(event: Event) => actions.setView({ detections: (event.target as HTMLInputElement).checked })}
      ></vscode-checkbox>
      <label class="slider" title="Detections below this score are hidden.">
        <span>from</span>
        <input
          type="range"
          aria-label="Score threshold of detections"
          min="0.05"
          max="0.95"
          step="0.01"
          .value=${String(view.scoreThreshold)}
          @input=${(event: Event) =>
            actions.setView({ scoreThreshold: Number((event.target as HTMLInputElement).value), detections: true })}
        />
        <output class="number">${unit(view.scoreThreshold)}</output>
      </label>
    </div>
    <div class="zoom" role="group" aria-label="Zoom">
      ${button('zoom-out', 'Zoom out  -', () => actions.zoomBy(1 / 1.5))}
      <button class="text-button number" title="One image pixel a screen pixel  1" @click=${() => actions.actualSize()}>
        ${Math.round(magnification * 100)}%
      </button>
      ${button('zoom-in', 'Zoom in  +', () => actions.zoomBy(1.5))}
      ${button('screen-full', 'Fit the picture  0', () => actions.fit())}
    </div>
  </header>`;
}

function chip(group: string, name: string, title: string, checked: boolean, choose: () => void): TemplateResult {
  return html`<label class="chip" title=${title}>
    <input type="radio" name=${group} .checked=${checked} @change=${choose} />
    <span>${name}</span>
  </label>`;
}

function button(name: IconName, title: string, act: () => void): TemplateResult {
  return html`<button class="icon-button" title=${title} aria-label=${title.split('  ')[0] ?? title} @click=${act}>
    ${icon(name)}
  </button>`;
}
