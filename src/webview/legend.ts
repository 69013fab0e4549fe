import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from './appModel';
import { colorMap, colorMapNames, cssColor, stateColors } from './heatmap/colorMaps';
import type { LensImage } from './lens/lensImage';
import {
  canSum,
  combinations,
  heatScale,
  scalePosition,
  type Combination,
  type HeatScale,
  type Metric,
} from './lens/metrics';
import { loss } from './words/format';
import { glossary } from './words/glossary';

/** What the colours mean, with unit, scale and where it is clipped, and how the heatmap is drawn. */
export function legend(image: LensImage, { view }: AppModel, actions: AppActions): TemplateResult {
  const sums = canSum(view.metric);
  const combination = sums ? view.combination : 'max';
  return html`<div class="legend" role="group" aria-label="Legend and drawing of the heatmap">
    <div class="legend-scale">
      ${
        view.metric === 'state'
          ? stateLegend()
          : ramp(
              view.metric,
              combination,
              heatScale(view.metric, combination, view.logarithmic),
              view.colorMap,
              largestOf(image, view.metric),
            )
      }
    </div>
    <div class="legend-controls">
      <vscode-checkbox
        label="Heatmap"
        title="Hold H or the space bar over the picture to hide it for a moment."
        .checked=${view.heatmap}
        @change=${(event: Event) => actions.setView({ heatmap: (event.target as HTMLInputElement).checked })}
      ></vscode-checkbox>
      <label class="slider">
        <input
          type="range"
          aria-label="Opacity of the heatmap"
          title="Opacity of the heatmap"
          min="0.1"
          max="1"
          step="0.05"
          .value=${String(view.opacity)}
          @input=${(event: Event) => actions.setView({ opacity: Number((event.target as HTMLInputElement).value) })}
        />
        <output class="number">${Math.round(view.opacity * 100)}%</output>
      </label>
      ${select(
        'How the anchors of a place become one value',
        combination,
        combinations,
        combinationNames,
        sums,
        value => actions.setView({ combination: value as Combination }),
      )}
      ${select(
        'Scale',
        sums && view.logarithmic ? 'log' : 'linear',
        ['log', 'linear'],
        { log: 'log scale', linear: 'linear scale' },
        sums,
        value => actions.setView({ logarithmic: value === 'log' }),
      )}
      ${select('Color map', view.colorMap, colorMapNames, {}, view.metric !== 'state', value =>
        actions.setView({ colorMap: colorMapNames.find(name => name === value) ?? view.colorMap }),
      )}
    </div>
  </div>`;
}

const combinationNames = { max: 'strongest', sum: 'sum' };

function ramp(
  metric: Metric,
  combination: Combination,
  scale: HeatScale,
  map: AppModel['view']['colorMap'],
  most: number,
) {
  const table = colorMap(map);
  const stops = Array.from({ length: 33 }, (_, i) => cssColor(table, i / 32)).join(', ');
  const ticks = metric === 'pt' ? ptTicks : lossTicks(scale);
  const peak = metric === 'pt' ? undefined : most;
  return html`<div class="legend-title">
      <span>${title(metric, combination)}</span>
      <span class="dim">${metric === 'pt' ? 'linear' : unitNote(scale)}</span>
    </div>
    <div class="ramp" .style=${`background-image:linear-gradient(to right, ${stops})`}>
      ${
        peak === undefined
          ? nothing
          : html`<i class="peak" .style=${place(scale, peak)} title="Strongest anchor of the image: ${loss(peak)}"></i>`
      }
    </div>
    <div class="ticks number">
      ${ticks.map(({ text, value }) => html`<span .style=${place(scale, value)}>${text}</span>`)}
    </div>`;
}

function place(scale: HeatScale, value: number): string {
  return `left:${(scalePosition(scale, value) * 100).toFixed(1)}%`;
}

function unitNote({ logarithmic }: HeatScale): TemplateResult {
  const clipped = 'Values below the scale are transparent, values above it have its last color.';
  return html`<abbr title="${glossary.raw} ${clipped}">raw, ${logarithmic ? 'log' : 'linear'}</abbr>`;
}

function title(metric: Metric, combination: Combination): string {
  const place = combination === 'sum' ? 'sum over each place' : 'strongest anchor per place';
  switch (metric) {
    case 'focal':
      return `Focal loss, ${place}`;
    case 'crossEntropy':
      return `Cross entropy, ${place}`;
    case 'ratio':
      return 'Focal loss over cross entropy, largest per place';
    case 'pt':
      return 'p_t, hardest anchor per place';
    case 'state':
      return 'Assignment';
  }
}

interface Tick {
  readonly text: string;
  readonly value: number;
}

/** The scale's position is 1 - p_t. */
const ptTicks: readonly Tick[] = [1, 0.75, 0.5, 0.25, 0].map(pt => ({ text: String(pt), value: 1 - pt }));

function lossTicks({ logarithmic, low, high }: HeatScale): Tick[] {
  const values = logarithmic ? [low, low * 10, low * 100, high] : [0, high / 4, high / 2, (high * 3) / 4, high];
  return values.map((value, i) => {
    const end = i === values.length - 1 ? '≥ ' : i === 0 && logarithmic ? '≤ ' : '';
    return { text: `${end}${Number(value.toPrecision(3))}`, value };
  });
}

function stateLegend(): TemplateResult {
  return html`<div class="legend-title"><span>Assignment of the anchors of each place</span></div>
    <div class="keys">
      ${(['foreground', 'ignored'] as const).map(
        state =>
          html`<span title="${glossary[state]} A place shows foreground if any of its anchors is, else ignored."
            ><i class="key" .style=${`background:rgb(${stateColors[state].join(' ')})`}></i>${state}</span
          >`,
      )}
      <span title=${glossary.background}><i class="key none"></i>background only</span>
    </div>`;
}

function largestOf(image: LensImage, metric: Metric): number {
  let most = 0;
  for (const value of image.values(metric)) if (value > most) most = value;
  return most;
}

function select(
  name: string,
  value: string,
  options: readonly string[],
  names: Readonly<Record<string, string>>,
  enabled: boolean,
  choose: (value: string) => void,
): TemplateResult {
  return html`<select
    class="select"
    aria-label=${name}
    title=${name}
    ?disabled=${!enabled}
    .value=${value}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
  >
    ${options.map(option => html`<option value=${option} ?selected=${option === value}>${names[option] ?? option}</option>`)}
  </select>`;
}
