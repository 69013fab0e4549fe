import { toXywh } from '../../common/boxes';
import type { AnchorInspection } from '../../protocol/analysis';
import { anchorRecord } from '../lens/anchorRecord';
import { anchorBox } from '../lens/geometry';
import type { LensImage } from '../lens/lensImage';
import { termsUnder } from '../lens/termLoss';
import { ownSettings } from '../lens/whatIf';
import { stateNames } from '../words/stateNames';

/**
 * Everything that is known about an anchor as JSON, for the clipboard: numbers as they are, not rounded; boxes x, y,
 * width, height in original image pixels. Losses are those under the gamma and alpha it names.
 */
export function anchorJson(image: LensImage, anchor: number, inspection: AnchorInspection | undefined): string {
  const { decoded } = image.columns;
  const record = anchorRecord(image, anchor);
  const at = anchor * 4;
  const document = {
    image: image.analysis.image.file,
    anchor,
    level: record.level,
    y: record.y,
    x: record.x,
    base: record.base,
    size: record.size,
    aspectRatio: record.ratio,
    state: stateNames[record.state],
    label: record.label === undefined ? null : { id: record.label.id, category: record.label.category },
    iou: record.iou,
    pt: record.pt,
    crossEntropy: record.crossEntropy,
    focal: record.focal,
    gamma: image.analysis.loss.gamma,
    alpha: image.analysis.loss.alpha,
    boxRegression: record.boxRegression,
    worstClass: record.worstClass,
    bbox: toXywh(anchorBox(image.analysis, anchor)),
    decodedBbox: toXywh([decoded[at], decoded[at + 1], decoded[at + 2], decoded[at + 3]]),
    ...(inspection === undefined ? {} : { terms: termsUnder(inspection, ownSettings(image.analysis)).terms }),
  };
  return JSON.stringify(document, null, 2);
}
