import { join } from 'node:path';
import { UserError } from '../../common/errors';
import { listFiles } from '../folderListing';
import type { ProblemList } from '../labelProblems';
import { maxLabelFileBytes, readTextFile } from '../text/readTextFile';

const maxSets = 500;
const usual = ['train', 'val', 'trainval', 'test'];

/**
 * The image sets in `ImageSets/Main` of a Pascal VOC folder: names of images without extension by name of the set, the
 * usual ones first. Sets of a single class (`car_train.txt`, with a column that says whether the class is there) are
 * left out: they list the same images.
 */
export async function readVocSets(root: string, problems: ProblemList): Promise<Map<string, readonly string[]>> {
  const folder = join(root, 'ImageSets', 'Main');
  const files = (await listFiles(folder, name => /\.txt$/i.test(name))).filter(name => !name.includes('/'));
  const names = files.slice(0, maxSets).map(name => name.replace(/\.txt$/i, ''));
  const rank = (name: string) => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  const sets = new Map<string, readonly string[]>();
  for (const name of names.sort((a, b) => rank(a) - rank(b))) {
    const file = join(folder, `${name}.txt`);
    try {
      const { text } = await readTextFile(file, { maxBytes: maxLabelFileBytes });
      const lines = text.split(/\r\n?|\n/).filter(line => line.trim() !== '');
      const isOfOneClass = lines.length > 0 && lines.every(line => /\S\s+-?[01]\s*$/.test(line));
      if (!isOfOneClass) sets.set(name, [...new Set(lines.map(line => line.trim()))]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.add(file, 0, `the image set is left out: ${error.what}`);
    }
  }
  return sets;
}
