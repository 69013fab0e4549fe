import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from './appModel';
import { checkChip, iconButton, select } from './controls';
import { distinct, isFiltering, noFilter } from './lens/anchorFilter';
import { bands, hasPart, hasShape, isLast, isLastShape, states, withPart, withShape } from './lens/filterParts';
import type { LensImage } from './lens/lensImage';
import { aspect, sizeFactor } from './words/format';
import { glossary } from './words/glossary';

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
        checkChip(
          html`<i class="dot ${state}"></i>${state}`,
          title(glossary[state], isLast(filter.groups, state)),
          hasPart(filter.groups, state),
          on => actions.filter({ groups: withPart(filter.groups, state, on) }),
        ),
      )}
    </div>
    <div class="chips" role="group" aria-label="Band">
      ${bands.map(band =>
        checkChip(band, title(glossary[band], isLast(filter.groups, band)), hasPart(filter.groups, band), on =>
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
        checkChip(
          aspect(ratio),
          title('Anchors of this aspect ratio, width to height.', isLastShape(filter.ratios, i, ratios.length)),
          hasShape(filter.ratios, i),
          on => actions.filter({ ratios: withShape(filter.ratios, i, on, ratios.length) }),
        ),
      )}
    </div>
    <div class="chips" role="group" aria-label="Size">
      ${sizes.map((size, i) =>
        checkChip(
          sizeFactor(size, sizes[0]),
          title(
            `Anchors of this size within their level, network pixels: ${everySize(i)}.`,
            isLastShape(filter.sizes, i, sizes.length),
          ),
          hasShape(filter.sizes, i),
          on => actions.filter({ sizes: withShape(filter.sizes, i, on, sizes.length) }),
        ),
      )}
    </div>
    ${isFiltering(filter) ? iconButton('discard', 'Show all anchors', () => actions.filter(noFilter)) : nothing}
  </div>`;
}

/** What a chip means, and why the last one that is on does not go off. */
function title(meaning: string, isLast: boolean): string {
  return isLast ? `${meaning} The last one of its kind stays on.` : meaning;
}
