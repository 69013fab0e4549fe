import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions } from './appModel';
import { colorMap, cssColor } from './heatmap/colorMaps';
import type { LensImage } from './lens/lensImage';
import {
  heatDomain,
  heatScale,
  scalePosition,
  scaleValue,
  type Combination,
  type HeatScale,
  type Metric,
} from './lens/metrics';
import type { ViewState } from './lens/viewState';
import { loss, powerOfTen, unit } from './words/format';

/** The colors along a fixed axis; its two ends can be dragged, moved by arrow keys, and reset by a double click. */
export function legendRamp(
  image: LensImage,
  view: ViewState,
  combination: Combination,
  actions: AppActions,
): TemplateResult {
  const { metric, logarithmic, range } = view;
  const domain = heatDomain(metric, combination, logarithmic);
  const scale = heatScale(metric, combination, logarithmic, range);
  const low = scalePosition(domain, scale.low);
  const high = scalePosition(domain, scale.high);
  const table = colorMap(view.colorMap);
  const stops = Array.from(
    { length: 33 },
    (_, i) => `${cssColor(table, i / 32)} ${((low + ((high - low) * i) / 32) * 100).toFixed(2)}%`,
  );
  const most = metric === 'pt' ? 0 : largest(image.values(metric));
  const move = (end: 'low' | 'high', position: number) => {
    const gap = 0.02;
    const next =
      end === 'low'
        ? [scaleValue(domain, Math.max(0, Math.min(position, high - gap))), scale.high]
        : [scale.low, scaleValue(domain, Math.min(1, Math.max(position, low + gap)))];
    actions.setView({ range: [next[0], next[1]] });
  };
  const handle = (end: 'low' | 'high', position: number) => {
    const name = end === 'low' ? 'Lower end of the scale' : 'Upper end of the scale';
    const value = end === 'low' ? scale.low : scale.high;
    return html`<i
      class="handle ${end}"
      role="slider"
      tabindex="0"
      aria-label=${name}
      aria-valuemin=${domain.low}
      aria-valuemax=${domain.high}
      aria-valuenow=${value}
      aria-valuetext=${valueText(metric, value)}
      title="${name}: ${valueText(metric, value)}"
      .style=${`left:${(position * 100).toFixed(2)}%`}
      @pointerdown=${startDrag}
      @pointermove=${(event: PointerEvent) => drag(event, at => move(end, at))}
      @keydown=${(event: KeyboardEvent) => step(event, direction => move(end, position + direction * 0.02))}
      ><span class="handle-value number" aria-hidden="true">${valueText(metric, value)}</span></i
    >`;
  };
  return html`<div
      class="ramp"
      .style=${`background-image:linear-gradient(to right, ${stops.join(', ')})`}
      @dblclick=${() => actions.setView({ range: undefined })}
    >
      ${
        most > 0
          ? html`<i
              class="peak"
              .style=${place(domain, most)}
              title="Strongest anchor of the image: ${loss(most)}"
            ></i>`
          : nothing
      }
      ${handle('low', low)} ${handle('high', high)}
    </div>
    <div class="ticks number">
      ${ticks(metric, domain).map(
        ({ text, value }, i, all) =>
          html`<span class=${i === 0 ? 'first' : i === all.length - 1 ? 'last' : ''} .style=${place(domain, value)}
            >${text}</span
          >`,
      )}
    </div>`;
}

function largest(values: Float32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

function place(domain: HeatScale, value: number): string {
  return `left:${(scalePosition(domain, value) * 100).toFixed(2)}%`;
}

/** The p_t scale runs over 1 - p_t. */
function valueText(metric: Metric, value: number): string {
  return metric === 'pt' ? `p_t ${unit(1 - value)}` : loss(value);
}

interface Tick {
  readonly text: string;
  readonly value: number;
}

function ticks(metric: Metric, { logarithmic, low, high }: HeatScale): Tick[] {
  if (metric === 'pt') return [1, 0.75, 0.5, 0.25, 0].map(pt => ({ text: String(pt), value: 1 - pt }));
  if (!logarithmic) {
    return [0, 0.25, 0.5, 0.75, 1].map(share => ({
      text: String(Number((share * high).toPrecision(3))),
      value: share * high,
    }));
  }
  const first = Math.round(Math.log10(low));
  const decades = Math.round(Math.log10(high)) - first;
  return Array.from({ length: decades + 1 }, (_, i) => {
    const power = first + i;
    return { text: powerOfTen(power), value: 10 ** power };
  });
}

function startDrag(event: PointerEvent): void {
  event.preventDefault();
  const handle = event.currentTarget as HTMLElement;
  handle.setPointerCapture(event.pointerId);
  handle.focus();
}

function drag(event: PointerEvent, move: (position: number) => void): void {
  const handle = event.currentTarget as HTMLElement;
  const ramp = handle.parentElement;
  if (!handle.hasPointerCapture(event.pointerId) || ramp === null) return;
  const { left, width } = ramp.getBoundingClientRect();
  move((event.clientX - left) / width);
}

function step(event: KeyboardEvent, move: (direction: 1 | -1) => void): void {
  const up = event.key === 'ArrowRight' || event.key === 'ArrowUp';
  if (!up && event.key !== 'ArrowLeft' && event.key !== 'ArrowDown') return;
  event.preventDefault();
  move(up ? 1 : -1);
}
