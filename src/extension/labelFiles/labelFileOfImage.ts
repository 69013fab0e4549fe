import { isRegularFile, searchFolders } from '../../dataset/searchFolders';
import { vocPaths } from '../../dataset/voc/vocPaths';
import { yoloPaths } from '../../dataset/yolo/yoloPaths';

/** The file of its own that an image's labels are written in; undefined where there is none. */
export async function labelFileOfImage(format: 'voc' | 'yolo', image: string): Promise<string | undefined> {
  const paths =
    format === 'voc' ? vocPaths(image, await searchFolders(image)) : yoloPaths(image).map(({ file }) => file);
  for (const path of paths) {
    if (await isRegularFile(path)) return path;
  }
  return undefined;
}
