import { html, noChange, nothing, type TemplateResult } from 'lit';
import type { AppActions, AppModel } from './appModel';
import { legend } from './legend';
import { divider, panelStyle } from './divider';
import type { LensImage } from './lens/lensImage';
import { pageLayers } from './page/pageLayers';
import { sidePanel } from './panel/sidePanel';
import { phaseCard } from './phaseCard';
import { pictureNotice } from './pictureNotice';
import { statusLine } from './statusLine';
import { toolbar } from './toolbar';

/** The whole page: toolbar, picture with legend, side panel and status line; without an image the picture alone. */
export function lensPage(
  image: LensImage | undefined,
  model: AppModel,
  stage: HTMLElement,
  actions: AppActions,
): TemplateResult {
  return html`${image === undefined ? nothing : toolbar(image, model, actions)}
    <main class="picture-area">
      ${model.pictureFailed ? pictureNotice(model, actions) : nothing}
      <div class="stage-area">${stage} ${phaseCard(model, actions)}</div>
      ${image === undefined ? nothing : legend(image, model, actions)}
    </main>
    ${
      image === undefined
        ? nothing
        : html`${divider(model.view, actions)}
            <aside
              class="panel"
              .style=${panelStyle(model.view)}
              ?data-unsettled=${image !== model.settled}
              aria-label="Where the loss comes from"
              aria-busy=${model.isFirstFrame ? 'true' : 'false'}
            >
              ${model.isFirstFrame ? noChange : sidePanel(image, model, actions)}
            </aside>
            ${statusLine(image.analysis, model, actions)}`
    }
    ${pageLayers(model.page, actions)}`;
}
