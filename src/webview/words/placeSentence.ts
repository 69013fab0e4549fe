import { iou, toCorners, type CornerBox } from '../../common/boxes';
import { anchorState, type Detection } from '../../protocol/analysis';
import { anchorRecord } from '../lens/anchorRecord';
import type { HotPlace } from '../lens/hottestPlaces';
import { decodedBox } from '../lens/geometry';
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
    const seen = seenAt(image.analysis.detections, toCorners(label.bbox));
    const says = `The label says ${label.category}`;
    let model: string;
    if (seen === undefined) {
      model = 'the model finds nothing here: check that the object is really there.';
    } else {
      const { detection, overlap } = seen;
      const evidence = `${scored(detection)} at IoU ${unit(overlap)}`;
      if (detection.category !== label.category) model = `the model sees ${evidence}: check the class.`;
      else if (overlap < 0.7) model = `the model sees ${evidence} only: check the box.`;
      else if (detection.score < image.analysis.bands.hard) {
        model = `the model is not sure (${scored(detection)}, IoU ${unit(overlap)}): a hard example, or a box that needs a look.`;
      } else {
        model = `the model agrees in the end (${scored(detection)}, IoU ${unit(overlap)}), but its anchors doubt: a hard example.`;
      }
    }
    return { title: labelName(label), sentence: `${says}, ${model}` };
  }
  const said = `${record.worstClass} ${likelihood(1 - (record.pt ?? 1))}`;
  const detection = surest(image.analysis.detections, decodedBox(image.columns, place.anchor), sameObject)?.detection;
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

/** From which overlap on a detection is of the same object; where none is, from which it may be. */
const sameObject = 0.5;
const perhapsSame = 0.3;

interface Seen {
  readonly detection: Detection;
  readonly overlap: number;
}

/**
 * What the model sees at a label: of the detections on it the surest, not the one that fits best, which may be one of
 * the many of next to no score.
 */
export function seenAt(detections: readonly Detection[], box: CornerBox): Seen | undefined {
  return surest(detections, box, sameObject) ?? surest(detections, box, perhapsSame);
}

function surest(detections: readonly Detection[], box: CornerBox, least: number): Seen | undefined {
  let best: Seen | undefined;
  for (const detection of detections) {
    if (best !== undefined && best.detection.score >= detection.score) continue;
    const overlap = iou(toCorners(detection.bbox), box);
    if (overlap >= least) best = { detection, overlap };
  }
  return best;
}
