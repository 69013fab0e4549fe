import { UserError } from '../../common/errors';
import type { Architecture, ModelConfig } from '../types';
import type { LocatedCard, PerLevel } from './card';

type Lists = readonly (readonly number[])[];

/** torchvision's `_default_anchorgen`: int(size * 2^(k/3)) at each of five levels. */
const defaultAnchorSizes: Lists = [32, 64, 128, 256, 512].map(size => [
  size,
  Math.trunc(size * 2 ** (1 / 3)),
  Math.trunc(size * 2 ** (2 / 3)),
]);

const defaultAspectRatios: readonly number[] = [0.5, 1, 2];

/**
 * Sizes and ratios for every level, as many anchors per cell as the weights have.
 *
 * A flat list of ratios holds for all levels. A flat list of as many sizes as there are levels is one size per level,
 * as in torchvision's AnchorGenerator; one that does not fit the weights that way holds for all levels.
 * @throws UserError when their product differs from the anchors per cell of the weights, or there are too few lists
 */
export function resolveAnchors(
  located: LocatedCard,
  cardFile: string,
  architecture: Pick<Architecture, 'anchorsPerCell' | 'levels'>,
): Pick<ModelConfig, 'anchorSizes' | 'aspectRatios'> & { notes: string[] } {
  const { card, where } = located;
  const { anchorsPerCell, levels } = architecture;
  checkLevels(located, cardFile, levels);
  const aspectRatios = forAllLevels(card.aspectRatios ?? defaultAspectRatios, levels);
  const misfit = (sizes: Lists) =>
    levels.findIndex((_, level) => (sizes[level]?.length ?? 0) * (aspectRatios[level]?.length ?? 0) !== anchorsPerCell);

  const given = card.anchorSizes ?? defaultAnchorSizes;
  const same = forAllLevels(given, levels);
  const onePerLevel = isNested(given) ? given : given.map(size => [size]);
  const isPerLevel = onePerLevel.length === levels.length && (misfit(onePerLevel) < 0 || misfit(same) >= 0);
  const anchorSizes = isPerLevel ? onePerLevel : same;

  const level = misfit(anchorSizes);
  if (level >= 0) {
    const product = [count(anchorSizes[level], 'size'), count(aspectRatios[level], 'aspect ratio')].join(' x ');
    const found = (anchorSizes[level]?.length ?? 0) * (aspectRatios[level]?.length ?? 0);
    const sum = `${product} = ${found} anchors per cell at ${levels[level] ?? ''}`;
    const key = card.anchorSizes ? 'anchorSizes' : card.aspectRatios ? 'aspectRatios' : undefined;
    throw key === undefined
      ? new UserError(
          `the weights have ${anchorsPerCell} anchors per cell; torchvision's default anchors give ${sum}`,
          {
            where: cardFile,
            remedy: 'state anchorSizes and aspectRatios of the training in this model card',
          },
        )
      : new UserError(`anchorSizes and aspectRatios give ${sum}; the weights have ${anchorsPerCell}`, {
          where: where(key),
          remedy: 'state the sizes and ratios that the model was trained with',
        });
  }
  const notes = isPerLevel ? [] : ['anchorSizes is one list: the same anchor sizes are used at every pyramid level.'];
  return { anchorSizes, aspectRatios, notes };
}

function checkLevels({ card, where }: LocatedCard, cardFile: string, levels: readonly string[]): void {
  const expected = `the weights have ${levels.length} pyramid levels (${levels.join(', ')})`;
  for (const key of ['anchorSizes', 'aspectRatios'] as const) {
    const lists = card[key];
    if (!lists || !isNested(lists) || lists.length === levels.length) continue;
    throw new UserError(`${key} has lists for ${lists.length} levels but ${expected}`, {
      where: where(key),
      remedy: 'give one list per level, or one for all',
    });
  }
  if (!card.anchorSizes && levels.length !== defaultAnchorSizes.length) {
    throw new UserError(`${expected}; torchvision's default anchors are for ${defaultAnchorSizes.length}`, {
      where: cardFile,
      remedy: 'state anchorSizes and aspectRatios of the training in this model card',
    });
  }
}

function forAllLevels(lists: PerLevel, levels: readonly string[]): Lists {
  return isNested(lists) ? lists : levels.map(() => lists);
}

function isNested(lists: PerLevel): lists is Lists {
  return Array.isArray(lists[0]);
}

function count(list: readonly number[] | undefined, noun: string): string {
  const length = list?.length ?? 0;
  return `${length} ${noun}${length === 1 ? '' : 's'}`;
}
