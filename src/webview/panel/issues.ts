import { html, type TemplateResult } from 'lit';
import type { Analysis, LabelIssue } from '../../protocol/analysis';
import type { AppActions } from '../appModel';
import { labelName } from '../words/anchorSentence';
import { unit } from '../words/format';
import { labelText } from './labelLink';
import { scrollBox } from './parts';
import { issueHint, issueMeanings, issueNames } from '../words/issueNames';

/** Suspicions about labels, most likely first, each with its evidence. */
export function issueList(analysis: Analysis, actions: AppActions): TemplateResult {
  const issues = [...analysis.issues].sort((a, b) => b.score - a.score);
  return html`<p class="note hint">${issueHint}</p>
    ${scrollBox(
      html`<ul class="cards">
        ${issues.map(
          issue =>
            html`<li>
              <button
                class="card"
                title="Zoom to it and inspect the strongest anchor there"
                @click=${() => actions.focus(issue.bbox)}
                @pointerenter=${() => actions.highlight(issue.bbox)}
                @pointerleave=${() => actions.highlight(undefined)}
              >
                <span class="card-head">
                  ${subject(analysis, issue)}
                  <span class="tag warning" title=${issueMeanings[issue.kind]}>${issueNames[issue.kind]}</span>
                  <span class="dim number" title="How likely the label is wrong, 0 to 1.">${unit(issue.score)}</span>
                </span>
                <span>${issue.evidence}</span>
              </button>
            </li>`,
        )}
      </ul>`,
    )}`;
}

function subject(analysis: Analysis, issue: LabelIssue): TemplateResult {
  const label = analysis.labels.find(candidate => candidate.id === issue.labelId);
  const name = label === undefined ? (issue.category ?? 'No label') : labelName(label);
  return html`<b title=${name}>${label === undefined ? html`<span class="name">${name}</span>` : labelText(label)}</b>`;
}
