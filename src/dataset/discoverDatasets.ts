import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { throwIfCancelled, UserError } from '../common/errors';
import { otherTasks } from './coco/findCoco';
import { sniffCoco } from './coco/sniffCoco';
import { isWithin } from './datasetPaths';
import { entriesOf } from './folderListing';
import type { LabelFormat } from './labels';
import { readYamlNames } from './yolo/classNames';

/** A data set that was found but not opened. */
export interface FoundDataset {
  readonly format: LabelFormat;
  /** For `openDataset`: a COCO file, a `data.yaml` or a Pascal VOC folder. */
  readonly path: string;
  /** Levels below the folder that was searched. */
  readonly depth: number;
}

export interface DiscoveryLimits {
  /** Levels of folders below the one that is searched. */
  readonly depth: number;
  /** Folders read. */
  readonly folders: number;
  /** Entries read of each folder. */
  readonly entries: number;
  /** Files whose beginning is read. */
  readonly candidates: number;
  /** Data sets found. */
  readonly datasets: number;
}

export const defaultLimits: DiscoveryLimits = {
  depth: 6,
  folders: 5000,
  entries: 50_000,
  candidates: 2000,
  datasets: 200,
};

export interface Discovery {
  /** Nearest first, then by path. */
  readonly datasets: readonly FoundDataset[];
  /** Which limits ended the search before everything was seen. */
  readonly reached: readonly (keyof DiscoveryLimits)[];
}

const ignoredFolders = /^(?:\..*|node_modules|bower_components|__pycache__|site-packages|venv|wandb|mlruns)$/i;
const annotationFolder = /^(?:annotations|xmls)$/i;
const maxSiblings = 3;

/**
 * Finds the data sets in a folder: COCO files for object detection by their keys, YOLO files by `names` with `train`,
 * `val`, `test` or `path`, Pascal VOC folders by their XML files. Breadth first; hidden folders, packages and links to
 * folders are passed over. Only the beginnings of files are read.
 * @throws CancelledError once `signal` is aborted
 */
export async function discoverDatasets(
  folder: string,
  options: { signal?: AbortSignal | undefined; limits?: Partial<DiscoveryLimits> } = {},
): Promise<Discovery> {
  const search = new Search({ ...defaultLimits, ...options.limits }, options.signal);
  await search.run(folder);
  return search.result();
}

class Search {
  private readonly found = new Map<string, FoundDataset>();
  private readonly reached = new Set<keyof DiscoveryLimits>();
  private folders = 0;
  private candidates = 0;

  constructor(
    private readonly limits: DiscoveryLimits,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async run(root: string): Promise<void> {
    let level = [root];
    for (let depth = 0; level.length > 0; depth++) {
      const next: string[] = [];
      for (const folder of level) {
        throwIfCancelled(this.signal);
        if (this.isSpent('folders', this.folders++) || this.isSpent('datasets', this.found.size)) return;
        next.push(...(await this.visit(folder, depth)));
      }
      if (next.length > 0 && depth === this.limits.depth) {
        this.reached.add('depth');
        return;
      }
      level = next.sort();
    }
  }

  result(): Discovery {
    const datasets = [...this.found.values()].slice(0, this.limits.datasets);
    datasets.sort((a, b) => a.depth - b.depth || (a.path < b.path ? -1 : 1));
    return { datasets, reached: [...this.reached] };
  }

  /** Looks at the files of a folder; returns its folders. */
  private async visit(folder: string, depth: number): Promise<string[]> {
    const folders: string[] = [];
    const files: string[] = [];
    let xml: string[] = [];
    let entries = 0;
    for await (const entry of entriesOf(folder, this.signal)) {
      if (this.isSpent('entries', entries++)) break;
      const { name } = entry;
      if (entry.isDirectory()) {
        if (!ignoredFolders.test(name)) folders.push(join(folder, name));
      } else if (/\.xml$/i.test(name)) xml = [...xml, name].sort().slice(0, maxSiblings);
      else if (/\.(?:json|ya?ml)$/i.test(name) && !name.startsWith('.')) files.push(name);
    }
    // A folder of annotations counts as the data set's own.
    const near = annotationFolder.test(basename(folder)) ? Math.max(0, depth - 1) : depth;
    for (const name of files.sort()) await this.look(join(folder, name), near);
    for (const name of xml) {
      if (!(await this.isVoc(join(folder, name)))) continue;
      const root = vocRoot(folder, depth);
      this.add('voc', root.path, root.depth);
      break;
    }
    return folders;
  }

  private async look(file: string, depth: number): Promise<void> {
    if (/\.json$/i.test(file)) {
      if (!otherTasks.test(basename(file)) && (await this.ask(file, sniffCoco))) this.add('coco', file, depth);
    } else if (await this.ask(file, isDataYaml)) this.add('yolo', file, depth);
  }

  private isVoc(file: string): Promise<boolean> {
    return this.ask(file, async () => /<annotation[\s>]/.test(await readHead(file)));
  }

  /** Asks about a regular file; one that cannot be read is no data set. */
  private async ask(file: string, about: (file: string) => Promise<boolean>): Promise<boolean> {
    throwIfCancelled(this.signal);
    if (this.isSpent('candidates', this.candidates++)) return false;
    try {
      return (await stat(file)).isFile() && (await about(file));
    } catch (error) {
      if (error instanceof UserError || (error instanceof Error && 'code' in error)) return false;
      throw error;
    }
  }

  private add(format: LabelFormat, path: string, depth: number): void {
    if (!this.found.has(path)) this.found.set(path, { format, path, depth });
  }

  private isSpent(limit: keyof DiscoveryLimits, used: number): boolean {
    if (used < this.limits[limit]) return false;
    this.reached.add(limit);
    return true;
  }
}

/**
 * The data set that a folder of several stands for: the one whose own folder holds all the others, each in a folder
 * further down. Undefined where some lie side by side.
 */
export function outermostDataset(datasets: readonly FoundDataset[]): FoundDataset | undefined {
  return datasets.find(candidate => {
    const folder = folderOf(candidate);
    return datasets.every(
      other => other === candidate || (folderOf(other) !== folder && isWithin(folder, folderOf(other))),
    );
  });
}

function folderOf({ format, path }: FoundDataset): string {
  if (format === 'voc') return path;
  const folder = dirname(path);
  return annotationFolder.test(basename(folder)) ? dirname(folder) : folder;
}

/** The data set whose XML files lie in a folder, in `Annotations` or below it. The folder searched is never left. */
function vocRoot(folder: string, depth: number): { path: string; depth: number } {
  let root = { path: folder, depth };
  let path = folder;
  for (let left = depth; left > 0; left--) {
    const parent = dirname(path);
    if (annotationFolder.test(basename(path))) root = { path: parent, depth: left - 1 };
    path = parent;
  }
  return root;
}

async function isDataYaml(file: string): Promise<boolean> {
  const classes = await readYamlNames(file);
  return classes?.layout !== undefined && (classes.layout.splits.size > 0 || classes.layout.path !== undefined);
}

async function readHead(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    // UTF-16 without its zero bytes is ASCII again.
    return buffer.toString('latin1', 0, bytesRead).replaceAll('\0', '');
  } finally {
    await handle.close();
  }
}
