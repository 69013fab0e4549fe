import { html, nothing, type TemplateResult } from 'lit';
import type { GalleryDetails, GalleryItem } from '../../protocol/gallery';
import { icon, type IconName } from '../icons';
import { count, fileName, loss, probability, unit } from '../words/format';
import { issueMeanings } from '../words/issueNames';
import type { GalleryKeyActions } from './galleryKeys';
import type { GalleryModel } from './galleryModel';
import { classNames, picture } from './tile';
import { evidenceOf, kindNames, kindOf, measureOf, positionText } from './galleryWords';

/** What is known about the focused tile, and what can be done about it. */
export function detailStrip(model: GalleryModel, actions: GalleryKeyActions): TemplateResult {
  const { focused, large, details, view, layout } = model;
  if (focused === undefined) return html`<aside class="strip" aria-label="Focused tile"></aside>`;
  const { content } = focused;
  const issue = details?.issue ?? (content.type === 'issue' ? content.row : null);
  return html`<aside class="strip" aria-label="Focused tile">
    <div class="picture">${picture(content, large, view.boxes)}</div>
    <div class="strip-text">
      <h2>
        <span class="classes">${classNames(content)}</span>
        ${
          issue === null
            ? html`<span class="tag">${kindOf(content)}</span>`
            : html`<span class="tag" title=${issueMeanings[issue.kind]}
                >${kindNames[issue.kind]} ${unit(issue.score)}</span
              >`
        }
        ${stateOf(details?.triage ?? focused.triage)}
      </h2>
      <p class="evidence">${evidenceOf(content)}</p>
      ${content.type !== 'issue' && issue !== null ? html`<p class="evidence">${issue.evidence}</p>` : nothing}
      <dl class="strip-values number">${values(focused, details)}</dl>
      <p class="dim strip-file" title=${content.row.image}>
        ${fileName(content.row.image)} · ${positionText(view.focus, layout.count)}
      </p>
    </div>
    <div class="strip-actions">${buttons(model, actions)}</div>
  </aside>`;
}

function stateOf(triage: GalleryItem['triage']): TemplateResult | typeof nothing {
  switch (triage.state) {
    case 'open':
      return nothing;
    case 'confirmed':
      return html`<span class="state"
        >${icon('verified')} confirmed${triage.reason === '' ? nothing : html`: ${triage.reason}`}</span
      >`;
    case 'fixed':
      return html`<span class="state">${icon('check')} fixed</span>`;
    case 'dismissed':
      return html`<span class="state">${icon('circle-slash')} dismissed: ${triage.reason}</span>`;
  }
}

function values({ content }: GalleryItem, details: GalleryDetails | undefined): TemplateResult[] {
  const { standing } = details ?? { standing: null };
  if (standing === null) {
    const { text, meaning } = measureOf(content);
    return content.type === 'issue' ? [] : [value(meaning, text)];
  }
  const { label, rank, labels, rankInCategory, labelsOfCategory, categoryMedian } = standing;
  if (label.excluded !== undefined) return [value('loss', 'takes no part')];
  return [
    value('loss', `${loss(label.loss)}, median of its class ${loss(categoryMedian)}`),
    value(
      'rank',
      `${count(rank)} of ${count(labels)}, in its class ${count(rankInCategory)} of ${count(labelsOfCategory)}`,
    ),
    value(
      'p_t',
      label.meanPt === null ? 'no anchor' : `${probability(label.meanPt)} over ${count(label.anchors)} anchors`,
    ),
    value(
      'detected',
      label.bestDetection === null
        ? 'no'
        : `score ${unit(label.bestDetection.score)} at IoU ${unit(label.bestDetection.iou)}`,
    ),
  ];
}

function value(name: string, text: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${text}</dd>
  </div>`;
}

function buttons({ details, state, busy }: GalleryModel, actions: GalleryKeyActions): TemplateResult {
  const isOpen = details?.issue !== null && details?.triage.state === 'open';
  const isListed = isOpen || details?.triage.state === 'confirmed';
  const isDecided = details !== undefined && details.triage.state !== 'open';
  const mayFix = state.kind === 'ready' && state.trusted && isListed;
  const fixes = mayFix ? details.fixes : [];
  return html`${fixes.map(
    (title, index) =>
      html`<vscode-button ?secondary=${index > 0} ?disabled=${busy} @click=${() => actions.applyFix(index)}>
        ${title}<kbd>${index === 0 ? 'F' : index + 1}</kbd>
      </vscode-button>`,
  )}
  ${isOpen ? secondary('Confirm', 'C', busy, () => actions.confirm()) : nothing}
  ${isListed ? secondary('Dismiss…', 'D', busy, () => actions.dismiss()) : nothing}
  ${isListed ? secondary('Mark as fixed', 'M', busy, () => actions.markFixed()) : nothing}
  ${isDecided ? secondary('Restore', 'R', busy, () => actions.restore()) : nothing}
  ${secondary('Open in lens', 'Enter', false, () => actions.openInLens(), 'eye')}
  ${details?.hasSource === true ? secondary('Go to label', 'L', false, () => actions.goToLabel(), 'go-to-file') : nothing}
  ${secondary('Next', 'N', false, () => actions.next(1), 'arrow-right')}`;
}

function secondary(text: string, key: string, disabled: boolean, act: () => void, iconName?: IconName): TemplateResult {
  return html`<vscode-button secondary ?disabled=${disabled} @click=${act}>
    ${iconName === undefined ? nothing : icon(iconName)}${text}<kbd>${key}</kbd>
  </vscode-button>`;
}
