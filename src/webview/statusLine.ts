import { html, type TemplateResult } from 'lit';
import type { Analysis } from '../protocol/analysis';
import type { AppActions, AppModel } from './appModel';
import { neighbors } from './page/pageMenu';
import { count, fileName, loss, milliseconds } from './words/format';
import { glossary } from './words/glossary';
import { estimateMark } from './words/precision';

/**
 * One line under everything: the way to the images before and after, image, anchors, torchvision's two losses, runtime and time. In a narrow page what the panel
 * says as well makes room, and its title holds all.
 */
export function statusLine(
  analysis: Analysis,
  { precision, page }: Pick<AppModel, 'precision' | 'page'>,
  actions: AppActions,
): TemplateResult {
  const { image, anchors, loss: info, model, milliseconds: time } = analysis;
  const size = `${image.width} × ${image.height}`;
  const run = `${model.runtime} · ${model.provider} · ${milliseconds(time.total)}`;
  return html`<footer class="status number">
    ${neighbors(page.place, actions)}
    <span class="file" title="${image.file}, ${size}, ${run}">${fileName(image.file)}</span>
    <span class="about-image">${size}</span>
    <span class="about-image">${count(anchors.total)} anchors</span>
    <span title="${glossary.classification} ${glossary.boxRegression}"
      >classification ${estimateMark(precision)}${loss(info.classification)} + box ${loss(info.boxRegression)}</span
    >
    <span class="about-run" title=${model.providerReason}>${run}</span>
  </footer>`;
}
