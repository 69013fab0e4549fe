import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from './appModel';
import { iconButton, select, slider } from './controls';
import { largestGamma, ownSettings, sameLoss, type WhatIf } from './lens/whatIf';
import { unit } from './words/format';
import { glossary } from './words/glossary';
import { precisionSentence, precisionWords } from './words/precision';

const presets = [
  { name: 'Paper: γ 2, α 0.25', gamma: 2, alpha: 0.25 },
  { name: 'Cross entropy', gamma: 0, alpha: -1 },
  { name: 'α-balanced cross entropy', gamma: 0, alpha: 0.75 },
] as const;

/** Gamma, alpha and the bands' thresholds to play with: everything on the page follows. */
export function whatIfBar({ base, view, precision, hosted }: AppModel, actions: AppActions): TemplateResult {
  if (base === undefined) return html``;
  const own = ownSettings(base.analysis);
  const current = view.whatIf ?? own;
  const { gamma, alpha, bands } = current;
  const choose = (change: Partial<WhatIf>) => {
    actions.changeWhatIf(() => change);
    actions.settleLoss();
  };
  const chosen = presets.findIndex(preset => sameLoss(preset, current));
  // An alpha that is off keeps the slider where it is worth most to switch it on again.
  const shownAlpha = alpha < 0 ? (own.alpha < 0 ? 0.25 : own.alpha) : alpha;
  return html`<div class="bar-row what-if" role="group" aria-label="What if">
    ${slider({
      name: 'Gamma',
      label: 'γ',
      title: `${glossary.gamma} This model was analyzed with ${own.gamma}.`,
      min: 0,
      max: largestGamma,
      step: 0.05,
      value: gamma,
      text: unit(gamma),
      changed: value => actions.changeWhatIf(() => ({ gamma: value })),
      released: actions.settleLoss,
    })}
    <span class="pair-of">
      ${slider({
        name: 'Alpha',
        label: 'α',
        title: `${glossary.alpha} This model was analyzed with ${own.alpha < 0 ? 'none' : own.alpha}.`,
        min: 0,
        max: 1,
        step: 0.01,
        value: shownAlpha,
        text: alpha < 0 ? 'off' : unit(alpha),
        disabled: alpha < 0,
        changed: value => actions.changeWhatIf(() => ({ alpha: value })),
        released: actions.settleLoss,
      })}
      <vscode-checkbox
        title="Without alpha, terms of both kinds weigh 1."
        .checked=${alpha >= 0}
        @change=${(event: Event) => choose({ alpha: (event.target as HTMLInputElement).checked ? shownAlpha : -1 })}
        ><span class="hidden-visually">Alpha </span>on</vscode-checkbox
      >
    </span>
    ${select(
      'Losses to compare with',
      String(chosen),
      [
        ...(chosen < 0 ? [['-1', 'Presets …'] as const] : []),
        ...presets.map(({ name }, i) => [String(i), name] as const),
      ],
      value => {
        const preset = presets[Number(value)];
        if (preset !== undefined) choose({ gamma: preset.gamma, alpha: preset.alpha });
      },
    )}
    ${slider({
      name: 'Easy from this p_t',
      label: 'easy ≥',
      title: `${glossary.easy} It is ${own.bands.easy} in the settings.`,
      min: 0.01,
      max: 0.99,
      step: 0.01,
      value: bands.easy,
      text: unit(bands.easy),
      changed: easy => actions.changeWhatIf(({ bands: { hard } }) => ({ bands: { easy, hard: Math.min(hard, easy) } })),
      released: actions.settleLoss,
    })}
    ${slider({
      name: 'Hard below this p_t',
      label: 'hard <',
      title: `${glossary.hard} It is ${own.bands.hard} in the settings.`,
      min: 0.01,
      max: 0.99,
      step: 0.01,
      value: bands.hard,
      text: unit(bands.hard),
      changed: hard => actions.changeWhatIf(({ bands: { easy } }) => ({ bands: { hard, easy: Math.max(easy, hard) } })),
      released: actions.settleLoss,
    })}
    ${
      view.whatIf === undefined
        ? nothing
        : html`<span class="what-if-end">
            <span class="dim" role="status" title=${precisionSentence(precision, hosted)}
              >${precisionWords[precision]}</span
            >
            ${iconButton('discard', 'Back to the model’s own loss', () => choose(own))}
          </span>`
    }
  </div>`;
}
