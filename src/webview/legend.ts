import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from './appModel';
import { displayMenu } from './displayMenu';
import { stateColors } from './heatmap/colorMaps';
import { legendRamp } from './legendRamp';
import type { LensImage } from './lens/lensImage';
import { term } from './panel/parts';
import { canSum, type Combination, type Metric } from './lens/metrics';
import { glossary } from './words/glossary';
import { zoomControl } from './zoomControl';

/** What the colors mean, with unit, scale and where it is clipped, and how the heatmap is drawn. */
export function legend(image: LensImage, model: AppModel, actions: AppActions): TemplateResult {
  const { view } = model;
  const combination = canSum(view.metric) ? view.combination : 'max';
  const isState = view.metric === 'state';
  return html`<div class="legend" role="group" aria-label="Legend and drawing of the heatmap">
    <div class="legend-scale">
      <div class="legend-title">
        <span>${title(view.metric, combination)}</span>
        ${isState ? nothing : html`<span class="dim">${unitNote(view.metric, view.logarithmic)}</span>`}
      </div>
      ${isState ? stateKeys() : legendRamp(image, view, combination, actions)}
    </div>
    ${displayMenu(view, actions)} ${zoomControl(model, actions)}
  </div>`;
}

function unitNote(metric: Metric, logarithmic: boolean): TemplateResult {
  const clipped =
    'Values below the scale are transparent, values above it have its last color. Drag its ends, double-click to reset.';
  const scale = metric !== 'pt' && logarithmic ? 'log' : 'linear';
  return canSum(metric)
    ? html`<abbr title="${glossary.raw} ${clipped}">raw, ${scale}</abbr>`
    : html`<abbr title=${clipped}>${scale}</abbr>`;
}

function title(metric: Metric, combination: Combination): TemplateResult {
  const place = combination === 'sum' ? 'sum over each place' : 'strongest per place';
  switch (metric) {
    case 'focal':
      return html`${term('FL', 'Focal loss')}, ${place}`;
    case 'crossEntropy':
      return html`${term('CE', 'Cross entropy')}, ${place}`;
    case 'ratio':
      return html`${term('ratio', 'Focal loss / cross entropy')}, largest per place`;
    case 'pt':
      return html`${term('p_t')}, hardest per place`;
    case 'state':
      return html`Assignment of the anchors of each place`;
  }
}

function stateKeys(): TemplateResult {
  return html`<div class="keys">
    ${(['foreground', 'ignored'] as const).map(
      state =>
        html`<span title="${glossary[state]} A place shows foreground if any of its anchors is, else ignored."
          ><i class="key" .style=${`background:rgb(${stateColors[state].join(' ')})`}></i>${state}</span
        >`,
    )}
    <span title=${glossary.background}><i class="key none"></i>background only</span>
  </div>`;
}
