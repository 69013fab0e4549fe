import { html, type TemplateResult } from 'lit';
import type { Analysis, BreakdownRow } from '../../protocol/analysis';
import type { AppActions } from '../appModel';
import { allGroups, type AnchorFilter } from '../lens/anchorFilter';
import { count, loss, percent, unit } from '../words/format';
import { glossary, type Term } from '../words/glossary';
import { bar, longOrShort, term, type BarKind } from './parts';

/**
 * Seven groups of anchors: how many, and what they carry of cross entropy and focal loss. A click on a group shows it
 * alone in heatmap and lists; with the control or shift key it joins or leaves what is shown.
 */
export function breakdownTable(analysis: Analysis, filter: AnchorFilter, actions: AppActions): TemplateResult {
  const { bands, anchors } = analysis;
  const sum = (of: (row: BreakdownRow) => number) => analysis.breakdown.reduce((total, row) => total + of(row), 0);
  return html`<table class="breakdown">
      <caption class="hidden-visually">
        Anchors, cross entropy and focal loss by group
      </caption>
      <thead>
        <tr>
          <th scope="col">group</th>
          <th scope="col" class="number">${term('anchor', 'anchors')}</th>
          <th scope="col" class="number">${term('CE', longOrShort('cross entropy', 'CE'))}</th>
          <th scope="col" class="number">${term('FL', longOrShort('focal loss', 'FL'))}</th>
        </tr>
      </thead>
      <tbody>
        ${analysis.breakdown.map((row, i) => {
          const isShown = (filter.groups & (1 << i)) !== 0;
          const isChosen = isShown && filter.groups !== allGroups;
          return html`<tr
            class=${isChosen ? 'chosen' : isShown ? '' : 'left-out'}
            @click=${(event: MouseEvent) => choose(event, i, filter, actions)}
          >
            <th scope="row">
              <button
                class="group"
                aria-pressed=${isChosen ? 'true' : 'false'}
                title="${groupMeaning(row.group)} ${isChosen ? 'Click to show all groups.' : 'Click to show it alone, with Ctrl to add it.'}"
              >
                ${groupName(row.group)}
              </button>
            </th>
            ${amount(count(row.anchors), row.anchorShare, 'anchors')}
            ${amount(loss(row.crossEntropy), row.crossEntropyShare, 'crossEntropy')}
            ${amount(loss(row.focal), row.focalShare, 'focal')}
          </tr>`;
        })}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">all</th>
          <td class="number">${count(anchors.total)}</td>
          <td class="number">${loss(sum(row => row.crossEntropy))}</td>
          <td class="number">${loss(sum(row => row.focal))}</td>
        </tr>
      </tfoot>
    </table>
    <p class="note">
      <abbr title=${glossary.p_t}>p_t</abbr>: easy from ${unit(bands.easy)}, hard below ${unit(bands.hard)}. Losses are
      <abbr title=${glossary.raw}>raw sums</abbr>; shares are of this image.
    </p>`;
}

function choose(event: MouseEvent, index: number, { groups }: AnchorFilter, actions: AppActions): void {
  const bit = 1 << index;
  const adds = event.ctrlKey || event.metaKey || event.shiftKey;
  const next = groups === allGroups ? bit : adds ? groups ^ bit : groups === bit ? allGroups : bit;
  actions.filter({ groups: next === 0 ? allGroups : next });
}

function parts(group: string): [Term, Term | undefined] {
  return group.split('/') as [Term, Term | undefined];
}

function groupMeaning(group: string): string {
  const [state, band] = parts(group);
  return band === undefined ? glossary[state] : `${glossary[state]} ${glossary[band]}`;
}

function groupName(group: string): TemplateResult {
  const [state, band] = parts(group);
  return html`<span class="dot ${state}"></span>${state}${band === undefined ? '' : ` ${band}`}`;
}

function amount(value: string, share: number, kind: BarKind): TemplateResult {
  return html`<td class="number amount">
    <span class="pair"><span class="dim">${value}</span><b>${percent(share)}</b></span>
    ${bar(share, kind)}
  </td>`;
}
