import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from './appModel';
import { radioChip, slider, toggleButton } from './controls';
import { filterControls } from './filterControls';
import { isFiltering } from './lens/anchorFilter';
import type { LensImage } from './lens/lensImage';
import type { Metric } from './lens/metrics';
import { allLevels } from './lens/viewState';
import { pageMenu } from './page/pageMenu';
import { whatIfBar } from './whatIfBar';
import { focalSettings, unit, widthByHeight } from './words/format';
import { glossary } from './words/glossary';

const metricChips: readonly { readonly metric: Metric; readonly name: string; readonly title: string }[] = [
  { metric: 'focal', name: 'Focal loss', title: glossary.FL },
  { metric: 'crossEntropy', name: 'Cross entropy', title: glossary.CE },
  {
    metric: 'ratio',
    name: 'FL / CE',
    title: glossary.ratio,
  },
  { metric: 'pt', name: 'p_t', title: glossary.p_t },
  { metric: 'state', name: 'Assignment', title: 'Which anchors are foreground, background and ignored.' },
];

/** What the heatmap shows, on which levels, and which boxes are drawn; below it the bars that are open. */
export function toolbar(image: LensImage, model: AppModel, actions: AppActions): TemplateResult {
  const { view } = model;
  const { levels } = image.analysis.anchors;
  const all = (1 << levels.length) - 1;
  const shown = view.levelMask & all;
  return html`<header class="toolbar" aria-label="Heatmap">
    <div class="bar-row">
      <fieldset class="chips segments">
        <legend class="hidden-visually">Value</legend>
        ${metricChips.map(({ metric, name, title }) =>
          radioChip('metric', name, title, view.metric === metric, () => actions.setView({ metric })),
        )}
      </fieldset>
      <fieldset class="chips segments">
        <legend class="hidden-visually">Level</legend>
        ${radioChip(
          'level',
          html`All<span class="wide-only"> levels</span>`,
          `All levels. ${glossary.level}`,
          shown === all,
          () => actions.setView({ levelMask: allLevels }),
        )}
        ${levels.map((level, i) =>
          radioChip(
            'level',
            level.name,
            `${level.name} alone: stride ${widthByHeight(level.stride)}`,
            shown === 1 << i,
            () => actions.setView({ levelMask: 1 << i }),
          ),
        )}
      </fieldset>
      <div class="boxes">
        <vscode-checkbox
          label="Labels"
          .checked=${view.labels}
          @change=${(event: Event) => actions.setView({ labels: (event.target as HTMLInputElement).checked })}
        ></vscode-checkbox>
        <vscode-checkbox
          label="Detections"
          .checked=${view.detections}
          @change=${(event: Event) => actions.setView({ detections: (event.target as HTMLInputElement).checked })}
        ></vscode-checkbox>
        ${slider({
          name: 'Score threshold of detections',
          label: 'from',
          title: 'Detections below this score are hidden.',
          min: 0.05,
          max: 0.95,
          step: 0.01,
          value: view.scoreThreshold,
          text: unit(view.scoreThreshold),
          changed: scoreThreshold => actions.setView({ scoreThreshold, detections: true }),
        })}
      </div>
      <div class="bar-toggles">
        ${toggleButton(
          'beaker',
          'What if',
          'Play with gamma, alpha and the bands’ thresholds.',
          view.whatIfBar,
          whatIfBar => actions.setView({ whatIfBar }),
        )}
        ${toggleButton(
          isFiltering(view.filter) ? 'filter-filled' : 'filter',
          'Filter',
          'Choose anchors by state, band, class, aspect ratio and size.',
          view.filterBar,
          filterBar => actions.setView({ filterBar }),
        )}
        ${pageMenu({ hosted: model.hosted, ownLoss: focalSettings((model.base ?? image).analysis.loss) }, actions)}
      </div>
    </div>
    ${view.whatIfBar ? whatIfBar(model, actions) : nothing}
    ${view.filterBar ? filterControls(image, model, actions) : nothing}
  </header>`;
}
