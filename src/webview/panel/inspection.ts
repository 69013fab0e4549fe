import { html, nothing, type TemplateResult } from 'lit';
import type { CornerBox } from '../../common/boxes';
import type { AnchorInspection, AnchorTerm } from '../../protocol/analysis';
import type { AppActions, PinnedAnchor } from '../appModel';
import { icon } from '../icons';
import { anchorRecord, type AnchorRecord } from '../lens/anchorRecord';
import { anchorBox } from '../lens/geometry';
import type { LensImage } from '../lens/lensImage';
import { termsUnder } from '../lens/termLoss';
import { ownSettings } from '../lens/whatIf';
import { argumentSentence, assignmentSentence, labelName, torchvisionMatching } from '../words/anchorSentence';
import { aspect, count, loss, probability, unit } from '../words/format';
import { stateNames } from '../words/stateNames';
import { anchorJson } from './anchorJson';
import { bar, term } from './parts';

/** How many neighbours the list shows. */
const listed = 12;

/** The pinned anchor: why it is what it is, its boxes, its terms, and the other anchors at its place. */
export function inspection(image: LensImage, pinned: PinnedAnchor, actions: AppActions): TemplateResult {
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
        title="Stronger anchor here  ["
        aria-label="Stronger anchor here"
        @click=${() => actions.stepAnchor(-1)}
      >
        ${icon('chevron-left')}
      </button>
      <button
        class="icon-button"
        title="Weaker anchor here  ]"
        aria-label="Weaker anchor here"
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
    ${facts(image, record)} ${terms(image, pinned.inspection)} ${neighbours(image, pinned, actions)}
    <p class="note">Shift+click another place to compare its anchor with this one.</p>
  </section>`;
}

function known(inspection: PinnedAnchor['inspection']): AnchorInspection | undefined {
  return inspection.kind === 'known' ? inspection.value : undefined;
}

function anchorName(record: AnchorRecord): string {
  return `${record.level} · ${record.size} px · ${aspect(record.ratio)}`;
}

function facts(image: LensImage, record: AnchorRecord): TemplateResult {
  const decoded = (i: number) => image.columns.decoded[record.anchor * 4 + i];
  return html`<dl class="facts">
    ${fact(term('p_t'), record.pt === null ? 'none' : html`${probability(record.pt)} <span class="dim">${record.band}</span>`)}
    ${fact(term('IoU'), html`${unit(record.iou)} ${record.label === undefined ? nothing : html`<span class="dim">${labelName(record.label)}</span>`}`)}
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
      boxText([decoded(0), decoded(1), decoded(2), decoded(3)]),
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

function boxText([x1, y1, x2, y2]: CornerBox): string {
  return `${x1.toFixed(0)}, ${y1.toFixed(0)} · ${(x2 - x1).toFixed(0)} × ${(y2 - y1).toFixed(0)} px`;
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
        <th scope="col" class="number"><abbr title="1 for the class the label asks for, else 0.">target</abbr></th>
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
            <th scope="row">${t.category}</th>
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
  return html`<h3><span>Anchors at this place</span>${term('FL')}</h3>
    <ul
      class="neighbours"
      role="listbox"
      tabindex="0"
      aria-label="Anchors at this place, strongest first"
      aria-activedescendant="anchor-${pinned.anchor}"
      @keydown=${step}
    >
      ${pinned.neighbours.slice(first, first + listed).map(hit => {
        const record = anchorRecord(image, hit.anchor);
        const state = stateNames[record.state];
        return html`<li
          id="anchor-${hit.anchor}"
          role="option"
          aria-selected=${hit.anchor === pinned.anchor ? 'true' : 'false'}
          @click=${() => actions.pin(hit.anchor)}
        >
          <span>${anchorName(record)}</span>
          <span class="dim"><span class="dot ${state}"></span>${state}</span>
          <span class="number dim">p_t ${record.pt === null ? '–' : probability(record.pt)}</span>
          <span class="number">${loss(record.focal)}</span>
        </li>`;
      })}
    </ul>
    ${
      pinned.neighbours.length > listed
        ? html`<p class="note">${count(pinned.neighbours.length - listed)} more; arrow keys go through all.</p>`
        : nothing
    }`;
}
