import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, PinnedAnchor } from './appModel';
import { iconButton } from './controls';
import { anchorRecord, type AnchorRecord } from './lens/anchorRecord';
import { anchorBox, decodedBox } from './lens/geometry';
import type { LensImage } from './lens/lensImage';
import { termsUnder } from './lens/termLoss';
import { ownSettings } from './lens/whatIf';
import type { LinkToLabel } from './panel/labelLink';
import { copyButton, textOf } from './panel/parts';
import { assignmentSentence, torchvisionMatching } from './words/anchorSentence';
import { boxText, loss, probability, unit } from './words/format';
import { glossary } from './words/glossary';
import { anchorName } from './words/spokenAnchor';
import { stateNames } from './words/stateNames';

/** The pinned anchor and another one side by side: why each is what it is, its values and boxes, and the classes that weigh most in either. */
export function comparison(
  image: LensImage,
  pinned: PinnedAnchor,
  compared: PinnedAnchor,
  actions: AppActions,
  linkTo: LinkToLabel,
): TemplateResult {
  const pair = [pinned, compared] as const;
  const records = pair.map(({ anchor }) => anchorRecord(image, anchor));
  return html`<section class="comparison" aria-label="Comparison of two anchors">
    <header>
      <h2>A and B compared</h2>
      ${copyButton('comparison', event => actions.copy(comparisonText(event)))}
      ${iconButton('close', 'Close the comparison  Escape', () => actions.uncompare())}
    </header>
    ${records.map(
      (record, i) =>
        html`<p>
          <b class="pin-name">${'AB'[i]}</b>
          ${assignmentSentence(record, image.analysis.matching ?? torchvisionMatching)}
        </p>`,
    )}
    <table class="rows">
      <thead>
        <tr>
          <th scope="col"></th>
          ${records.map((record, i) => html`<th scope="col" class="number"><b class="pin-name">${'AB'[i]}</b> ${anchorName(record)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ text, title, value }) =>
            html`<tr>
              <th scope="row"><abbr title=${title ?? nothing}>${text}</abbr></th>
              ${records.map(record => html`<td class="number">${value(record, image, linkTo)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${terms(image, pair)}
  </section>`;
}

/** The tables of the comparison that an event comes from, cells separated by tabs. */
function comparisonText(event: Event): string {
  const section = (event.currentTarget as Element).closest('.comparison');
  return section === null ? '' : textOf(section);
}

interface Row {
  readonly text: string;
  readonly title?: string;
  readonly value: (record: AnchorRecord, image: LensImage, linkTo: LinkToLabel) => string | TemplateResult;
}

const rows: readonly Row[] = [
  {
    text: 'state',
    value: ({ state }) => html`<span class="dot ${stateNames[state]}"></span>${stateNames[state]}`,
  },
  { text: 'label', value: ({ label }, _, linkTo) => (label === undefined ? 'none near' : linkTo(label)) },
  { text: 'IoU', title: glossary.IoU, value: ({ iou }) => unit(iou) },
  { text: 'p_t', title: glossary.p_t, value: ({ pt, band }) => (pt === null ? 'none' : `${probability(pt)} ${band}`) },
  { text: 'CE', title: glossary.CE, value: ({ crossEntropy }) => loss(crossEntropy) },
  { text: 'FL', title: glossary.FL, value: ({ focal }) => loss(focal) },
  {
    text: 'box loss',
    title: 'Box loss of this anchor, raw.',
    value: ({ boxRegression }) => (boxRegression === null ? 'none' : loss(boxRegression)),
  },
  {
    text: 'worst class',
    title: 'The class with the largest probability among those the labels do not ask for.',
    value: ({ worstClass }) => worstClass,
  },
  {
    text: 'anchor box',
    title: 'x, y · width × height, pixels of the image.',
    value: ({ anchor }, { analysis }) => wrapped(boxText(anchorBox(analysis, anchor))),
  },
  {
    text: 'decoded box',
    title: 'Where the model moves this anchor, clipped to the image.',
    value: ({ anchor }, { columns }) => wrapped(boxText(decodedBox(columns, anchor))),
  },
];

/** A box's text, which may go on behind its place in the picture. */
function wrapped(text: string): TemplateResult {
  const [place, size] = text.split(' · ');
  return html`<span class="nowrap">${place} ·</span> <span class="nowrap">${size}</span>`;
}

/** Probability and focal loss of the classes among the top terms of either anchor. */
function terms(image: LensImage, pair: readonly [PinnedAnchor, PinnedAnchor]): TemplateResult | typeof nothing {
  const settings = ownSettings(image.analysis);
  const known = pair.map(({ inspection }) =>
    inspection.kind === 'known' ? termsUnder(inspection.value, settings).terms : [],
  );
  const categories = [...new Set(known.flatMap(own => own.slice(0, 3)).map(term => term.category))];
  if (categories.length === 0) return nothing;
  const names = [...'AB'].map(letter => html`<b class="pin-name">${letter}</b>`);
  return html`<table class="rows comparison-terms">
    <thead>
      <tr>
        <th scope="col">class</th>
        ${names.map(
          pin =>
            html`<th scope="col" class="number">${pin} probability</th>
              <th scope="col" class="number">${pin} <abbr title=${glossary.FL}>FL</abbr></th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${categories.map(
        category =>
          html`<tr>
            <th scope="row" title=${category}><span class="name">${category}</span></th>
            ${known.map(own => {
              const term = own.find(candidate => candidate.category === category);
              return html`<td class="number">${term === undefined ? '–' : probability(term.probability)}</td>
                <td class="number">${term === undefined ? '–' : loss(term.focal)}</td>`;
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
