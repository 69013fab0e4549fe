import { html, nothing, type TemplateResult } from 'lit';
import { breakdownSentence } from '../../protocol/breakdownSentence';
import type { AppActions } from '../appModel';
import type { AnchorFilter } from '../lens/anchorFilter';
import type { LensImage } from '../lens/lensImage';
import type { LossPrecision } from '../lossFollower';
import { breakdownTable } from './breakdown';
import { lossSummary } from './lossSummary';
import { copyButton } from './parts';
import { breakdownRows, summaryValues } from './summaryText';

/** What the panel opens with: the breakdown in a sentence and as a table, and the two losses. */
export function summary(
  { analysis }: LensImage,
  filter: AnchorFilter,
  precision: LossPrecision,
  actions: AppActions,
): TemplateResult {
  const sentence = breakdownSentence(analysis);
  return html`<section class="summary" aria-label="Breakdown" data-section="summary">
    <p class="opening copyable">${emphasised(sentence)} ${copyButton('sentence', () => actions.copy(sentence))}</p>
    ${
      analysis.labelFile === undefined
        ? html`<p class="banner" role="status">
            No label file was found for this image, so every anchor counts as background and the losses are divided by
            1.
          </p>`
        : nothing
    }
    <div class="copyable">
      ${breakdownTable(analysis, filter, actions)}
      ${copyButton('breakdown', () => actions.copy(breakdownRows(analysis)))}
    </div>
    <div class="copyable">
      ${lossSummary(analysis, precision)}
      ${copyButton('losses', () => actions.copy(summaryValues(analysis, precision)))}
    </div>
  </section>`;
}

/** The sentence with its percentages set in bold and its threshold in one line. */
function emphasised(sentence: string): (string | TemplateResult)[] {
  return sentence.split(/([<>]?\d[\d.,]*\s?%|p_t ≥ [\d.]*\d)/).map((part, i) => {
    if (i % 2 === 0) return part;
    return part.endsWith('%') ? html`<strong>${part}</strong>` : html`<span class="nowrap">${part}</span>`;
  });
}
