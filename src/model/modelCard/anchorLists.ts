import { UserError } from '../../common/errors';
import type { Architecture, ModelConfig } from '../types';
import type { LocatedCard, ModelCard, PerLevel } from './card';

const levels = ['P3', 'P4', 'P5', 'P6', 'P7'];

/** torchvision's `_default_anchorgen`: int(size * 2^(k/3)) at each level. */
export const defaultAnchorSizes: readonly (readonly number[])[] = [32, 64, 128, 256, 512].map(size => [
  size,
  Math.trunc(size * 2 ** (1 / 3)),
  Math.trunc(size * 2 ** (2 / 3)),
]);

const defaultAspectRatios: readonly number[] = [0.5, 1, 2];

/**
 * Sizes and ratios for every level, as many anchors per cell as the weights have.
 *
 * A flat list of ratios holds for all levels. A flat list of five sizes is one size per level, as in torchvision's
 * AnchorGenerator; a flat list that does not fit the weights that way holds for all levels.
 * @throws UserError when their product differs from the anchors per cell of the weights
 */
export function resolveAnchors(
  { card, where }: LocatedCard,
  cardFile: string,
  { anchorsPerCell }: Pick<Architecture, 'anchorsPerCell'>,
): Pick<ModelConfig, 'anchorSizes' | 'aspectRatios'> & { notes: string[] } {
  const notes: string[] = [];
  const aspectRatios = forAllLevels(card.aspectRatios ?? defaultAspectRatios);
  const fits = (sizes: readonly (readonly number[])[]) =>
    sizes.every((list, level) => list.length * (aspectRatios[level]?.length ?? 0) === anchorsPerCell);

  let anchorSizes: readonly (readonly number[])[];
  const given = card.anchorSizes ?? defaultAnchorSizes;
  if (isNested(given)) {
    anchorSizes = given;
  } else {
    const onePerLevel = given.map(size => [size]);
    const same = forAllLevels(given);
    const isPerLevel = given.length === levels.length && (fits(onePerLevel) || !fits(same));
    anchorSizes = isPerLevel ? onePerLevel : same;
    if (!isPerLevel && fits(same)) {
      notes.push('anchorSizes is one list: the same anchor sizes are used at every pyramid level.');
    }
  }
  if (!fits(anchorSizes)) throw mismatch({ card, where }, cardFile, anchorSizes, aspectRatios, anchorsPerCell);
  return { anchorSizes, aspectRatios, notes };
}

function mismatch(
  { card, where }: LocatedCard,
  cardFile: string,
  sizes: readonly (readonly number[])[],
  ratios: readonly (readonly number[])[],
  anchorsPerCell: number,
): UserError {
  const counts = levels.map((_, level) => (sizes[level]?.length ?? 0) * (ratios[level]?.length ?? 0));
  const level = counts.findIndex(count => count !== anchorsPerCell);
  const product = [count(sizes[level], 'size'), count(ratios[level], 'aspect ratio')].join(' x ');
  const sum = `${product} = ${counts[level] ?? 0} anchors per cell at ${levels[level] ?? ''}`;
  const key = (['anchorSizes', 'aspectRatios'] satisfies (keyof ModelCard)[]).find(name => card[name] !== undefined);
  return key === undefined
    ? new UserError(`the weights have ${anchorsPerCell} anchors per cell; torchvision's default anchors give ${sum}`, {
        where: cardFile,
        remedy: 'state anchorSizes and aspectRatios of the training in this model card',
      })
    : new UserError(`anchorSizes and aspectRatios give ${sum}; the weights have ${anchorsPerCell}`, {
        where: where(key),
        remedy: 'state the sizes and ratios that the model was trained with',
      });
}

function forAllLevels(lists: PerLevel): readonly (readonly number[])[] {
  return isNested(lists) ? lists : levels.map(() => lists);
}

function isNested(lists: PerLevel): lists is readonly (readonly number[])[] {
  return Array.isArray(lists[0]);
}

function count(list: readonly number[] | undefined, noun: string): string {
  const length = list?.length ?? 0;
  return `${length} ${noun}${length === 1 ? '' : 's'}`;
}
