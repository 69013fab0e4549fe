import { html, type TemplateResult } from 'lit';
import type { Analysis } from '../protocol/analysis';
import { count, fileName, loss, milliseconds } from './words/format';
import { glossary } from './words/glossary';

/** One line under everything: image, anchors, torchvision's two losses, runtime and time. */
export function statusLine({ image, anchors, loss: info, model, milliseconds: time }: Analysis): TemplateResult {
  return html`<footer class="status number">
    <span title=${image.file}>${fileName(image.file)}</span>
    <span>${image.width} × ${image.height}</span>
    <span>${count(anchors.total)} anchors</span>
    <span title="${glossary.classification} ${glossary.boxRegression}"
      >classification ${loss(info.classification)} + box ${loss(info.boxRegression)}</span
    >
    <span title=${model.providerReason}>${model.runtime} · ${model.provider} · ${milliseconds(time.total)}</span>
  </footer>`;
}
