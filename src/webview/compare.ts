import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, PinnedAnchor } from './appModel';
import { iconButton } from './controls';
import { anchorRecord, type AnchorRecord } from './lens/anchorRecord';
import type { LensImage } from './lens/lensImage';
import { termsUnder } from './lens/termLoss';
import { ownSettings } from './lens/whatIf';
import { labelName } from './words/anchorSentence';
import { aspect, loss, probability, unit } from './words/format';
import { glossary } from './words/glossary';
import { stateNames } from './words/stateNames';

/** The pinned anchor and another one side by side, the classes that weigh most in either below. */
export function comparison(
  image: LensImage,
  pinned: PinnedAnchor,
  compared: PinnedAnchor,
  actions: AppActions,
): TemplateResult {
  const pair = [pinned, compared] as const;
  const records = pair.map(({ anchor }) => anchorRecord(image, anchor));
  return html`<section class="comparison" aria-label="Comparison of two anchors">
    <header>
      <h2>A and B compared</h2>
      ${iconButton('close', 'Close the comparison  Escape', () => actions.uncompare())}
    </header>
    <table class="rows">
      <thead>
        <tr>
          <th scope="col"></th>
          ${records.map((record, i) => html`<th scope="col" class="number"><b class="pin-name">${'AB'[i]}</b> ${name(record)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ text, title, value }) =>
            html`<tr>
              <th scope="row"><abbr title=${title ?? nothing}>${text}</abbr></th>
              ${records.map(record => html`<td class="number">${value(record)}</td>`)}
            </tr>`,
        )}
        ${terms(image, pair)}
      </tbody>
    </table>
  </section>`;
}

function name({ level, size, ratio }: AnchorRecord): string {
  return `${level} · ${size} px · ${aspect(ratio)}`;
}

interface Row {
  readonly text: string;
  readonly title?: string;
  readonly value: (record: AnchorRecord) => string | TemplateResult;
}

const rows: readonly Row[] = [
  {
    text: 'state',
    value: ({ state }) => html`<span class="dot ${stateNames[state]}"></span>${stateNames[state]}`,
  },
  { text: 'label', value: ({ label }) => (label === undefined ? 'none near' : labelName(label)) },
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
];

/** Probability and focal loss of the classes among the top terms of either anchor. */
function terms(image: LensImage, pair: readonly [PinnedAnchor, PinnedAnchor]): TemplateResult[] {
  const settings = ownSettings(image.analysis);
  const known = pair.map(({ inspection }) =>
    inspection.kind === 'known' ? termsUnder(inspection.value, settings).terms : [],
  );
  const categories = [...new Set(known.flatMap(own => own.slice(0, 3)).map(term => term.category))];
  return categories.map(
    category =>
      html`<tr>
        <th scope="row">${category}</th>
        ${known.map(own => {
          const term = own.find(candidate => candidate.category === category);
          return html`<td class="number">
            ${term === undefined ? '–' : html`<span class="dim">p ${probability(term.probability)}</span> FL ${loss(term.focal)}`}
          </td>`;
        })}
      </tr>`,
  );
}
