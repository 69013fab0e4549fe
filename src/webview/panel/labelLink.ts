import { html, type TemplateResult } from 'lit';
import type { LabelSummary } from '../../protocol/analysis';
import type { AppActions } from '../appModel';
import { labelName } from '../words/anchorSentence';

/** A label's name; however long its class is, what tells it from others stays readable. */
export function labelText({ category, id }: Pick<LabelSummary, 'category' | 'id'>): TemplateResult {
  return html`<span class="name">${category}</span> #${id}`;
}

/**
 * A label's name, which leads to the label wherever it is read.
 *
 * @param chosen whether its anchors are shown alone already
 */
export function labelLink(
  label: LabelSummary,
  index: number,
  actions: Pick<AppActions, 'toggleLabel'>,
  chosen = false,
): TemplateResult {
  const act = chosen ? 'show the anchors of all labels' : 'zoom to this label and show the anchors matched to it';
  return html`<button
    class="link"
    aria-pressed=${chosen ? 'true' : 'false'}
    title="${labelName(label)}: ${act}"
    @click=${() => actions.toggleLabel(index)}
  >
    ${labelText(label)}
  </button>`;
}

/** Links to labels of an image, from wherever an anchor speaks of one. */
export type LinkToLabel = (label: LabelSummary) => TemplateResult;

/** @param shown index of the label whose anchors are shown alone */
export function labelLinks(
  labels: readonly LabelSummary[],
  shown: number | undefined,
  actions: Pick<AppActions, 'toggleLabel'>,
): LinkToLabel {
  return label => {
    const index = labels.indexOf(label);
    return labelLink(label, index, actions, index === shown);
  };
}
