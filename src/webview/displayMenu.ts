import { html, type TemplateResult } from 'lit';
import type { AppActions } from './appModel';
import { select, slider } from './controls';
import { colorMapNames } from './heatmap/colorMaps';
import { icon } from './icons';
import { canSum, combinations } from './lens/metrics';
import type { ViewState } from './lens/viewState';

const combinationNames = { max: 'strongest', sum: 'sum' } as const;

/** How the heatmap is drawn: what is used often in the row, the rest in a menu. */
export function displayMenu(view: ViewState, actions: AppActions): TemplateResult {
  const sums = canSum(view.metric);
  const hasScale = sums || view.metric === 'ratio';
  return html`<div class="legend-controls">
    <vscode-checkbox
      label="Heatmap"
      title="Hold H or the space bar over the picture to hide it for a moment."
      .checked=${view.heatmap}
      @change=${(event: Event) => actions.setView({ heatmap: (event.target as HTMLInputElement).checked })}
    ></vscode-checkbox>
    ${slider({
      name: 'Opacity of the heatmap',
      title: 'Opacity of the heatmap',
      min: 0.1,
      max: 1,
      step: 0.05,
      value: view.opacity,
      text: `${Math.round(view.opacity * 100)}%`,
      changed: opacity => actions.setView({ opacity }),
    })}
    <details class="menu" @focusout=${closeWhenLeft} @keydown=${closeOnEscape}>
      <summary class="icon-button" title="How the heatmap is drawn" aria-label="How the heatmap is drawn">
        ${icon('settings')}
      </summary>
      <div class="menu-body">
        <label
          ><span>Anchors of a place</span>${select(
            'How the anchors of a place become one value',
            sums ? view.combination : 'max',
            combinations.map(name => [name, combinationNames[name]] as const),
            value => actions.setView({ combination: value === 'sum' ? 'sum' : 'max' }),
            !sums,
          )}</label
        >
        <label
          ><span>Scale</span>${select(
            'Scale',
            hasScale && view.logarithmic ? 'log' : 'linear',
            [
              ['log', 'logarithmic'],
              ['linear', 'linear'],
            ],
            value => actions.setView({ logarithmic: value === 'log' }),
            !hasScale,
          )}</label
        >
        <label
          ><span>Tiles</span>${select(
            'Tiles',
            view.smooth ? 'smooth' : 'nearest',
            [
              ['nearest', 'nearest: true anchors'],
              ['smooth', 'smoothed'],
            ],
            value => actions.setView({ smooth: value === 'smooth' }),
            view.metric === 'state',
          )}</label
        >
        <label
          ><span>Colors</span>${select(
            'Color map',
            view.colorMap,
            colorMapNames.map(name => [name, name] as const),
            value => actions.setView({ colorMap: colorMapNames.find(name => name === value) ?? view.colorMap }),
            view.metric === 'state',
          )}</label
        >
      </div>
    </details>
  </div>`;
}

function closeWhenLeft(event: FocusEvent): void {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (!(event.relatedTarget instanceof Node) || !menu.contains(event.relatedTarget)) menu.open = false;
}

function closeOnEscape(event: KeyboardEvent): void {
  if (event.key !== 'Escape') return;
  const menu = event.currentTarget as HTMLDetailsElement;
  menu.open = false;
  menu.querySelector('summary')?.focus();
}
