import { toXywh } from '../../common/boxes';
import type { Label } from '../labels';
import type { CategoryTable } from './categoryTable';
import type { DatasetWriter, WrittenImage } from './datasetWriter';
import { lengthBetween } from './decimals';
import type { StagedFolder } from './stagedFolder';

/** The lines of a COCO file; one image, annotation or category a line. */
interface Lines {
  readonly images: string[];
  readonly annotations: string[];
}

/** File of images that no split lists, where there are splits. */
const unlisted = 'unlisted';

/**
 * Writes COCO JSON: `labels.json`, or a file per split in `annotations`. Image and annotation ids count from 1 in each
 * file, category ids from 1 in the order of the categories.
 */
export class CocoWriter implements DatasetWriter {
  readonly imageFolder = 'images';
  readonly keepsCrowds = true;
  readonly keepsDifficult = false;
  private readonly files = new Map<string, Lines>();

  constructor(
    private readonly folder: StagedFolder,
    private readonly table: CategoryTable,
    /** Of the data set read; empty when it has none. */
    private readonly splits: readonly string[],
  ) {
    for (const split of splits) this.linesOf(split);
    if (splits.length === 0) this.linesOf('');
  }

  add({ name, width, height, labels, splits }: WrittenImage): Promise<void> {
    const listing = this.splits.length === 0 ? [''] : splits.length === 0 ? [unlisted] : splits;
    for (const split of listing) {
      const { images, annotations } = this.linesOf(split);
      const image_id = images.length + 1;
      images.push(JSON.stringify({ id: image_id, file_name: `${this.imageFolder}/${name}`, width, height }));
      for (const label of labels) annotations.push(this.annotation(annotations.length + 1, image_id, label));
    }
    return Promise.resolve();
  }

  async finish(): Promise<readonly string[]> {
    const categories = this.table.categories.map(({ name, index }) => JSON.stringify({ id: index + 1, name }));
    const written: string[] = [];
    for (const [split, { images, annotations }] of this.files) {
      const file = split === '' ? 'labels.json' : `annotations/instances_${split}.json`;
      const list = (name: string, lines: readonly string[]) => [
        `  "${name}": [${lines.length === 0 ? '' : '\n'}`,
        ...lines.map((line, i) => `    ${line}${i + 1 < lines.length ? ',' : ''}\n`),
        lines.length === 0 ? ']' : '  ]',
      ];
      await this.folder.write(
        file,
        inChunks([
          '{\n',
          ...list('images', images),
          ',\n',
          ...list('annotations', annotations),
          ',\n',
          ...list('categories', categories),
          '\n}\n',
        ]),
      );
      written.push(file);
    }
    return written;
  }

  private annotation(id: number, image_id: number, label: Label): string {
    const [x, y, x2, y2] = label.box;
    const bbox = [x, y, lengthBetween(x, x2), lengthBetween(y, y2)];
    const [, , width, height] = toXywh(label.box);
    const area = Math.max(0, width) * Math.max(0, height);
    const category_id = this.table.of(label).index + 1;
    return JSON.stringify({ id, image_id, category_id, bbox, area, iscrowd: label.crowd ? 1 : 0 });
  }

  private linesOf(split: string): Lines {
    const lines = this.files.get(split) ?? { images: [], annotations: [] };
    this.files.set(split, lines);
    return lines;
  }
}

/** Fewer, longer texts: a million short ones would be a million writes. */
function inChunks(texts: readonly string[]): string[] {
  const chunks: string[] = [];
  for (let from = 0; from < texts.length; from += 4096) chunks.push(texts.slice(from, from + 4096).join(''));
  return chunks;
}
