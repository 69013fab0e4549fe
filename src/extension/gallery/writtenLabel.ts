import * as vscode from 'vscode';
import { toXywh, type XywhBox } from '../../common/boxes';
import { UserError } from '../../common/errors';
import { findLabels } from '../../dataset/findLabels';
import type { LabelIndex } from '../../dataset/labelIndex';
import type { ImageLabels, Label, LabelledImage } from '../../dataset/labels';
import type { ChosenDataset } from '../explorer/currentDataset';
import { readSettings } from '../settings';

/** A label as the store knows it. */
export interface KnownLabel {
  readonly id: string;
  readonly category: string | null;
  readonly bbox: XywhBox;
}

/** Where the labels of a data set's image are to be read: what the settings say, else the data set's COCO file. */
export function labelsPathOf(dataset: ChosenDataset, image: string): string | undefined {
  return readSettings(vscode.Uri.file(image)).labels ?? (dataset.format === 'coco' ? dataset.path : undefined);
}

/**
 * The labels of an image as they are written now.
 * @throws UserError where there are none
 */
export async function writtenLabels(
  dataset: ChosenDataset,
  image: LabelledImage,
  index: LabelIndex,
): Promise<ImageLabels> {
  const labels = await findLabels(image, labelsPathOf(dataset, image.file), index);
  if (labels !== undefined && labels.files.length > 0) return labels;
  throw new UserError(vscode.l10n.t('no labels were found for this image'), { where: image.file });
}

/**
 * The label that the store knows, among those of its image as they are written now: the one with its id, or with its
 * class and box, as ids move in some formats. Undefined where it has been changed.
 */
export function sameLabel(labels: readonly Label[], known: KnownLabel): Label | undefined {
  const same = labels.filter(({ category, box }) => {
    const written = toXywh(box);
    const isPlaced = known.bbox.every(
      (value, i) => Math.abs(value - written[i]) <= 1e-6 * Math.max(1, Math.abs(value)),
    );
    return isPlaced && (known.category === null || known.category === category);
  });
  // Of equal labels, which one is meant only the id tells.
  return same.find(({ id }) => id === known.id) ?? (same.length === 1 ? same[0] : undefined);
}
