import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { IssueKind } from '../../protocol/analysis';
import { galleryLists, type GalleryListName } from '../../protocol/gallery';
import type { GalleryGrouping, GallerySort } from '../../protocol/galleryStore';
import { iconButton, toggleButton } from '../controls';
import { count } from '../words/format';
import type { GalleryModel } from './galleryModel';
import type { GalleryActions } from './galleryActions';
import { groupingOf, isAboutIssues, kindShown, type GalleryView } from './galleryView';
import { kindNames, sourceNames } from './galleryWords';

/** What is shown, in which order, and how. */
export function galleryToolbar(model: GalleryModel, actions: GalleryActions): TemplateResult | typeof nothing {
  const { state, view, layout } = model;
  if (state.kind !== 'ready') return nothing;
  const { keys } = actions;
  const kinds = state.kinds.map(({ kind, count: own }) => [kind, `${kindNames[kind]} (${count(own)})`] as const);
  const groups: readonly (readonly [GalleryGrouping, string])[] = [
    ['none', 'Not grouped'],
    ...(isAboutIssues(view) && kindShown(view) === undefined ? [['kind', 'By kind'] as const] : []),
    ['class', 'By class'],
  ];
  return html`<header class="toolbar gallery-toolbar" role="toolbar" aria-label="Gallery">
    <div class="bar-row">
      ${choice<GalleryListName>(
        'Show',
        view.source,
        galleryLists.map(source => [source, `${sourceNames[source]} (${count(state.counts[source])})`]),
        source => actions.setView({ source }),
        'source',
      )}
      ${
        view.source === 'issues'
          ? choice<GalleryView['kind']>(
              'Kind',
              view.kind,
              [['all', 'All kinds'], ...missing(view.kind, kinds), ...kinds],
              kind => actions.setView({ kind }),
              'kind',
            )
          : nothing
      }
      ${choice<GalleryGrouping>('Group', groupingOf(view), groups, group => actions.setView({ group }), 'group')}
      ${
        isAboutIssues(view)
          ? choice<GallerySort>(
              'Sort',
              view.sort,
              [
                ['score', 'By score'],
                ['loss', 'By loss of the label'],
              ],
              sort => actions.setView({ sort }),
              'sort',
            )
          : nothing
      }
      <span class="bar-toggles">
        ${
          state.trusted
            ? toggleButton('flame', 'Heatmap', 'Focal loss over the pictures in view  H', view.heat, heat =>
                actions.setView({ heat }),
              )
            : nothing
        }
        ${toggleButton('tag', 'Boxes', 'Boxes of labels, and dashed what is proposed  B', view.boxes, boxes => actions.setView({ boxes }))}
        ${iconButton('zoom-out', 'Smaller tiles  -', () => keys.resize(-1))}
        ${iconButton('zoom-in', 'Larger tiles  +', () => keys.resize(1))}
        ${iconButton('question', 'Keys  ?', () => keys.toggleKeys())}
      </span>
    </div>
    <span class="hidden-visually">${count(layout.count)} tiles</span>
  </header>`;
}

/** A kind that is looked at though none of it is open any more. */
function missing(kind: GalleryView['kind'], kinds: readonly (readonly [IssueKind, string])[]) {
  return kind === 'all' || kinds.some(([known]) => known === kind) ? [] : [[kind, kindNames[kind]] as const];
}

function choice<T extends string>(
  name: string,
  value: T,
  options: readonly (readonly [value: T, text: string])[],
  choose: (value: T) => void,
  className: string,
): TemplateResult {
  // The element does not follow options whose texts change: it is another one then.
  const texts = options.map(([, text]) => text).join('\n');
  return html`${keyed(
    texts,
    html`<vscode-single-select
      class="choice ${className}"
      label=${name}
      aria-label=${name}
      title=${name}
      @change=${(event: Event) => {
        const chosen = (event.target as HTMLElement & { value: string }).value;
        const option = options.find(([candidate]) => candidate === chosen);
        if (option !== undefined && option[0] !== value) choose(option[0]);
      }}
    >
      ${options.map(
        ([option, text]) => html`<vscode-option value=${option} ?selected=${option === value}>${text}</vscode-option>`,
      )}
    </vscode-single-select>`,
  )}`;
}
