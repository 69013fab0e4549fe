import { basename, dirname, join } from 'node:path';
import { messageOf, UserError } from '../../common/errors';
import type { LabelIndex } from '../labelIndex';
import { ProblemList } from '../labelProblems';
import type { ImageLabels, LabelledImage } from '../labels';
import { isRegularFile, searchFolders } from '../searchFolders';
import type { ClassNames } from './classNames';
import { readYoloText, yoloLabels } from './readYolo';
import { looksLikeYolo, type YoloPath } from './yoloPaths';

const maxYamlFiles = 20;
const isDataYaml = /^(?:data|dataset)\.ya?ml$/i;

/** The labels in the first of some files that exists and is, or looks like, a YOLO label file. */
export async function findYolo(
  image: LabelledImage,
  paths: readonly YoloPath[],
  index: LabelIndex,
): Promise<ImageLabels | undefined> {
  for (const { file, certain } of paths) {
    if (!(await isRegularFile(file))) continue;
    const text = await readYoloText(file);
    const looks = certain || looksLikeYolo(text.text);
    if (looks === false) continue;
    const problems = new ProblemList();
    const classes = await findClassNames(file, image.file, index, problems);
    // An empty text beside an image says "no objects" only in a data set that states its classes.
    if (looks === true || classes !== undefined) return yoloLabels(text, image, classes, problems);
  }
  return undefined;
}

/**
 * The data set's class names: `names` in a YAML file (data.yaml and dataset.yaml before others), else a list of names
 * (classes.txt, obj.names), from the label file's folder and the image's folder upwards.
 * @param problems receives what is wrong with a data.yaml that had to be passed over
 */
export async function findClassNames(
  labelFile: string,
  imageFile: string,
  index: LabelIndex,
  problems: ProblemList,
): Promise<ClassNames | undefined> {
  const folders = new Set([
    dirname(labelFile),
    dirname(imageFile),
    ...(await searchFolders(labelFile)),
    ...(await searchFolders(imageFile)),
  ]);
  const yaml: string[] = [];
  const lists: string[] = [];
  for (const folder of folders) {
    const names = await index.labelFileNames(folder);
    const among = (pattern: RegExp) => names.filter(name => pattern.test(name)).map(name => join(folder, name));
    yaml.push(...among(isDataYaml), ...among(/^(?!(?:data|dataset)\.)[^.].*\.ya?ml$/i));
    lists.push(
      ...among(/^classes\.txt$/i),
      ...among(/\.names$/i),
      ...among(/\.labels$/i),
      ...among(/._?classes\.txt$/i),
    );
  }
  for (const file of [...yaml.slice(0, maxYamlFiles), ...lists]) {
    // A label file whose image is named "classes" is no list of names.
    if (file === labelFile) continue;
    try {
      const classes = await index.classNames(file);
      if (classes !== undefined && classes.names.size > 0) return classes;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Any other YAML file is none of ours.
      if (isDataYaml.test(basename(file))) problems.add(file, 0, `class names were not read: ${messageOf(error)}`);
    }
  }
  return undefined;
}
