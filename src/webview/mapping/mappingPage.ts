import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { DatasetClassMapping, MappedCategory } from '../../protocol/classMapping';
import { icon } from '../icons';
import { choose, columnOf, matchedBy, summaryOf, type Choices, type MappingSummary } from './choices';
import { countText, fileName, formatNames, matchText } from './mappingWords';

export interface MappingModel {
  readonly mapping: DatasetClassMapping;
  readonly choices: Choices;
  readonly filter: string;
  readonly onlyUnmatched: boolean;
  /** The class whose list of columns is filled: all of them would be a million entries in a large data set. */
  readonly opened: string | undefined;
  readonly state: 'idle' | 'saving' | 'saved';
  readonly message: string | undefined;
}

export interface MappingActions {
  change(change: Partial<Pick<MappingModel, 'choices' | 'filter' | 'onlyUnmatched' | 'opened'>>): void;
  save(): void;
  openCard(): void;
  analyzeDataset(): void;
}

/** From so many classes on they can be filtered. */
const many = 12;

export function mappingPage(model: MappingModel, actions: MappingActions): TemplateResult {
  const { mapping, choices } = model;
  const summary = summaryOf(mapping, choices);
  const rows = mapping.categories.filter(category => isShown(category, model));
  return html`<header>
      <h1>Class mapping</h1>
      <p class="dim">
        Classes of <b title=${mapping.dataset}>${fileName(mapping.dataset)}</b> (${formatNames[mapping.format]}) and the
        class columns of <b title=${mapping.checkpoint}>${fileName(mapping.checkpoint)}</b>
      </p>
      ${summaryLine(summary, mapping)}
    </header>
    <main>
      ${mapping.categories.length >= many ? filters(model, actions) : nothing}
      <table>
        <thead>
          <tr>
            <th scope="col">Class of the dataset</th>
            <th scope="col" class="number">Labels</th>
            <th scope="col">Column of the model</th>
            <th scope="col">Matched by</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(category => row(category, model, actions))}
        </tbody>
      </table>
      ${rows.length === 0 ? html`<p class="dim">No class to show.</p>` : nothing} ${unmetColumns(summary, mapping)}
    </main>
    ${footer(model, actions)}`;
}

function summaryLine({ classes, matched, labels, labelsLeftOut }: MappingSummary, mapping: DatasetClassMapping) {
  const { counted } = mapping;
  const scope = counted.images < counted.of ? ` (counted in the first ${countText(counted.images)} images)` : '';
  const text =
    matched === classes
      ? `All ${countText(classes)} classes have a column; ${countText(labels)} labels${scope}.`
      : `${countText(classes - matched)} of ${countText(classes)} classes ${classes - matched === 1 ? 'has' : 'have'} no column: ${countText(labelsLeftOut)} of ` +
        `${countText(labels)} labels take no part in the loss${scope}.`;
  return html`<p class="summary" role="status" ?data-warning=${matched < classes}>
    ${icon(matched < classes ? 'warning' : 'info')}<span>${text}</span>
  </p>`;
}

function filters({ filter, onlyUnmatched }: MappingModel, actions: MappingActions): TemplateResult {
  return html`<div class="filters">
    <input
      type="search"
      placeholder="Filter classes"
      aria-label="Filter classes"
      .value=${live(filter)}
      @input=${(event: InputEvent) => actions.change({ filter: (event.target as HTMLInputElement).value })}
    />
    <label
      ><input
        type="checkbox"
        .checked=${live(onlyUnmatched)}
        @change=${(event: Event) => actions.change({ onlyUnmatched: (event.target as HTMLInputElement).checked })}
      />
      Without a column only</label
    >
  </div>`;
}

/** A row that has just been given a column stays in sight. */
function isShown(category: MappedCategory, { filter, onlyUnmatched }: MappingModel): boolean {
  if (onlyUnmatched && category.column >= 0) return false;
  return category.name.toLowerCase().includes(filter.trim().toLowerCase());
}

function row(category: MappedCategory, model: MappingModel, actions: MappingActions): TemplateResult {
  const { mapping, choices, opened } = model;
  const column = columnOf(category, choices);
  const isOpened = opened === category.name;
  const set = (next: number) => actions.change({ choices: choose(choices, category, next) });
  const { automatic } = category;
  const option = (value: number, text: string) =>
    html`<option value=${value} ?selected=${value === column}>${text}</option>`;
  const columns = mapping.columns.flatMap(({ name, isPlaceholder }, index) =>
    isPlaceholder || (!isOpened && index !== column) ? [] : [option(index, `${index} · ${name}`)],
  );
  const open = () => {
    if (!isOpened) actions.change({ opened: category.name });
  };
  return html`<tr ?data-unmatched=${column < 0} ?data-changed=${choices.has(category.name)}>
    <th scope="row">
      ${category.name}${category.id === undefined ? nothing : html` <span class="dim">id ${category.id}</span>`}
    </th>
    <td class="number">${countText(category.labels)}</td>
    <td>
      <select
        aria-label=${`Column for ${category.name}`}
        .value=${live(String(column))}
        @pointerdown=${open}
        @focus=${open}
        @change=${(event: Event) => set(Number((event.target as HTMLSelectElement).value))}
      >
        ${isOpened || column < 0 ? option(-1, '– none –') : nothing} ${columns}
      </select>
    </td>
    <td class="match">
      ${column < 0 ? icon('warning') : nothing}<span>${matchText(matchedBy(category, choices), column)}</span>
      ${
        column === automatic.column
          ? nothing
          : html`<button
              class="icon-button"
              title=${`Back to: ${automatic.column < 0 ? 'none' : (mapping.columns[automatic.column]?.name ?? '')}, ${matchText(automatic.by, automatic.column)}`}
              aria-label=${`Back to the automatic column for ${category.name}`}
              @click=${() => set(automatic.column)}
            >
              ${icon('discard')}
            </button>`
      }
    </td>
  </tr>`;
}

function unmetColumns({ unmet }: MappingSummary, { columns, classesNamed }: DatasetClassMapping) {
  if (unmet.length === 0) return nothing;
  const names = unmet.slice(0, 40).map(column => columns[column]?.name ?? '');
  const more = unmet.length > names.length ? ` and ${countText(unmet.length - names.length)} more` : '';
  return html`<p class="unmet dim">
    ${icon('info')}<span
      >${classesNamed ? 'Columns without a class in this dataset' : 'Columns without a class'}:
      ${names.join(', ')}${more}</span
    >
  </p>`;
}

function footer({ mapping, choices, state, message }: MappingModel, actions: MappingActions): TemplateResult {
  const changed = choices.size > 0;
  const canSave = state !== 'saving' && (changed || !mapping.classesNamed);
  const card = fileName(mapping.card);
  const note = !mapping.classesNamed
    ? `Nobody has named the columns yet: saving names them in ${card}.`
    : changed
      ? `${countText(choices.size)} ${choices.size === 1 ? 'class' : 'classes'} changed, not saved yet`
      : state === 'saved'
        ? `Saved in ${card}.`
        : '';
  return html`<footer>
    <vscode-button ?disabled=${!canSave} @click=${() => actions.save()}
      >${mapping.hasCard ? 'Save to Model Card' : 'Save as Model Card'}</vscode-button
    >
    ${changed ? html`<vscode-button secondary @click=${() => actions.change({ choices: new Map() })}>Discard</vscode-button>` : nothing}
    ${state === 'saved' && !changed ? html`<vscode-button secondary @click=${() => actions.analyzeDataset()}>Analyze Dataset</vscode-button>` : nothing}
    <span class="note" role="status">${note}</span>
    ${message === undefined ? nothing : html`<span class="error" role="alert">${icon('error')}<span>${message}</span></span>`}
    ${mapping.hasCard ? html`<button class="link" title=${mapping.card} @click=${() => actions.openCard()}>Open ${card}</button>` : nothing}
  </footer>`;
}
