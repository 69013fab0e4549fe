import { basename, join, relative, sep } from 'node:path';
import { pathParts, withExtension } from '../searchFolders';

/** Folders of Pascal VOC files, relative to a folder above the images; `xmls` is Oxford-IIIT Pet's. */
const annotationFolders = ['Annotations', 'annotations', join('annotations', 'xmls')];

/**
 * Where the Pascal VOC file of an image may be, the likeliest first: in `Annotations` beside the image's folder
 * (`JPEGImages/a/x.jpg` has `Annotations/a/x.xml`), beside the image, in `Annotations` in the image's folder, in
 * `Annotations` in a folder further up.
 * @param folders the image's folder and those above it, nearest first
 */
export function vocPaths(imageFile: string, folders: readonly string[]): string[] {
  const [own = '', parent, ...further] = folders;
  const name = withExtension(basename(imageFile), '.xml');
  const above = (folder: string) => {
    const inside = pathParts(relative(folder, own));
    return annotationFolders.flatMap(annotations =>
      [inside.slice(1), inside, []].map(between => join(folder, annotations, between.join(sep), name)),
    );
  };
  const paths = [
    ...(parent === undefined ? [] : above(parent)),
    join(own, name),
    ...annotationFolders.map(annotations => join(own, annotations, name)),
    ...further.flatMap(above),
  ];
  return [...new Set(paths)];
}
