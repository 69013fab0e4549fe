import type { CornerBox } from '../../common/boxes';
import { toXywh } from '../../common/boxes';
import type { LabelFormat, LabelSource } from '../../dataset/labels';
import { readAnnotation } from '../../dataset/coco/readAnnotation';
import { parseYoloLine } from '../../dataset/yolo/parseYoloLine';
import type { ImageInfo, LabelSummary } from '../../protocol/analysis';
import { vocLabel } from './labelParts';

const nowhere: LabelSource = { file: '', start: 0, end: 0, line: 0, column: 0 };

/**
 * Whether a text is that of a label: a COCO annotation of its id and box, a Pascal VOC object of its class and box, a
 * YOLO line of its box. Guards against positions of another state of the file.
 */
export function describesLabel(
  format: LabelFormat,
  text: string,
  label: LabelSummary,
  image: Pick<ImageInfo, 'width' | 'height'>,
): boolean {
  switch (format) {
    case 'coco': {
      const read = readAnnotation(text, nowhere, 1, new Map(), () => undefined);
      // Of annotations with the same id, or without one, the id says where they stand, not what they are.
      const sameId = read?.id === label.id.replace(/ \(\d+\)$/, '') || label.id.startsWith('number ');
      return read !== undefined && sameId && isBox(read.box, label);
    }
    case 'voc': {
      const read = vocLabel(text);
      return read?.category === label.category && isBox(read.box, label);
    }
    case 'yolo': {
      if (/[\r\n]/.test(text)) return false;
      // Whether more than five columns are key points or corners, the line alone does not tell.
      const columns = text.trim().split(/\s+/).length;
      return [0, columns - 5].some(keypointNumbers => {
        const read = parseYoloLine(text, image, { keypointNumbers });
        return typeof read !== 'string' && isBox(read.box, label);
      });
    }
  }
}

/** Up to rounding; in the summary, what is not finite became 0. */
function isBox(box: CornerBox, { bbox }: LabelSummary): boolean {
  return toXywh(box).every((value, i) => {
    const finite = Number.isFinite(value) ? value : 0;
    return Math.abs(finite - bbox[i]) <= 1e-6 * Math.max(1, Math.abs(finite));
  });
}
