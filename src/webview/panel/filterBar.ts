import { html, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from '../appModel';
import { icon } from '../icons';
import { isFiltering, noFilter } from '../lens/anchorFilter';
import type { LensImage } from '../lens/lensImage';
import { counted, percent } from '../words/format';
import { filterWords } from '../words/filterSentence';

/** Says which anchors are shown while not all are, what they carry, and gives all of them back. */
export function filterBar(image: LensImage, { view }: AppModel, actions: AppActions): TemplateResult | typeof nothing {
  if (!isFiltering(view.filter)) return nothing;
  const passing = image.passing(view.filter);
  const { focal } = image.columns;
  let [anchors, kept, total] = [0, 0, 0];
  for (let i = 0; i < focal.length; i++) {
    total += focal[i];
    if (passing?.[i] === 0) continue;
    anchors++;
    kept += focal[i];
  }
  return html`<p class="filter-bar at-rest" role="status">
    ${icon('filter')}
    <span>
      Only anchors <b>${filterWords(image.analysis, view.filter).join('; ')}</b>: ${counted(anchors, 'anchor')},
      ${percent(total === 0 ? 0 : kept / total)} of the focal loss.
    </span>
    <button class="link" @click=${() => actions.filter(noFilter)}>Show all</button>
  </p>`;
}
