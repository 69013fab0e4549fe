import { stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import { UserError } from '../common/errors';
import { CocoIndex } from './coco/cocoIndex';
import { cocoFolders, findCoco } from './coco/findCoco';
import { readCoco } from './coco/readCoco';
import { fileError } from './fileErrors';
import type { LabelIndex } from './labelIndex';
import { ProblemList } from './labelProblems';
import type { ImageLabels, LabelledImage } from './labels';
import { isRegularFile, pathParts, searchFolders, withExtension } from './searchFolders';
import { findVoc } from './voc/findVoc';
import { readVoc } from './voc/readVoc';
import { vocPaths } from './voc/vocPaths';
import type { ClassNames } from './yolo/classNames';
import { findClassNames, findYolo } from './yolo/findYolo';
import { readYoloText, yoloLabels } from './yolo/readYolo';
import { looksLikeYolo, yoloPaths } from './yolo/yoloPaths';

/**
 * The labels of an image in a file or folder that the user names.
 * @throws UserError when the file is malformed or of another kind, or has no labels for the image
 */
export async function readLabelsAt(image: LabelledImage, path: string, index: LabelIndex): Promise<ImageLabels> {
  const stats = await stat(path).catch((error: unknown) => {
    throw fileError(error, path);
  });
  if (stats.isDirectory()) return readFolderLabels(image, path, index);
  switch (extname(path).toLowerCase()) {
    case '.json':
      return readCocoLabels(image, path, index);
    case '.xml':
      return readVoc(path, image);
    case '.txt':
      return readYoloLabels(image, path, index);
    case '.yaml':
    case '.yml':
      return (await readYamlLabels(image, path, index)) ?? refuse(image, path);
    default:
      throw new UserError('is no label file, expected a .json, .xml, .txt or .yaml file or a folder', {
        where: path,
        remedy: 'name COCO, Pascal VOC or YOLO labels',
      });
  }
}

async function readCocoLabels(image: LabelledImage, file: string, index: LabelIndex): Promise<ImageLabels> {
  const coco = await index.coco(file, { sniff: false });
  if (!(coco instanceof CocoIndex))
    throw new UserError(`is no COCO label file: ${coco.notCoco}`, {
      where: file,
      remedy: 'name a COCO file with ground truth',
    });
  const match = await coco.findImage(image);
  if (match === undefined) throw notListed(image, file, `none of its ${coco.imageCount} images has that name`);
  return readCoco(coco, match, image);
}

async function readYoloLabels(image: LabelledImage, file: string, index: LabelIndex): Promise<ImageLabels> {
  const text = await readYoloText(file);
  const problems = new ProblemList();
  const classes = await findClassNames(file, image.file, index, problems);
  const labels = yoloLabels(text, image, classes, problems);
  if (labels.labels.length === 0 && looksLikeYolo(text.text) === false)
    throw new UserError('is no YOLO label file: no line holds a class index and four fractions', {
      where: `${file}:1`,
      remedy: "name the image's label file, or the data.yaml",
    });
  return labels;
}

/**
 * The labels of an image in the data set of a `data.yaml`. As for Ultralytics, an image without label file is an image
 * without objects, if there is a folder of label files where its own would be; else undefined.
 * @throws UserError for YAML without `names`, or malformed labels
 */
export async function readYamlLabels(
  image: LabelledImage,
  yaml: string,
  index: LabelIndex,
): Promise<ImageLabels | undefined> {
  const classes = await index.classNames(yaml);
  if (classes === undefined)
    throw new UserError('has no `names`', { where: yaml, remedy: 'name the data.yaml of a YOLO data set' });
  const paths = yoloPaths(image.file);
  for (const { file, certain } of paths) {
    if (!(await isRegularFile(file))) continue;
    const text = await readYoloText(file);
    if (certain || looksLikeYolo(text.text) !== false) return yoloLabels(text, image, classes);
  }
  const expected = paths[0];
  if (!expected?.certain || !(await isFolder(dirname(expected.file)))) return undefined;
  return withoutLabelFile(expected.file, classes);
}

function withoutLabelFile(expected: string, classes: ClassNames): ImageLabels {
  return {
    format: 'yolo',
    files: [classes.file],
    labels: [],
    problems: [
      { file: classes.file, line: 0, message: `there is no ${expected}: the image counts as one without objects` },
    ],
    categories: [...classes.names].map(([id, name]) => ({ id, name })),
  };
}

/** Looks in a folder that holds label files, or that is the root of a data set. */
async function readFolderLabels(image: LabelledImage, folder: string, index: LabelIndex): Promise<ImageLabels> {
  const isInside = (path: string) => {
    const way = relative(folder, path);
    return !way.startsWith('..') && !isAbsolute(way);
  };
  const around = (await searchFolders(image.file)).filter(isInside);
  const beneath = (inner: string, extension: string) =>
    pathTails(image.file).map(tail => join(folder, inner, dirname(tail), withExtension(basename(tail), extension)));

  const voc = [
    ...['', 'Annotations', 'annotations'].flatMap(inner => beneath(inner, '.xml')),
    ...vocPaths(image.file, around).filter(isInside),
  ];
  const yolo = [
    ...yoloPaths(image.file).filter(({ file }) => isInside(file)),
    ...beneath('', '.txt').map(file => ({ file, certain: basename(folder) === 'labels' })),
    ...beneath('labels', '.txt').map(file => ({ file, certain: true })),
  ];
  const labels =
    (await findVoc(image, voc)) ??
    (await findYolo(image, yolo, index)) ??
    (await findCoco(image, cocoFolders([...new Set([...around, folder])]), index));
  if (labels === undefined) throw notListed(image, folder, 'no Pascal VOC, YOLO or COCO file there names it');
  return labels;
}

/** The last parts of a path, from four parts to its base name. */
function pathTails(path: string): string[] {
  const parts = pathParts(path);
  return [4, 3, 2, 1].filter(count => count <= parts.length).map(count => parts.slice(-count).join(sep));
}

function refuse(image: LabelledImage, yaml: string): never {
  throw notListed(image, yaml, `there is no ${yoloPaths(image.file)[0]?.file ?? 'label file'}`);
}

function notListed(image: LabelledImage, where: string, why: string): UserError {
  return new UserError(`has no labels for ${basename(image.file)}: ${why}`, {
    where,
    remedy: 'name the labels of this image',
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    stats => stats.isDirectory(),
    () => false,
  );
}
