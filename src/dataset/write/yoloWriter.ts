import { stringify } from 'yaml';
import { yoloFractions } from '../yolo/yoloLine';
import type { CategoryTable } from './categoryTable';
import type { DatasetWriter, WrittenImage } from './datasetWriter';
import type { StagedFolder } from './stagedFolder';

const known = ['train', 'val', 'test'];

/**
 * Writes a YOLO data set: `data.yaml`, `images`, `labels`, and lists of images for the splits train, val and test, the
 * ones that `data.yaml` can name. Without any of these both train and val are all images.
 */
export class YoloWriter implements DatasetWriter {
  readonly imageFolder = 'images';
  readonly keepsCrowds = false;
  readonly keepsDifficult = false;
  private readonly lists: Map<string, string[]>;

  constructor(
    private readonly folder: StagedFolder,
    private readonly table: CategoryTable,
    splits: readonly string[],
  ) {
    this.lists = new Map(splits.filter(split => known.includes(split)).map(split => [split, []]));
  }

  async add({ name, width, height, labels, splits }: WrittenImage): Promise<void> {
    const lines = labels.map(label => `${this.table.of(label).index} ${yoloFractions(label.box, { width, height })}\n`);
    await this.folder.write(`labels/${name.replace(/\.[^./]+$/, '')}.txt`, lines.join(''));
    for (const split of splits) this.lists.get(split)?.push(`./${this.imageFolder}/${name}\n`);
  }

  async finish(): Promise<readonly string[]> {
    const splits: Record<string, string> = { train: this.imageFolder, val: this.imageFolder };
    for (const [split, lines] of this.lists) {
      splits[split] = `${split}.txt`;
      await this.folder.write(`${split}.txt`, lines.join(''));
    }
    if (this.lists.size > 0) {
      for (const split of known) if (!this.lists.has(split)) delete splits[split];
    }
    const names = new Map(this.table.categories.map(({ name, index }) => [index, name]));
    await this.folder.write('data.yaml', stringify({ ...splits, names }, { lineWidth: 0 }));
    return ['data.yaml'];
  }
}
