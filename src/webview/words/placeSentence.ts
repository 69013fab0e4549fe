import { iou, toCorners, type CornerBox } from '../../common/boxes';
import { anchorState, type Detection } from '../../protocol/analysis';
import { anchorRecord } from '../lens/anchorRecord';
import type { HotPlace } from '../lens/hottestPlaces';
import type { LensImage } from '../lens/lensImage';
import { labelName } from './anchorSentence';
import { likelihood, unit } from './format';

export interface PlaceWords {
  /** What the place is about, such as `RBC #4` or `no label`. */
  readonly title: string;
  /** What the label says, what the model says, what to look at. */
  readonly sentence: string;
}

/** Words for one of the hottest places. */
export function placeWords(image: LensImage, place: HotPlace): PlaceWords {
  const record = anchorRecord(image, place.anchor);
  if (record.state === anchorState.foreground && record.label !== undefined) {
    const { label } = record;
    const best = label.bestAnyDetection;
    const detection = best === null ? undefined : image.analysis.detections[best.detection];
    const says = `The label says ${label.category}`;
    let model: string;
    if (best === null || detection === undefined || best.iou < 0.3) {
      model = 'the model finds nothing here: check that the object is really there.';
    } else if (detection.category !== label.category) {
      model = `the model sees ${scored(detection)} at IoU ${unit(best.iou)}: check the class.`;
    } else if (best.iou < 0.7) {
      model = `the model sees ${scored(detection)} at IoU ${unit(best.iou)} only: check the box.`;
    } else if (best.score < image.analysis.bands.hard) {
      model = `the model is not sure (${scored(detection)}, IoU ${unit(best.iou)}): a hard example, or a box that needs a look.`;
    } else {
      model = `the model agrees in the end (${scored(detection)}, IoU ${unit(best.iou)}), but its anchors doubt: a hard example.`;
    }
    return { title: labelName(label), sentence: `${says}, ${model}` };
  }
  const said = `${record.worstClass} ${likelihood(1 - (record.pt ?? 1))}`;
  const detection = overlapping(image.analysis.detections, decodedBox(image, place.anchor));
  const support = detection === undefined ? 'no detection remains of it' : `it detects ${scored(detection)}`;
  const { label } = record;
  if (label === undefined) {
    return {
      title: 'No label',
      sentence: `No label is here, the model says ${said} and ${support}: if it is right, a label is missing.`,
    };
  }
  return {
    title: `Beside ${labelName(label)}`,
    sentence:
      `${labelName(label)} covers this anchor too little (IoU ${unit(record.iou)}), the model says ${said} and ${support}: ` +
      'check the box, or whether a second object needs a label.',
  };
}

function scored(detection: Detection): string {
  return `${detection.category} ${unit(detection.score)}`;
}

function decodedBox(image: LensImage, anchor: number): CornerBox {
  const at = (i: number) => image.columns.decoded[anchor * 4 + i];
  return [at(0), at(1), at(2), at(3)];
}

/** The detection that overlaps `box` best, from IoU 0.5 on. */
function overlapping(detections: readonly Detection[], box: CornerBox): Detection | undefined {
  let best: Detection | undefined;
  let most = 0.5;
  for (const detection of detections) {
    const overlap = iou(toCorners(detection.bbox), box);
    if (overlap >= most) [best, most] = [detection, overlap];
  }
  return best;
}
