import type { FocalParameters, ModelConfig } from '../types';

/** One list for all levels, or a list for each pyramid level, finest first. */
export type PerLevel = readonly number[] | readonly (readonly number[])[];

/** A model card as written, valid by `media/model-card.schema.json`; what each key means stands there. */
export interface ModelCard extends Partial<
  Pick<
    ModelConfig,
    | 'classes'
    | 'minSize'
    | 'maxSize'
    | 'mean'
    | 'std'
    | 'batchNormEps'
    | 'fgIou'
    | 'bgIou'
    | 'allowLowQualityMatches'
    | 'boxLoss'
    | 'boxLossBeta'
    | 'scoreThreshold'
    | 'nmsThreshold'
    | 'detectionsPerImage'
    | 'topkPerLevel'
  >
> {
  readonly categoryIds?: readonly (number | null)[];
  readonly categories?: Readonly<Record<string, string | number | null>>;
  readonly anchorSizes?: PerLevel;
  readonly aspectRatios?: PerLevel;
  readonly focal?: Partial<FocalParameters>;
}

/** A card with the places its keys were read from. */
export interface LocatedCard {
  readonly card: ModelCard;
  /** `file:line:column` of a key, or the file where the card lacks it. */
  readonly where: (key: keyof ModelCard) => string;
}
