import { html, type TemplateResult } from 'lit';
import type { BandThresholds, BreakdownGroup } from '../../protocol/analysis';
import type { BandTotal } from '../../protocol/dataset';
import { bandOf } from '../lens/bands';
import { bar } from '../panel/parts';
import { count, loss, percent, unit } from '../words/format';
import { glossary, type Term } from '../words/glossary';
import type { OverviewActions } from './overviewModel';

/** Seven groups of anchors: their share of the anchors, of the cross entropy, and of the focal loss. */
export function bandList(
  breakdown: readonly BandTotal[],
  chosen: string | undefined,
  actions: OverviewActions,
): TemplateResult {
  return html`<div class="share head" aria-hidden="true">
      <span></span><span class="dim">anchors</span><span class="dim">focal loss</span>
    </div>
    <ul class="shares">
      ${breakdown
        .filter(({ anchors }) => anchors > 0)
        .map(row => {
          const { group } = row;
          const [state, band] = group.split('/') as [Term, Term | undefined];
          const isChosen = chosen === group;
          const meaning = band === undefined ? glossary[state] : `${glossary[state]} ${glossary[band]}`;
          const amounts = `${count(row.anchors)} anchors (${percent(row.anchorShare)}), cross entropy ${loss(row.crossEntropy)} (${percent(row.crossEntropyShare)}), focal loss ${loss(row.focal)} (${percent(row.focalShare)}).`;
          return html`<li>
            <button
              class="share band ${isChosen ? 'chosen' : ''}"
              aria-pressed=${isChosen ? 'true' : 'false'}
              title="${meaning} ${amounts} ${isChosen ? 'Click to show all again.' : 'Click for the images where it carries most.'}"
              @click=${() => actions.filter('band', isChosen ? undefined : group)}
            >
              <span class="name"
                ><span class="dot ${state}"></span>${state}${band === undefined ? '' : ` ${band}`}</span
              >
              <span class="dim">${percent(row.anchorShare)}</span>
              <b>${percent(row.focalShare)}</b>
              ${bar(row.anchorShare, 'anchors')}${bar(row.crossEntropyShare, 'crossEntropy')}${bar(row.focalShare, 'focal')}
            </button>
          </li>`;
        })}
    </ul>
    <p class="note band-legend">
      <span><i class="swatch anchors"></i>anchors</span>
      <span><i class="swatch cross-entropy"></i>cross entropy</span>
      <span><i class="swatch focal"></i>focal loss</span>
    </p>`;
}

/** The group that anchors at a p_t are in. */
export function bandAt(state: 'foreground' | 'background', pt: number, bands: BandThresholds): BreakdownGroup {
  return `${state}/${bandOf(pt, bands)}`;
}

export function bandSentence({ easy, hard }: BandThresholds): string {
  return `Easy from p_t ${unit(easy)}, hard below ${unit(hard)}.`;
}
