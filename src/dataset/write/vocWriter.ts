import { basename, posix } from 'node:path';
import { escapeXml } from '../voc/escapeXml';
import type { Label } from '../labels';
import type { DatasetWriter, WrittenImage } from './datasetWriter';
import { plainDecimal } from './decimals';
import type { StagedFolder } from './stagedFolder';

/**
 * Writes Pascal VOC files: `Annotations`, `JPEGImages` and `ImageSets/Main`. Coordinates are written as they are in
 * pixels from 0, with decimals where they have any: what the reader, and nearly every tool, takes them for.
 */
export class VocWriter implements DatasetWriter {
  readonly imageFolder = 'JPEGImages';
  readonly keepsCrowds = false;
  readonly keepsDifficult = true;
  private readonly sets: Map<string, string[]>;

  constructor(
    private readonly folder: StagedFolder,
    splits: readonly string[],
  ) {
    this.sets = new Map(splits.map(split => [split, []]));
  }

  async add({ name, width, height, labels, splits }: WrittenImage): Promise<void> {
    const stem = name.replace(/\.[^./]+$/, '');
    const lines = [
      '<annotation>',
      `\t<folder>${escapeXml(posix.join(this.imageFolder, posix.dirname(name)))}</folder>`,
      `\t<filename>${escapeXml(basename(name))}</filename>`,
      '\t<size>',
      `\t\t<width>${width}</width>`,
      `\t\t<height>${height}</height>`,
      '\t\t<depth>3</depth>',
      '\t</size>',
      '\t<segmented>0</segmented>',
      ...labels.flatMap(objectLines),
      '</annotation>',
      '',
    ];
    await this.folder.write(`Annotations/${stem}.xml`, lines.join('\n'));
    for (const split of splits) this.sets.get(split)?.push(stem);
  }

  async finish(): Promise<readonly string[]> {
    for (const [name, stems] of this.sets)
      await this.folder.write(`ImageSets/Main/${name}.txt`, stems.map(stem => `${stem}\n`).join(''));
    return ['.'];
  }
}

function objectLines({ category, box, difficult }: Label): string[] {
  const [xmin, ymin, xmax, ymax] = box.map(plainDecimal);
  return [
    '\t<object>',
    `\t\t<name>${escapeXml(category)}</name>`,
    '\t\t<pose>Unspecified</pose>',
    '\t\t<truncated>0</truncated>',
    `\t\t<difficult>${difficult ? 1 : 0}</difficult>`,
    '\t\t<bndbox>',
    `\t\t\t<xmin>${xmin}</xmin>`,
    `\t\t\t<ymin>${ymin}</ymin>`,
    `\t\t\t<xmax>${xmax}</xmax>`,
    `\t\t\t<ymax>${ymax}</ymax>`,
    '\t\t</bndbox>',
    '\t</object>',
  ];
}
