import type { ImageLabels } from '../dataset/labels';
import type { ModelConfig } from '../model/types';
import { trainingFileNotes } from './trainingData';
import { counted, quotedList } from './wording';

/**
 * What the user should know about the labels of an image as a whole, one sentence each.
 *
 * @param withoutOverlap indices of the labels no anchor overlaps
 */
export function labelNotes(
  labels: Pick<ImageLabels, 'labels' | 'files'> | undefined,
  withoutOverlap: readonly number[],
  config: Pick<ModelConfig, 'allowLowQualityMatches'>,
): string[] {
  if (labels === undefined) return ['No label file was found: every anchor counts as background.'];
  const notes: string[] = [];
  if (labels.labels.length === 0) notes.push('The image has no labels: every anchor is background.');
  const crowds = labels.labels.filter(label => label.crowd).length;
  if (crowds > 0) notes.push(`${counted(crowds, 'crowd annotation')} left out of matching and loss.`);
  if (withoutOverlap.length > 0 && config.allowLowQualityMatches) {
    const ids = quotedList(withoutOverlap.map(label => labels.labels[label].id));
    notes.push(
      `No anchor overlaps ${withoutOverlap.length === 1 ? 'label' : 'labels'} ${ids}: in torchvision's training the ` +
        'low-quality rule then turns every anchor of the image into foreground; here it is left out.',
    );
  }
  return [...notes, ...trainingFileNotes(labels.files[0] ?? '')];
}
