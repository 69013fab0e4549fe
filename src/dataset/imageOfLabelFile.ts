import { basename, dirname, extname, join, parse, relative } from 'node:path';
import { entriesOf, kindOf } from './folderListing';
import { isImageFile } from './imageFiles';
import { pathParts, searchFolders } from './searchFolders';
import { vocPaths } from './voc/vocPaths';
import { yoloPaths } from './yolo/yoloPaths';

const imageFolders = ['images', 'JPEGImages', 'Images'];
const labelFolders = /^(?:annotations|xmls|labels)$/i;

/**
 * The image that a Pascal VOC or YOLO label file belongs to: the one of the same name beside it, or in a folder of
 * images beside the file's folder of labels, for which this file would be found as its labels. Undefined when there
 * is none.
 */
export async function imageOfLabelFile(labelFile: string): Promise<string | undefined> {
  const isXml = extname(labelFile).toLowerCase() === '.xml';
  for (const folder of await candidateFolders(labelFile)) {
    const image = await imageNamed(folder, parse(labelFile).name);
    if (image === undefined) continue;
    const paths = isXml ? vocPaths(image, await searchFolders(image)) : yoloPaths(image).map(({ file }) => file);
    if (paths.includes(labelFile)) return image;
  }
  return undefined;
}

/** Folders where the image may be, the likeliest first. */
async function candidateFolders(labelFile: string): Promise<string[]> {
  const own = dirname(labelFile);
  const folders: string[] = [];
  for (const above of await searchFolders(labelFile)) {
    // `labels/val/x.txt` has `images/val/x.jpg`, and `Annotations/x.xml` has `JPEGImages/x.jpg`.
    if (!labelFolders.test(basename(above))) continue;
    const inside = pathParts(relative(above, own)).filter(part => !labelFolders.test(part));
    for (const name of imageFolders) folders.push(join(dirname(above), name, ...inside));
    folders.push(join(dirname(above), ...inside));
  }
  return [...new Set([...folders, own, ...imageFolders.map(name => join(own, name)), dirname(own)])];
}

async function imageNamed(folder: string, name: string): Promise<string | undefined> {
  const found: string[] = [];
  for await (const entry of entriesOf(folder)) {
    if (parse(entry.name).name !== name || !isImageFile(entry.name)) continue;
    if ((await kindOf(folder, entry)) === 'file') found.push(entry.name);
  }
  const [first] = found.sort();
  return first === undefined ? undefined : join(folder, first);
}
