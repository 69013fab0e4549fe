import type { Dataset } from '../dataset/dataset';
import { counted, quoted } from './wording';

const consequence =
  'a model trained on them has learnt their errors too, so that fewer are suspected, and those less surely.';

/** A note where a label file's name or folder says that it is for training, or none; only names are looked at. */
export function trainingFileNotes(file: string): readonly string[] {
  const name = trainingName(file);
  return name === undefined ? [] : [`By the name ${quoted(name)}, these labels are for training: ${consequence}`];
}

/**
 * The same for a data set as a whole: by the names of its splits (Pascal VOC's image sets, the keys of a `data.yaml`), or,
 * where it has none, by its label file's.
 */
export function trainingDatasetNotes({
  splits,
  labelFiles: [file = ''],
}: Pick<Dataset, 'splits' | 'labelFiles'>): readonly string[] {
  if (splits.length === 0) return trainingFileNotes(file);
  const named = splits.filter(({ name }) => trainingWord.test(name));
  if (named.length === 0) return [];
  const list = named.map(({ name, imageCount }) => `${quoted(name)} (${counted(imageCount, 'image')})`).join(', ');
  const [subject, verb] = named.length === 1 ? ['its name, the split', 'is'] : ['their names, the splits', 'are'];
  return [`By ${subject} ${list} ${verb} for training, labels included: ${consequence}`];
}

/** `train`, `training`, `trainval`, `train2017` as a word. */
const trainingWord = /(?:^|[^a-z])train(?:ing|val|set)?\d*(?:[^a-z]|$)/i;
const otherWord = /(?:^|[^a-z])(?:val(?:id|idation)?|test|dev)\d*(?:[^a-z]|$)/i;
/** Folders that say nothing of the split, so that the one above may. */
const plainFolder = /^(?:labels|annotations|images)$/i;

/** The part of a path that says so: the file's name, its folder's, or that of the folder above `labels` and the like. */
function trainingName(file: string): string | undefined {
  const [name = '', folder = '', above = ''] = file.split(/[\\/]/).reverse();
  const parts = [name, folder, ...(plainFolder.test(folder) ? [above] : [])];
  const telling = parts.find(part => trainingWord.test(part) || otherWord.test(part));
  return telling !== undefined && trainingWord.test(telling) ? telling : undefined;
}
