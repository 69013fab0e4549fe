import { inTurns } from '../turns';

/** The annotations of each image: those of image i are `order[first[slot]]` to `order[first[slot + 1] - 1]`. */
export interface AnnotationGroups {
  /** Group of each image; -1 for an image without id. Images with the same id share one. */
  readonly slotOfImage: Int32Array;
  readonly first: Uint32Array;
  /** Annotation indices, in the order of the file within each group. */
  readonly order: Uint32Array;
  /** Annotations whose image is not listed, or that name none: how many, and the index of the first. */
  readonly unlisted: { readonly count: number; readonly first: number };
}

/** Groups annotations by image in linear time; keys are compared as numbers, NaN equals nothing. */
export async function groupAnnotations(
  imageKeys: Float64Array,
  annotationKeys: Float64Array,
): Promise<AnnotationGroups> {
  const slots = new Map<number, number>();
  const slotOfImage = new Int32Array(imageKeys.length);
  await inTurns(imageKeys.length, image => {
    const key = imageKeys[image];
    if (Number.isNaN(key)) {
      slotOfImage[image] = -1;
      return;
    }
    const slot = slots.get(key) ?? slots.size;
    slots.set(key, slot);
    slotOfImage[image] = slot;
  });

  const slotOfAnnotation = new Int32Array(annotationKeys.length);
  const first = new Uint32Array(slots.size + 1);
  const unlisted = { count: 0, first: -1 };
  await inTurns(annotationKeys.length, i => {
    const slot = slots.get(annotationKeys[i]) ?? -1;
    slotOfAnnotation[i] = slot;
    if (slot >= 0) first[slot + 1]++;
    else if (unlisted.count++ === 0) unlisted.first = i;
  });
  for (let slot = 0; slot < slots.size; slot++) first[slot + 1] += first[slot];

  const next = first.slice();
  const order = new Uint32Array(annotationKeys.length - unlisted.count);
  await inTurns(annotationKeys.length, annotation => {
    const slot = slotOfAnnotation[annotation];
    if (slot >= 0) order[next[slot]++] = annotation;
  });
  return { slotOfImage, first, order, unlisted };
}
