import { html, type TemplateResult } from 'lit';
import type { AppActions } from '../appModel';
import { hottestPlaces } from '../lens/hottestPlaces';
import type { LensImage } from '../lens/lensImage';
import { counted, loss, percent } from '../words/format';
import { placeWords } from '../words/placeSentence';

/** The three places that cost most, a sentence each. */
export function hottestList(image: LensImage, actions: AppActions): TemplateResult {
  const places = hottestPlaces(image, 3);
  if (places.length === 0) return html`<p class="empty">There is no loss anywhere in this image.</p>`;
  return html`<ol class="cards">
    ${places.map(place => {
      const { title, sentence } = placeWords(image, place);
      return html`<li>
        <button
          class="card"
          title="Zoom to it and inspect its strongest anchor"
          @click=${() => actions.pin(place.anchor, { zoom: true })}
        >
          <span class="card-head">
            <b title=${title}>${title}</b>
            <span
              class="dim"
              title="Raw focal loss ${loss(place.focal)} of the ${counted(place.anchors, 'anchor')} centered here."
            >
              ${percent(place.share)} of the focal loss
            </span>
          </span>
          <span>${sentence}</span>
        </button>
      </li>`;
    })}
  </ol>`;
}
