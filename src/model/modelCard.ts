import { access } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../common/errors';
import { resolveAnchors } from './modelCard/anchorLists';
import type { LocatedCard, ModelCard } from './modelCard/card';
import { cardKeys, validateCard } from './modelCard/cardSchema';
import { resolveClasses } from './modelCard/classColumns';
import { parseJsonDocument, readJsonDocument } from './modelCard/jsonDocument';
import { resemblesKey } from './modelCard/keySuggestion';
import type { Architecture, ModelConfig } from './types';

export type { ModelCard } from './modelCard/card';

const imageNetMean: ModelConfig['mean'] = [0.485, 0.456, 0.406];
const imageNetStd: ModelConfig['std'] = [0.229, 0.224, 0.225];

/** Where the model card of a checkpoint lies unless the user names another: `model.json` beside `model.pth`. */
export function cardFileOf(checkpointFile: string): string {
  const { dir, name } = path.parse(checkpointFile);
  return path.join(dir, `${name}.json`);
}

/**
 * Reads a model card and checks it against the published schema, `media/model-card.schema.json`.
 * @throws UserError naming file, line and key
 */
export async function readModelCard(file: string): Promise<ModelCard> {
  return validateCard(file, await readJsonDocument(file));
}

/**
 * The configuration of a model: its card, which lies beside the weights (`model.json` beside `model.pth`) unless
 * `cardFile` names another, over torchvision's defaults (torchvision/models/detection/retinanet.py).
 * @returns the configuration, the card it came from, and notes to show: what was assumed where the card is silent
 * @throws UserError when the card is malformed or contradicts the weights or itself
 */
export async function loadModelConfig(
  checkpointFile: string,
  architecture: Architecture,
  cardFile?: string,
): Promise<{ config: ModelConfig; cardFile: string | undefined; notes: string[] }> {
  const besideWeights = cardFileOf(checkpointFile);
  const notes: string[] = [];
  let file =
    cardFile ?? ((await exists(besideWeights)) && besideWeights !== checkpointFile ? besideWeights : undefined);
  const document = file === undefined ? undefined : await readJsonDocument(file);
  let located: LocatedCard = { card: {}, where: () => file ?? besideWeights };
  if (file === undefined || !document) {
    notes.push(
      `There is no model card ${path.basename(besideWeights)} beside the weights: torchvision's defaults are used.`,
    );
  } else if (cardFile === undefined && isForeign(document.value)) {
    notes.push(`${path.basename(file)} has none of a model card's keys: torchvision's defaults are used.`);
    file = undefined;
  } else {
    located = { card: validateCard(file, document), where: key => document.where([key]) };
  }
  const merged = mergeConfig(located, file ?? besideWeights, architecture);
  return { config: merged.config, cardFile: file, notes: [...notes, ...merged.notes] };
}

/**
 * The configuration that a model card's text makes, whether it is in the file yet or not.
 * @throws UserError as {@link loadModelConfig}; also for a file that is no model card
 */
export function modelConfigOf(file: string, text: string, architecture: Architecture): ModelConfig {
  const document = parseJsonDocument(file, text);
  if (isForeign(document.value)) {
    throw new UserError("has none of a model card's keys", {
      where: file,
      remedy: 'rename it, or name the model card in the settings (focalLens.modelCard)',
    });
  }
  const located = { card: validateCard(file, document), where: (key: keyof ModelCard) => document.where([key]) };
  return mergeConfig(located, file, architecture).config;
}

function mergeConfig(
  located: LocatedCard,
  cardFile: string,
  architecture: Architecture,
): { config: ModelConfig; notes: string[] } {
  const { card } = located;
  const { notes: classNotes, ...classes } = resolveClasses(located, architecture.classes);
  const { notes: anchorNotes, ...anchors } = resolveAnchors(located, cardFile, architecture);
  const notes = [...classNotes, ...anchorNotes];

  let batchNormEps = card.batchNormEps;
  if (batchNormEps === undefined) {
    batchNormEps = architecture.torchvisionCocoV1 ? 0 : 1e-5;
    if (architecture.torchvisionCocoV1) {
      notes.push(
        "The weights look like torchvision's own COCO_V1, whose batch norm has epsilon 0; set batchNormEps in the model card (1e-5 is usual) if you trained them yourself.",
      );
    }
  }
  const boxLoss = card.boxLoss ?? (architecture.headNorm === 'group' ? 'giou' : 'l1');
  if (card.boxLossBeta !== undefined && boxLoss !== 'smooth_l1') {
    notes.push(`boxLossBeta of the model card has no effect: the box loss is ${boxLoss}, not smooth_l1.`);
  }

  const config: ModelConfig = {
    ...classes,
    ...anchors,
    minSize: card.minSize ?? 800,
    maxSize: card.maxSize ?? 1333,
    mean: card.mean ?? imageNetMean,
    std: card.std ?? imageNetStd,
    batchNormEps,
    fgIou: card.fgIou ?? 0.5,
    bgIou: card.bgIou ?? 0.4,
    allowLowQualityMatches: card.allowLowQualityMatches ?? true,
    focal: { gamma: card.focal?.gamma ?? 2, alpha: card.focal?.alpha ?? 0.25 },
    boxLoss,
    boxLossBeta: card.boxLossBeta ?? 1,
    scoreThreshold: card.scoreThreshold ?? 0.05,
    nmsThreshold: card.nmsThreshold ?? 0.5,
    detectionsPerImage: card.detectionsPerImage ?? 300,
    topkPerLevel: card.topkPerLevel ?? 1000,
  };
  checkOrder(located, config, 'minSize', 'maxSize');
  checkOrder(located, config, 'bgIou', 'fgIou');
  checkUnits(located, config);
  return { config, notes };
}

function checkOrder(
  { card, where }: LocatedCard,
  config: ModelConfig,
  lower: 'minSize' | 'bgIou',
  upper: 'maxSize' | 'fgIou',
): void {
  if (config[lower] <= config[upper]) return;
  const value = (key: typeof lower | typeof upper) =>
    `${key} (${config[key]}${card[key] === undefined ? ", torchvision's default" : ''})`;
  throw new UserError(`${value(lower)} is larger than ${value(upper)}`, {
    where: where(card[lower] === undefined ? upper : lower),
    remedy: `state both ${lower} and ${upper} as the model was trained with`,
  });
}

/** Pixel values are between 0 and 1 when mean and std are applied; a mean for 0 to 255 would blank every image. */
function checkUnits({ where }: LocatedCard, { mean }: ModelConfig): void {
  const found = mean.find(value => Math.abs(value) > 1);
  if (found === undefined) return;
  throw new UserError(`mean holds ${found}, but pixel values are between 0 and 1`, {
    where: where('mean'),
    remedy: 'divide mean and std by 255',
  });
}

/** A JSON file that lies beside the weights for another purpose, such as a training log: no key is, or resembles, a card's. */
function isForeign(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  const keys = Object.keys(value);
  const ownKeys = cardKeys.filter(key => key !== '$schema' && key !== 'description');
  return keys.length > 0 && !keys.some(key => resemblesKey(key, ownKeys));
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
