import { html, nothing, type TemplateResult } from 'lit';
import type { BreakdownGroup } from '../../protocol/analysis';
import { breakdownSentence } from '../../protocol/breakdownSentence';
import type { DatasetOverview } from '../../protocol/dataset';
import type { OverviewState } from '../../protocol/overview';
import { histogram, type BarChoice } from '../panel/histogram';
import { count, counted, loss } from '../words/format';
import { glossary } from '../words/glossary';
import type { OverviewActions, OverviewView } from './overviewModel';
import { bandAt, bandList, bandSentence } from './bandList';
import { runFacts } from './runFacts';
import { runProgress } from './runProgress';
import { shareList } from './shareList';

/** Classes shown before the rest is asked for. */
const classesAtFirst = 8;

/** The data set at a glance; what can be clicked narrows the explorer's lists. */
export function overviewPage(state: OverviewState, view: OverviewView, actions: OverviewActions): TemplateResult {
  const { overview, progress } = state;
  return html`${progress === undefined ? nothing : runProgress(progress, actions)}
  ${
    overview === undefined || overview.images + overview.failed === 0
      ? progress === undefined
        ? emptyPage(state)
        : nothing
      : filledPage(overview, state, view, actions)
  }`;
}

function emptyPage({ dataset, format, search }: OverviewState): TemplateResult {
  return html`<div class="empty-page">
    <svg viewBox="0 0 64 40" aria-hidden="true">
      <rect x="2" y="4" width="52" height="6" rx="2"></rect>
      <rect x="2" y="17" width="34" height="6" rx="2"></rect>
      <rect x="2" y="30" width="14" height="6" rx="2"></rect>
    </svg>
    ${
      dataset === undefined
        ? html`<p>Nothing analyzed yet</p>`
        : html`<p><b>${dataset}</b>${format === undefined ? nothing : ` (${format})`}: not analyzed yet</p>`
    }
    ${search === undefined ? nothing : searchNotes(search, dataset !== undefined)}
    <p class="dim">After a run over the dataset: its loss by class, pyramid level and difficulty.</p>
  </div>`;
}

/** What there is to choose from, and whether that is all. */
function searchNotes(
  { datasets, isCut }: NonNullable<OverviewState['search']>,
  isChosen: boolean,
): (TemplateResult | typeof nothing)[] {
  const others = isChosen ? datasets - 1 : datasets;
  const noun = isChosen ? 'other dataset' : 'dataset';
  return [
    others > 0
      ? html`<p class="dim">
          ${counted(others, noun)} in this workspace: Choose Dataset picks ${others === 1 ? 'it' : 'one'}.
        </p>`
      : nothing,
    isCut
      ? html`<p class="dim">
          This workspace is too large for all of it to be searched: Choose Dataset opens any other.
        </p>`
      : nothing,
  ];
}

function filledPage(
  overview: DatasetOverview,
  { issues, filter, progress }: OverviewState,
  view: OverviewView,
  actions: OverviewActions,
): TemplateResult {
  const section = sections(view, actions);
  const { run, levels, ptHistogram: bins } = overview;
  const bands = run?.bands;
  return html`<p class="facts">
      ${counted(overview.images, 'image')},
      ${counted(overview.labels, 'label')}${
        overview.failed === 0 ? nothing : html`, <span class="failed">${count(overview.failed)} failed</span>`
      }
    </p>
    ${tiles(overview, issues)}
    ${
      bands === undefined
        ? nothing
        : html`<p class="sentence">${breakdownSentence({ breakdown: overview.breakdown, bands })}</p>`
    }
    ${
      run === undefined || run.notes.length === 0
        ? nothing
        : section('notes', 'Notes', html`${run.notes.map(note => html`<p class="note">${note}</p>`)}`)
    }
    ${section('classes', 'Loss by class', classes(overview, filter.category, view, actions))}
    ${section(
      'levels',
      'Loss by level',
      shareList(
        levels.map(({ level, focal, anchors, foreground }) => ({
          name: level,
          value: focal,
          note: `${count(foreground)} fg`,
          title: `${count(anchors)} anchors, ${count(foreground)} of them foreground; focal loss ${loss(focal)}.`,
          chosen: filter.level === level,
          choose: () => actions.filter('level', filter.level === level ? undefined : level),
        })),
      ),
    )}
    ${section(
      'bands',
      'Easy and hard anchors',
      html`${bandList(overview.breakdown, filter.band, actions)}
      ${bands === undefined ? nothing : html`<p class="note">${bandSentence(bands)}</p>`}`,
    )}
    ${
      bands === undefined
        ? nothing
        : section(
            'histogram',
            'Anchors by p_t',
            histogram({ bins: bins.foreground.length, ...bins }, bands, (anchors, pt) =>
              barChoice(bandAt(anchors, pt, bands), filter.band, actions),
            ),
          )
    }
    ${run === undefined ? nothing : section('run', 'Model and runtime', runFacts(run, progress !== undefined), true)}`;
}

/** Lists know images by the loss of a group of anchors: a bar stands for the group that it lies in. */
function barChoice(group: BreakdownGroup, chosen: string | undefined, actions: OverviewActions): BarChoice {
  const isChosen = chosen === group;
  const [state, band] = group.split('/');
  return {
    title: isChosen ? 'Click to show all again.' : `Click for the images where all ${band} ${state} carries most.`,
    chosen: isChosen,
    choose: () => actions.filter('band', isChosen ? undefined : group),
  };
}

function tiles(overview: DatasetOverview, issues: number): TemplateResult {
  const { meanClassification, meanBoxRegression, foreground } = overview;
  return html`<dl class="tiles">
    ${tile('classification', loss(meanClassification), `${glossary.classification} Mean over the images.`)}
    ${tile('box', loss(meanBoxRegression), `${glossary.boxRegression} Mean over the images.`)}
    ${tile('foreground', count(foreground), `${glossary.foreground} In all images.`)}
    ${tile('suspicions', count(issues), 'Suspected label errors that are neither dismissed nor marked as fixed.')}
  </dl>`;
}

function tile(name: string, value: string, title: string): TemplateResult {
  return html`<div class="tile" title=${title}>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function classes(
  { categories }: DatasetOverview,
  chosen: string | undefined,
  { allClasses }: OverviewView,
  actions: OverviewActions,
): TemplateResult {
  const rows = categories.map(({ name, labels, uncovered, classification, boxRegression }) => ({
    name,
    value: classification + boxRegression,
    note: counted(labels, 'label'),
    title: `Classification loss ${loss(classification)}, box loss ${loss(boxRegression)}, raw sums over the anchors of ${counted(labels, 'label')}, ${count(uncovered)} without anchor.`,
    chosen: chosen === name,
    choose: () => actions.filter('category', chosen === name ? undefined : name),
  }));
  const isLong = rows.length > classesAtFirst + 1;
  const shown = isLong && !allClasses ? rows.filter((row, i) => i < classesAtFirst || row.chosen) : rows;
  const all = rows.reduce((sum, row) => sum + row.value, 0);
  if (rows.length === 0) return html`<p class="note">No labels.</p>`;
  return html`${shareList(shown, all)}
  ${
    isLong
      ? html`<button class="link" @click=${() => actions.showAllClasses(!allClasses)}>
          ${allClasses ? 'Show fewer' : `Show all ${count(rows.length)}`}
        </button>`
      : nothing
  }`;
}

type Section = (name: string, heading: string, body: TemplateResult, closed?: boolean) => TemplateResult;

function sections({ toggled }: OverviewView, actions: OverviewActions): Section {
  return (name, heading, body, closed = false) => {
    const open = toggled.includes(name) === closed;
    const followed = (event: Event) => {
      if ((event.target as HTMLDetailsElement).open !== open) actions.toggle(name);
    };
    return html`<details class="section" ?open=${open} @toggle=${followed}>
      <summary><h2>${heading}</h2></summary>
      <div class="section-body">${body}</div>
    </details>`;
  };
}
