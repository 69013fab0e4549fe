import { html, nothing, type TemplateResult } from 'lit';
import { breakdownGroups } from '../protocol/analysis';
import type { AppActions, AppModel } from './appModel';
import { checkChip, iconButton, select } from './controls';
import { allGroups, distinct, everyShape, isFiltering, noFilter } from './lens/anchorFilter';
import type { LensImage } from './lens/lensImage';
import { aspect } from './words/format';
import { glossary } from './words/glossary';

const states = ['foreground', 'background', 'ignored'] as const;
const bands = ['easy', 'moderate', 'hard'] as const;

/** Which anchors heatmap, hover and lists speak of: by state, band, class, aspect ratio and size. */
export function filterControls(image: LensImage, { view }: AppModel, actions: AppActions): TemplateResult {
  const { filter } = view;
  const { classes } = image.analysis.model;
  const level = image.analysis.anchors.levels[0];
  const ratios = level === undefined ? [] : distinct(level.ratios);
  const sizes = level === undefined ? [] : distinct(level.sizes);
  const everySize = (index: number) =>
    image.analysis.anchors.levels.map(({ name, sizes: own }) => `${name} ${distinct(own)[index] ?? '–'}`).join(', ');
  return html`<div class="bar-row" role="group" aria-label="Filter">
    <div class="chips" role="group" aria-label="State">
      ${states.map(state =>
        checkChip(html`<i class="dot ${state}"></i>${state}`, glossary[state], has(filter.groups, state), on =>
          actions.filter({ groups: withPart(filter.groups, state, on) }),
        ),
      )}
    </div>
    <div class="chips" role="group" aria-label="Band">
      ${bands.map(band =>
        checkChip(band, glossary[band], has(filter.groups, band), on =>
          actions.filter({ groups: withPart(filter.groups, band, on) }),
        ),
      )}
    </div>
    ${select(
      'Class: of the label of foreground anchors, the worst class of others',
      filter.column === undefined ? '' : String(filter.column),
      [['', 'any class'], ...classes.map((name, column) => [String(column), name] as const)],
      value => actions.filter({ column: value === '' ? undefined : Number(value) }),
    )}
    <div class="chips" role="group" aria-label="Aspect ratio, width to height">
      ${ratios.map((ratio, i) =>
        checkChip(aspect(ratio), `Anchors of this aspect ratio, width to height`, bit(filter.ratios, i), on =>
          actions.filter({ ratios: withBit(filter.ratios, i, on, ratios.length) }),
        ),
      )}
    </div>
    <div class="chips" role="group" aria-label="Size">
      ${sizes.map((size, i) =>
        checkChip(
          `×${(size / (sizes[0] ?? size)).toFixed(2).replace(/\.?0+$/, '')}`,
          `Anchors of this size within their level, network pixels: ${everySize(i)}`,
          bit(filter.sizes, i),
          on => actions.filter({ sizes: withBit(filter.sizes, i, on, sizes.length) }),
        ),
      )}
    </div>
    ${isFiltering(filter) ? iconButton('discard', 'Show all anchors', () => actions.filter(noFilter)) : nothing}
  </div>`;
}

type Part = (typeof states)[number] | (typeof bands)[number];

function belongs(group: string, part: Part): boolean {
  return group.split('/').includes(part);
}

function has(groups: number, part: Part): boolean {
  return breakdownGroups.some((group, i) => belongs(group, part) && bit(groups, i));
}

/** The groups of all states and bands that are on after a change; all of them rather than none. */
function withPart(groups: number, changed: Part, on: boolean): number {
  const isOn = (part: Part) => (part === changed ? on : has(groups, part));
  // With ignored anchors alone no band is on, and switching a state on means all of its bands.
  const anyBand = bands.some(isOn);
  let next = 0;
  breakdownGroups.forEach((group, i) => {
    const [state, band] = group.split('/') as [Part, Part | undefined];
    if (isOn(state) && (band === undefined || !anyBand || isOn(band))) next |= 1 << i;
  });
  return next === 0 ? allGroups : next;
}

function bit(mask: number, index: number): boolean {
  return (mask & (1 << index)) !== 0;
}

function withBit(mask: number, index: number, on: boolean, count: number): number {
  const all = (1 << count) - 1;
  const next = (on ? mask | (1 << index) : mask & ~(1 << index)) & all;
  return next === 0 || next === all ? everyShape : next;
}
