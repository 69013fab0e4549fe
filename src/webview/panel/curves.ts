import { html, svg, type TemplateResult } from 'lit';
import type { LossCurve, LossCurves } from '../../protocol/analysis';

const width = 200;
const height = 120;
/** Room for the numbers of the vertical axis. */
const left = 20;

/** Figure 4 of the focal loss paper for this image: cumulative loss, easiest anchors first, one line a gamma. */
export function lossCurves(curves: LossCurves, currentGamma: number): TemplateResult {
  const every = [...curves.foreground, ...curves.background].map(curve => curve.gamma);
  const gammas = [...new Set(every)].sort((a, b) => a - b);
  return html`<div class="curves">
      ${chart('foreground', curves.foreground, gammas, currentGamma)}
      ${chart('background', curves.background, gammas, currentGamma)}
    </div>
    <p class="note curve-legend">
      ${gammas.map(
        (gamma, i) =>
          html`<span class=${gamma === currentGamma ? 'current' : ''}
            ><i class="swatch gamma${i}"></i>γ ${gamma}</span
          >`,
      )}
      <span>cumulative share of the loss, each scaled to 1</span>
    </p>`;
}

function chart(
  name: string,
  curves: readonly LossCurve[],
  gammas: readonly number[],
  currentGamma: number,
): TemplateResult {
  const empty = curves.every(curve => curve.anchors.length < 2);
  return html`<figure>
    <svg viewBox="-${left} -6 ${width + left + 4} ${height + 10}" role="img" aria-label=${description(name, curves)}>
      <path class="axis" d="M0 0V${height}H${width}"></path>
      <path class="grid" d="M0 ${height / 2}H${width}M${width / 2} 0V${height}M0 0H${width}V${height}"></path>
      ${[0, 0.5, 1].map(share => svg`<text x="-5" y=${(1 - share) * height + 3} text-anchor="end">${share}</text>`)}
      ${curves.map(curve => {
        const color = gammas.indexOf(curve.gamma);
        const current = curve.gamma === currentGamma ? ' current' : '';
        return svg`<path class="curve gamma${color}${current}" d=${line(curve)}><title>gamma ${curve.gamma}</title></path>`;
      })}
    </svg>
    <figcaption><span>easiest</span><b>${name}${empty ? ': none here' : ''}</b><span>hardest</span></figcaption>
  </figure>`;
}

function line({ anchors, loss }: LossCurve): string {
  let path = '';
  for (let i = 0; i < anchors.length; i++) {
    const x = anchors[i] * width;
    const y = (1 - loss[i]) * height;
    path += `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return path;
}

/** The same in words: what the hardest tenth of the anchors carries at each gamma. */
function description(name: string, curves: readonly LossCurve[]): string {
  const shares = curves
    .filter(curve => curve.anchors.length > 1)
    .map(curve => `${Math.round((1 - lossBelow(curve, 0.9)) * 100)}% at gamma ${curve.gamma}`);
  return shares.length === 0
    ? `No ${name} anchors.`
    : `Share of the ${name} loss that the hardest tenth of its anchors carries: ${shares.join(', ')}.`;
}

function lossBelow({ anchors, loss }: LossCurve, share: number): number {
  const after = anchors.findIndex(a => a >= share);
  return loss[after < 0 ? loss.length - 1 : after];
}
