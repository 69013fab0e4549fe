import { html, type TemplateResult } from 'lit';
import type { Analysis } from '../../protocol/analysis';
import { count, loss } from '../words/format';
import type { LossPrecision } from '../lossFollower';
import { estimateMark } from '../words/precision';
import { glossary } from '../words/glossary';

/** The box losses of model cards, in words. */
export const boxLosses = {
  l1: { name: 'L1', meaning: glossary.L1 },
  smooth_l1: { name: 'smooth L1', meaning: glossary.smoothL1 },
  giou: { name: 'GIoU', meaning: glossary.GIoU },
} as const;

/** torchvision's two losses and what they were computed with. */
export function lossSummary({ loss: info, anchors }: Analysis, precision: LossPrecision): TemplateResult {
  const divisor = Math.max(1, info.foregroundCount);
  const raw = (value: number) => `Raw sum ${loss(value * divisor)}, divided by ${count(divisor)}.`;
  const box = boxLosses[info.boxLoss];
  const alpha = info.alpha < 0 ? 'off' : String(info.alpha);
  return html`<dl class="tiles">
    ${tile('classification', estimateMark(precision) + loss(info.classification), `${glossary.classification} ${raw(info.classification)}`)}
    ${tile(
      `box, ${box.name}`,
      loss(info.boxRegression),
      `${glossary.boxRegression} ${box.meaning} ${raw(info.boxRegression)}`,
    )}
    ${tile(
      'foreground anchors',
      count(anchors.foreground),
      info.foregroundCount === 0
        ? `${glossary.foreground} There is none here: both losses are divided by 1.`
        : `${glossary.foreground} Both losses are divided by their number.`,
    )}
    ${tile('γ · α', `${info.gamma} · ${alpha}`, `Gamma and alpha of the focal loss. ${glossary.gamma} ${glossary.alpha}`)}
  </dl>`;
}

function tile(name: string, value: string, title: string): TemplateResult {
  return html`<div class="tile" title=${title}>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
