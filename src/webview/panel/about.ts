import { html, nothing, type TemplateResult } from 'lit';
import type { Analysis } from '../../protocol/analysis';
import { count, fileName, milliseconds } from '../words/format';
import { term } from './parts';

/** The network's name, its abbreviation explained. */
function architecture(name: string): (string | TemplateResult)[] {
  return name.split(/(FPN)/).map(part => (part === 'FPN' ? term('FPN') : part));
}

/** What ran, on what, and how long it took. */
export function about({ model, input, image, milliseconds: time, labelFile }: Analysis): TemplateResult {
  const steps = [
    ['decode', time.decode],
    ['prepare', time.prepare],
    ['network', time.forward],
    ['analysis', time.analyse],
  ] as const;
  return html`<dl class="facts">
      <div>
        <dt>model</dt>
        <dd title=${model.file}>
          ${architecture(model.architecture)} <span class="dim">${fileName(model.file)}</span>
        </dd>
      </div>
      <div>
        <dt>parameters</dt>
        <dd>${count(model.parameters)}</dd>
      </div>
      <div>
        <dt>runs on</dt>
        <dd title=${model.providerReason}>${model.runtime} · ${model.provider}</dd>
      </div>
      <div>
        <dt>image</dt>
        <dd>${image.width} × ${image.height}</dd>
      </div>
      <div>
        <dt>
          <abbr title="The image as the network sees it: resized, then padded to multiples of 32.">network input</abbr>
        </dt>
        <dd>
          ${input.width} × ${input.height}
          <span class="dim">padded to ${input.paddedWidth} × ${input.paddedHeight}</span>
        </dd>
      </div>
      ${
        labelFile === undefined
          ? nothing
          : html`<div>
              <dt>labels</dt>
              <dd title=${labelFile.files.join('\n')}>
                ${labelFile.format.toUpperCase()} <span class="dim">${labelFile.files.map(fileName).join(', ')}</span>
              </dd>
            </div>`
      }
      <div>
        <dt>time</dt>
        <dd>
          ${milliseconds(time.total)}
          <span class="dim">${steps.map(([name, value]) => `${name} ${milliseconds(value)}`).join(', ')}</span>
        </dd>
      </div>
    </dl>
    <p class="note">${model.providerReason}</p>`;
}
