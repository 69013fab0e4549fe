import { html, svg, type TemplateResult } from 'lit';
import type { BandThresholds } from '../../protocol/analysis';
import { count, counted, powerOfTen } from '../words/format';
import { term } from './parts';

const width = 420;
const height = 110;
const left = 34;
const bottom = 16;

/** Anchors by p_t in equal bins of [0, 1]. */
interface Counts {
  readonly bins: number;
  readonly foreground: Iterable<number>;
  readonly background: Iterable<number>;
}

/** What a click on a bar does. */
export interface BarChoice {
  readonly title: string;
  readonly chosen: boolean;
  readonly choose: () => void;
}

type BarState = 'foreground' | 'background';

/**
 * How many anchors there are at each p_t, on a logarithmic scale, with the thresholds of the bands.
 *
 * @param choiceOf where bars can be clicked: what one does, by the p_t in its middle
 */
export function histogram(
  counts: Counts,
  bands: BandThresholds,
  choiceOf?: (state: BarState, pt: number) => BarChoice,
): TemplateResult {
  const { bins } = counts;
  const foreground = [...counts.foreground];
  const background = [...counts.background];
  const most = Math.max(1, ...foreground, ...background);
  const decades = Math.max(1, Math.ceil(Math.log10(most + 1)));
  // A single anchor stands clear of the axis: the scale begins at a half.
  const y = (value: number) => height * (1 - Math.log10(value * 2) / (decades + Math.log10(2)));
  const x = (pt: number) => left + pt * (width - left);
  const step = (width - left) / bins;
  const bars = (values: readonly number[], name: BarState, offset: number) =>
    values.map((value, i) => {
      if (value === 0) return '';
      const text = `${counted(value, `${name} anchor`)} at p_t ${(i / bins).toFixed(2)} to ${((i + 1) / bins).toFixed(2)}`;
      const start = x(i / bins) + offset * step;
      const bar = (title: string) =>
        svg`<rect class=${name} x=${start} y=${y(value)} width=${step * 0.4} height=${height - y(value)}>
          <title>${title}</title>
        </rect>`;
      const choice = choiceOf?.(name, (i + 0.5) / bins);
      if (choice === undefined) return bar(text);
      const title = `${text}. ${choice.title}`;
      // Its whole column is clicked: bars are as low as a pixel.
      return svg`<g class="choice ${choice.chosen ? 'chosen' : ''}" @click=${choice.choose}>
        <rect class="column" x=${start - 0.05 * step} y="0" width=${step * 0.5} height=${height}>
          <title>${title}</title>
        </rect>
        ${bar(title)}
      </g>`;
    });
  return html`<figure class="histogram">
      <svg viewBox="0 -8 ${width + 2} ${height + bottom + 8}" role="img" aria-label=${description(counts)}>
        ${Array.from({ length: decades + 1 }, (_, i) => {
          const value = 10 ** i;
          return svg`<path class="grid" d="M${left} ${y(value)}H${width}"></path>
            <text x=${left - 5} y=${y(value) + 3} text-anchor="end">${powerOfTen(i)}</text>`;
        })}
        ${[bands.hard, bands.easy].map(pt => svg`<path class="threshold" d="M${x(pt)} -4V${height}"></path>`)}
        ${bars(background, 'background', 0.08)} ${bars(foreground, 'foreground', 0.52)}
        <path class="axis" d="M${left} ${height}H${width}"></path>
        ${[0, 0.25, 0.5, 0.75, 1].map(
          pt => svg`<text x=${x(pt)} y=${height + 12} text-anchor=${pt === 1 ? 'end' : 'middle'}>${pt}</text>`,
        )}
      </svg>
    </figure>
    <p class="note curve-legend">
      <span><i class="swatch background"></i>background</span>
      <span><i class="swatch foreground"></i>foreground</span>
      <span>anchors by ${term('p_t')}, log scale; dashed: hard below ${bands.hard}, easy from ${bands.easy}</span>
    </p>`;
}

function description({ bins, foreground, background }: Counts): string {
  const say = (name: string, counts: Iterable<number>) => {
    const values = [...counts];
    const total = values.reduce((sum, value) => sum + value, 0);
    const low = values.slice(0, bins / 2).reduce((sum, value) => sum + value, 0);
    return `${counted(total, `${name} anchor`)}, ${count(low)} of them below p_t 0.5`;
  };
  return `Histogram of p_t: ${say('background', background)}; ${say('foreground', foreground)}.`;
}
