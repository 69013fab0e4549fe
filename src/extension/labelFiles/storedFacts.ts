import { stat } from 'node:fs/promises';
import { dirname, format as formatPath, normalize, parse } from 'node:path';
import * as vscode from 'vscode';
import { isWithin } from '../../dataset/datasetPaths';
import { findLabels } from '../../dataset/findLabels';
import type { LabelIndex } from '../../dataset/labelIndex';
import type { NextWorst, StoredFacts } from '../../protocol/labelFactsStore';
import type { BandThresholds } from '../../protocol/analysis';
import type { Engine } from '../engine';
import type { ChosenDataset } from '../explorer/currentDataset';
import { readSettings } from '../settings';
import type { Coverage, ImageFacts, LabelRef } from './labelFacts';
import { labelFileOfImage } from './labelFileOfImage';
import { rereadLabels } from './rereadLabels';

/** Of a data set with no more than this, a label file of many images is known at once; else the images that matter. */
const mostImages = 400;
const mostLabels = 20_000;
/** Images asked for at once. */
const batch = 100;

/** A store that says how things are: of the workspace's model, as it is on disk. */
interface Source extends ChosenDataset {
  readonly model: string;
  readonly bands: BandThresholds;
  /** When its latest run began, milliseconds. */
  readonly started: number;
  readonly images: number;
  readonly labels: number;
}

/** Reads facts about labels from the store of the workspace's data set. */
export class StoredFactsReader {
  private source: Promise<Source | undefined> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly dataset: () => ChosenDataset | undefined,
    private readonly checkpoint: (resource: vscode.Uri) => string | undefined,
    private readonly index: LabelIndex,
  ) {}

  /** The store may say something else now. */
  forget(): void {
    this.source = undefined;
  }

  /** Whether a file may hold labels of the data set, as far as that can be told without reading anything. */
  concerns(file: string): boolean {
    const dataset = this.dataset();
    return dataset !== undefined && isWithin(dirname(dirname(dataset.store)), file);
  }

  /** Images of a COCO file that are worth knowing first; all of them where they are few. */
  async notableImages(labelFile: string): Promise<readonly string[]> {
    const source = await this.current();
    if (source === undefined || !isOwnFile(source, labelFile)) return [];
    const { store } = source;
    return (await this.engine.client.request('notableImages', { store, limit: mostImages })).images;
  }

  /** Images of the data set that are worth knowing first, by their label files. */
  async notableByFile(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const source = await this.current();
    const byFile = new Map<string, Set<string>>();
    if (source === undefined) return byFile;
    const { store, format, path } = source;
    const { images } = await this.engine.client.request('notableImages', { store, limit: mostImages });
    for (const image of images) {
      const file = format === 'coco' ? path : await labelFileOfImage(format, image);
      if (file === undefined) continue;
      const known = byFile.get(normalize(file));
      if (known === undefined) byFile.set(normalize(file), new Set([image]));
      else known.add(image);
    }
    return byFile;
  }

  /** How much of a COCO file is known when so many of its images are. */
  async coverage(labelFile: string, images: number): Promise<Coverage | undefined> {
    const source = await this.current();
    return source !== undefined && isOwnFile(source, labelFile) ? { images, of: source.images } : undefined;
  }

  /**
   * What the store tells of images whose labels are written in some files, as far as their labels are still the same.
   * @param files the images of each
   * @returns by and by, since there may be many
   */
  async *read(files: ReadonlyMap<string, Iterable<string>>): AsyncGenerator<readonly ImageFacts[]> {
    const source = await this.current();
    if (source === undefined) return;
    const { store } = source;
    const fileOf = new Map<string, string>();
    for (const [file, own] of files) for (const image of own) fileOf.set(image, file);
    const changed = new Map<string, boolean>();
    for (const file of files.keys()) changed.set(file, (await modified(file)) > source.started);
    const images = [...fileOf.keys()];
    const ranked = isRanked(source);
    let left = mostLabels;
    for (let from = 0; from < images.length && left > 0; from += batch) {
      const some = images.slice(from, from + batch);
      const request = { store, images: some, maxLabels: left, ranked };
      const stored = await this.engine.client.request('storedFacts', request);
      const facts: ImageFacts[] = [];
      for (const one of stored) {
        left -= one.labels.length;
        const file = fileOf.get(one.image.file);
        if (file === undefined) continue;
        const known = factsOf(one, source, file);
        const read = changed.get(file) === true ? await this.reread(known, source) : known;
        if (read !== undefined) facts.push(read);
      }
      yield facts;
      if (stored.length < some.length && left <= 0) return;
    }
  }

  /**
   * The label with the next smaller loss among those of the whole data set; the worst one where none is named.
   * @returns undefined where the store does not tell, or its labels are all known anyway
   */
  async nextWorst(after?: LabelRef): Promise<NextWorst | 'last' | undefined> {
    const source = await this.current();
    if (source === undefined || !isRanked(source)) return undefined;
    const { store } = source;
    const request = after === undefined ? { store } : { store, after };
    return (await this.engine.client.request('nextWorst', request)) ?? undefined;
  }

  private current(): Promise<Source | undefined> {
    this.source ??= this.open().catch(() => undefined);
    return this.source;
  }

  /** Undefined where there is no store, or where model or card have been written since, or another model is chosen. */
  private async open(): Promise<Source | undefined> {
    const dataset = this.dataset();
    if (dataset === undefined || !vscode.workspace.isTrusted || (await modified(dataset.store)) === 0) return undefined;
    const { run, images, labels } = await this.engine.client.request('datasetOverview', { store: dataset.store });
    if (run === undefined) return undefined;
    const resource = vscode.Uri.file(dataset.path);
    const checkpoint = this.checkpoint(resource);
    if (checkpoint === undefined || normalize(checkpoint) !== normalize(run.model)) return undefined;
    const { modelCard } = readSettings(resource);
    const started = Date.parse(run.started);
    for (const file of [checkpoint, modelCard ?? cardBeside(checkpoint)]) {
      if ((await modified(file)) > started) return undefined;
    }
    return { ...dataset, model: checkpoint, bands: run.bands, started, images, labels };
  }

  private async reread(facts: ImageFacts, { format, path }: Source): Promise<ImageFacts | undefined> {
    const { labels: named } = readSettings(vscode.Uri.file(facts.image.file));
    const labels = await findLabels(facts.image, format === 'coco' ? path : named, this.index).catch(() => undefined);
    return labels && rereadLabels(facts, labels);
  }
}

function factsOf(stored: StoredFacts, { model, bands, format, path }: Source, labelFile: string): ImageFacts {
  const files = format === 'yolo' ? [labelFile, path] : [labelFile];
  return { ...stored, analysisId: undefined, model, bands, labelFile: { format, files, problems: [] } };
}

/** Whether labels are ranked by the store: not all of them are known here. */
function isRanked({ images, labels, format }: Source): boolean {
  return images > mostImages || labels > mostLabels || format !== 'coco';
}

function isOwnFile({ format, path }: Source, labelFile: string): boolean {
  return format === 'coco' && normalize(path) === normalize(labelFile);
}

function cardBeside(checkpoint: string): string {
  const { dir, name } = parse(checkpoint);
  return formatPath({ dir, name, ext: '.json' });
}

/** 0 for a file that is not there. */
async function modified(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
