import { toXywh } from '../../common/boxes';
import type { ImageLabels, Label } from '../../dataset/labels';
import type { LabelSummary } from '../../protocol/analysis';
import { mainFile, type ImageFacts } from './labelFacts';

/**
 * What is known about an image whose label file has changed elsewhere: the same numbers, with the places its labels
 * have now. Undefined when the labels themselves have changed, so that the numbers hold no longer.
 */
export function rereadLabels(image: ImageFacts, labels: ImageLabels): ImageFacts | undefined {
  if (labels.files[0] !== mainFile(image) || labels.labels.length !== image.labels.length) return undefined;
  const moved: LabelSummary[] = [];
  for (const [index, known] of image.labels.entries()) {
    const read = labels.labels[index];
    if (!isSame(known, read)) return undefined;
    moved.push({ ...known, source: read.source });
  }
  return { ...image, labels: moved };
}

function isSame(known: LabelSummary, read: Label): boolean {
  // As in the summary: what is not finite became 0.
  const box = toXywh(read.box).map(value => (Number.isFinite(value) ? value : 0));
  return known.id === read.id && known.category === read.category && known.bbox.every((value, i) => value === box[i]);
}
