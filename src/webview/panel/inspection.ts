import { html, nothing, type TemplateResult } from 'lit';
import type { AnchorInspection, AnchorTerm } from '../../protocol/analysis';
import type { AppActions, PinnedAnchor } from '../appModel';
import { icon } from '../icons';
import { anchorRecord, type AnchorRecord } from '../lens/anchorRecord';
import { anchorBox, decodedBox } from '../lens/geometry';
import type { LensImage } from '../lens/lensImage';
import { termsUnder } from '../lens/termLoss';
import { ownSettings } from '../lens/whatIf';
import { argumentSentence, assignmentSentence, torchvisionMatching } from '../words/anchorSentence';
import { boxText, count, loss, probability, unit } from '../words/format';
import { orderValue, orderWords } from '../words/orderWords';
import { anchorName } from '../words/spokenAnchor';
import { stateNames } from '../words/stateNames';
import { anchorJson } from './anchorJson';
import type { LinkToLabel } from './labelLink';
import { bar, term } from './parts';

/** How many neighbours the list shows. */
const listed = 12;

/** The pinned anchor: why it is what it is, its boxes, its terms, and the other anchors at its place. */
export function inspection(
  image: LensImage,
  pinned: PinnedAnchor,
  actions: AppActions,
  linkTo: LinkToLabel,
): TemplateResult {
  const { order } = pinned;
  const record = anchorRecord(image, pinned.anchor);
  const place = pinned.neighbours.findIndex(hit => hit.anchor === pinned.anchor);
  return html`<section class="inspection" aria-label="Inspected anchor">
    <header>
      <h2 title="Level, nominal size in network pixels, width to height, state">
        ${anchorName(record)} <span class="dot ${stateNames[record.state]}"></span>${stateNames[record.state]}
      </h2>
      <span class="dim">${place + 1} of ${pinned.neighbours.length} here</span>
      <button
        class="icon-button"
        title="Previous anchor here, with ${orderWords[order].more}  ["
        aria-label="Previous anchor here, with ${orderWords[order].more}"
        @click=${() => actions.stepAnchor(-1)}
      >
        ${icon('chevron-left')}
      </button>
      <button
        class="icon-button"
        title="Next anchor here, with ${orderWords[order].less}  ]"
        aria-label="Next anchor here, with ${orderWords[order].less}"
        @click=${() => actions.stepAnchor(1)}
      >
        ${icon('chevron-right')}
      </button>
      <button
        class="icon-button"
        title="Copy everything about this anchor as JSON"
        aria-label="Copy this anchor as JSON"
        @click=${() => actions.copy(anchorJson(image, pinned.anchor, known(pinned.inspection)))}
      >
        ${icon('copy')}
      </button>
      <button
        class="icon-button"
        title="Close  Escape"
        aria-label="Close the inspection"
        @click=${() => actions.unpin()}
      >
        ${icon('close')}
      </button>
    </header>
    <p>${assignmentSentence(record, image.analysis.matching ?? torchvisionMatching)} ${argumentSentence(record)}</p>
    ${facts(image, record, linkTo)} ${terms(image, pinned.inspection)} ${neighbours(image, pinned, actions)}
    <p class="note">Shift+click another place, or Shift+Enter on one, compares its anchor with this one.</p>
  </section>`;
}

function known(inspection: PinnedAnchor['inspection']): AnchorInspection | undefined {
  return inspection.kind === 'known' ? inspection.value : undefined;
}

function facts(image: LensImage, record: AnchorRecord, linkTo: LinkToLabel): TemplateResult {
  return html`<dl class="facts">
    ${fact(term('p_t'), record.pt === null ? 'none' : html`${probability(record.pt)} <span class="dim">${record.band}</span>`)}
    ${fact(term('IoU'), html`${unit(record.iou)} ${record.label === undefined ? nothing : linkTo(record.label)}`)}
    ${fact(term('CE'), loss(record.crossEntropy))} ${fact(term('FL'), loss(record.focal))}
    ${fact(html`<abbr title="Box loss of this anchor, raw.">box loss</abbr>`, record.boxRegression === null ? 'none' : loss(record.boxRegression), 'fact-wide')}
    ${fact(
      html`<abbr title="The class with the largest probability among those the labels do not ask for."
        >worst class</abbr
      >`,
      record.worstClass,
      'fact-wide',
    )}
    ${fact(html`<i class="swatch anchor-color"></i>anchor box`, boxText(anchorBox(image.analysis, record.anchor)), 'fact-wide')}
    ${fact(
      html`<i class="swatch decoded-color"></i
        ><abbr title="Where the model moves this anchor, clipped to the image.">decoded box</abbr>`,
      boxText(decodedBox(image.columns, record.anchor)),
      'fact-wide',
    )}
  </dl>`;
}

function fact(name: TemplateResult, value: TemplateResult | string, kind = ''): TemplateResult {
  return html`<div class=${kind}>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function terms(image: LensImage, state: PinnedAnchor['inspection']): TemplateResult {
  switch (state.kind) {
    case 'none':
      return html`<p class="note">
        The terms of single classes need the model; this report holds each anchor’s sums.
      </p>`;
    case 'pending':
      return html`<p class="note">Asking the model for the terms of its classes …</p>`;
    case 'failed':
      return html`<p class="note">The terms of its classes could not be had: ${state.message}</p>`;
    case 'known':
      return termTable(termsUnder(state.value, ownSettings(image.analysis)).terms);
  }
}

function termTable(shown: readonly AnchorTerm[]): TemplateResult {
  const most = Math.max(...shown.map(t => t.focal), 1e-12);
  return html`<table class="rows">
    <thead>
      <tr>
        <th scope="col">class</th>
        <th scope="col" class="number">${term('targetClass', 'target')}</th>
        <th scope="col" class="number">${term('logit')}</th>
        <th scope="col" class="number">probability</th>
        <th scope="col" class="number">${term('CE')}</th>
        <th scope="col" class="number wide">${term('FL')}</th>
      </tr>
    </thead>
    <tbody>
      ${shown.map(
        t =>
          html`<tr>
            <th scope="row" title=${t.category}><span class="name">${t.category}</span></th>
            <td class="number">${t.target}</td>
            <td class="number">${t.logit.toFixed(2)}</td>
            <td class="number">${probability(t.probability)}</td>
            <td class="number">${loss(t.crossEntropy)}</td>
            <td class="number amount"><b>${loss(t.focal)}</b>${bar(t.focal / most, 'focal')}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function neighbours(image: LensImage, pinned: PinnedAnchor, actions: AppActions): TemplateResult {
  const place = pinned.neighbours.findIndex(hit => hit.anchor === pinned.anchor);
  const first = Math.max(0, Math.min(place - 3, pinned.neighbours.length - listed));
  const step = (event: KeyboardEvent) => {
    const direction = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : undefined;
    if (direction === undefined) return;
    event.preventDefault();
    actions.stepAnchor(direction);
  };
  const { order } = pinned;
  const { first: leading } = orderWords[order];
  // p_t stands in its own column; behind it the focal loss.
  const value = order === 'pt' ? 'focal' : order;
  return html`<h3>
      <span>Anchors at this place, ${leading} first</span
      >${value === 'ratio' ? html`<span>FL / CE</span>` : term(value === 'focal' ? 'FL' : 'CE')}
    </h3>
    <ul
      class="neighbours"
      role="grid"
      tabindex="0"
      aria-label="Anchors at this place, ${leading} first"
      aria-rowcount=${pinned.neighbours.length}
      aria-activedescendant="anchor-${pinned.anchor}"
      @keydown=${step}
    >
      ${pinned.neighbours.slice(first, first + listed).map((hit, i) => {
        const record = anchorRecord(image, hit.anchor);
        const state = stateNames[record.state];
        const isPinned = hit.anchor === pinned.anchor;
        return html`<li
          id="anchor-${hit.anchor}"
          role="row"
          aria-rowindex=${first + i + 1}
          aria-selected=${isPinned ? 'true' : 'false'}
          @click=${(event: MouseEvent) => {
            if (event.shiftKey && !isPinned) actions.compare(hit.anchor);
            else actions.pin(hit.anchor);
          }}
        >
          <span role="gridcell">${anchorName(record)}</span>
          <span role="gridcell" class="dim"><span class="dot ${state}"></span>${state}</span>
          <span role="gridcell" class="number dim">p_t ${record.pt === null ? '–' : probability(record.pt)}</span>
          <span role="gridcell" class="number">${orderValue(record, value).text}</span>
          <span role="gridcell">${isPinned ? nothing : compareButton(hit.anchor, record, actions)}</span>
        </li>`;
      })}
    </ul>
    ${
      pinned.neighbours.length > listed
        ? html`<p class="note">${count(pinned.neighbours.length - listed)} more; arrow keys go through all.</p>`
        : nothing
    }`;
}

function compareButton(anchor: number, record: AnchorRecord, actions: AppActions): TemplateResult {
  return html`<button
    class="icon-button"
    title="Compare with the inspected anchor"
    aria-label="Compare ${anchorName(record)} with the inspected anchor"
    @click=${(event: MouseEvent) => {
      event.stopPropagation();
      actions.compare(anchor);
    }}
  >
    ${icon('split-horizontal')}
  </button>`;
}
