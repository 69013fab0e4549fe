import { html, type TemplateResult } from 'lit';
import type { Analysis, BreakdownRow } from '../../protocol/analysis';
import { count, loss, percent, unit } from '../words/format';
import { glossary, type Term } from '../words/glossary';
import { bar, term, type BarKind } from './parts';

/** Seven groups of anchors: how many, and what they carry of cross entropy and focal loss. */
export function breakdownTable(analysis: Analysis): TemplateResult {
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
          <th scope="col" class="number">${term('CE', 'cross entropy')}</th>
          <th scope="col" class="number">${term('FL', 'focal loss')}</th>
        </tr>
      </thead>
      <tbody>
        ${analysis.breakdown.map(
          row =>
            html`<tr>
              <th scope="row">${groupName(row.group)}</th>
              ${amount(count(row.anchors), row.anchorShare, 'anchors')}
              ${amount(loss(row.crossEntropy), row.crossEntropyShare, 'crossEntropy')}
              ${amount(loss(row.focal), row.focalShare, 'focal')}
            </tr>`,
        )}
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

function groupName(group: string): TemplateResult {
  const [state, band] = group.split('/') as [Term, Term | undefined];
  return html`<span class="dot ${state}"></span>${term(state)} ${band === undefined ? '' : term(band)}`;
}

function amount(value: string, share: number, kind: BarKind): TemplateResult {
  return html`<td class="number amount">
    <span class="pair"><span class="dim">${value}</span><b>${percent(share)}</b></span>
    ${bar(share, kind)}
  </td>`;
}
