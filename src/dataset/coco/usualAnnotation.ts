import type { CornerBox } from '../../common/boxes';

/** An annotation that is as COCO's own are: ids are whole numbers. */
export interface UsualAnnotation {
  readonly id: string;
  readonly categoryId: string;
  readonly box: CornerBox;
  readonly crowd: boolean;
}

/**
 * Reads an annotation as it usually is, many times as fast as by syntax nodes, which tell what is wrong with any other
 * and keep the digits of ids of any length: for those it gives undefined.
 */
export function readUsualAnnotation(text: string): UsualAnnotation | undefined {
  let entry: Partial<Record<'id' | 'category_id' | 'bbox' | 'iscrowd', unknown>> | null;
  try {
    entry = JSON.parse(text) as typeof entry;
  } catch {
    return undefined;
  }
  const { id, category_id, bbox, iscrowd } = entry ?? {};
  if (!isPlainId(id) || !isPlainId(category_id) || !Array.isArray(bbox) || bbox.length !== 4) return undefined;
  if (!bbox.every(value => typeof value === 'number' && Number.isFinite(value))) return undefined;
  const [x = 0, y = 0, width = 0, height = 0] = bbox as number[];
  return {
    id: String(id),
    categoryId: String(category_id),
    box: [x, y, x + width, y + height],
    crowd: iscrowd === 1 || iscrowd === true || iscrowd === '1',
  };
}

function isPlainId(value: unknown): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}
