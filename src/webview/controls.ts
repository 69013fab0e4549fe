/** The small controls of toolbar, bars and legend: native elements in VS Code's colors. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon, type IconName } from './icons';

/** One of several choices. */
export function radioChip(
  group: string,
  name: string | TemplateResult,
  title: string,
  checked: boolean,
  choose: () => void,
): TemplateResult {
  return html`<label class="chip" title=${title}>
    <input type="radio" name=${group} .checked=${checked} @change=${choose} />
    <span>${name}</span>
  </label>`;
}

/** One of several things that may all be on. */
export function checkChip(
  name: string | TemplateResult,
  title: string,
  checked: boolean,
  choose: (checked: boolean) => void,
): TemplateResult {
  return html`<label class="chip" title=${title}>
    <input
      type="checkbox"
      .checked=${live(checked)}
      @change=${(event: Event) => choose((event.target as HTMLInputElement).checked)}
    />
    <span>${name}</span>
  </label>`;
}

/** `title` may end in two spaces and a key. */
export function iconButton(name: IconName, title: string, act: () => void): TemplateResult {
  return html`<button class="icon-button" title=${title} aria-label=${title.split('  ')[0]} @click=${act}>
    ${icon(name)}
  </button>`;
}

/** A button that stays down while something is shown. */
export function toggleButton(
  name: IconName,
  text: string,
  title: string,
  pressed: boolean,
  toggle: (pressed: boolean) => void,
): TemplateResult {
  return html`<button
    class="toggle-button"
    title=${title}
    aria-pressed=${pressed ? 'true' : 'false'}
    @click=${() => toggle(!pressed)}
  >
    ${icon(name)}<span>${text}</span>
  </button>`;
}

export interface Slider {
  readonly name: string;
  readonly title: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** The value as it is shown. */
  readonly text: string;
  readonly disabled?: boolean;
  readonly label?: string | TemplateResult;
  readonly changed: (value: number) => void;
  /** Called when the slider is let go. */
  readonly released?: () => void;
}

export function slider(of: Slider): TemplateResult {
  const { min, max, step, value } = of;
  return html`<label class="slider" title=${of.title}>
    ${of.label === undefined ? nothing : html`<span>${of.label}</span>`}
    <input
      type="range"
      aria-label=${of.name}
      aria-valuetext=${of.text}
      min=${min}
      max=${max}
      step=${step}
      ?disabled=${of.disabled === true}
      .value=${String(value)}
      @input=${(event: Event) => of.changed(Number((event.target as HTMLInputElement).value))}
      @change=${() => of.released?.()}
    />
    <output class="number">${of.text}</output>
  </label>`;
}

export function select(
  name: string,
  value: string,
  options: readonly (readonly [value: string, text: string])[],
  choose: (value: string) => void,
  disabled = false,
): TemplateResult {
  return html`<select
    class="select"
    aria-label=${name}
    title=${name}
    ?disabled=${disabled}
    .value=${value}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
  >
    ${options.map(([option, text]) => html`<option value=${option} ?selected=${option === value}>${text}</option>`)}
  </select>`;
}
