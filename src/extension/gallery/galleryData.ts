import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { CancelledError, messageOf } from '../../common/errors';
import { proposedFixes } from '../labelFiles/proposedFixes';
import type { DatasetOverview, StoredIssue } from '../../protocol/dataset';
import type {
  GalleryDetails,
  GalleryItem,
  GalleryListName,
  GalleryMethods,
  GallerySnapshot,
  GalleryState,
} from '../../protocol/gallery';
import type { GalleryRow, GallerySection } from '../../protocol/galleryStore';
import type { Engine } from '../engine';
import { LatestReading } from '../latestReading';
import type { ChosenDataset, CurrentDataset } from '../explorer/currentDataset';
import type { Triage } from '../explorer/triage';
import type { LabelledImage } from '../../dataset/labels';
import { GalleryItems } from './galleryItems';

/** A data set's analysis as it is shown. */
interface Shown {
  readonly dataset: ChosenDataset;
  /** Suspicions that were settled when it was read: tiles that are settled later keep their places. */
  readonly without: readonly number[];
  /** Suspicions that were confirmed when a list of them was begun: likewise. */
  readonly confirmed: readonly number[];
}

/** What the gallery shows: the current data set's store, read part by part, with what people have made of it. */
export class GalleryData implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  /** There is another revision. */
  readonly onDidChange = this.changed.event;
  private readonly items: GalleryItems;
  private snapshot: GallerySnapshot = { revision: 0, state: { kind: 'loading' } };
  private shown: Shown | undefined;
  /** What the shown state counts. */
  private overview: DatasetOverview | undefined;
  /** Tells whether a store that was read again says the same. */
  private content = '';
  private readonly readings = new LatestReading();

  constructor(
    private readonly engine: Pick<Engine, 'client'>,
    private readonly current: Pick<CurrentDataset, 'value'>,
    private readonly triage: Pick<Triage, 'stateOf' | 'settled' | 'confirmed'>,
  ) {
    this.items = new GalleryItems(triage);
  }

  /** How many items the page has been given of the present revision. */
  get given(): number {
    return this.items.size;
  }

  get value(): GallerySnapshot {
    return this.snapshot;
  }

  /** Reads the store anew; the page is told where it says something else. */
  refresh(): Promise<void> {
    return this.readings.begin(isLatest => this.read(isLatest));
  }

  private async read(isLatest: () => boolean): Promise<void> {
    const dataset = this.current.value;
    const { isTrusted: trusted } = vscode.workspace;
    let state: GalleryState = {
      kind: 'empty',
      dataset: dataset === undefined ? undefined : basename(dataset.path),
      trusted,
    };
    let overview: DatasetOverview | undefined;
    if (dataset !== undefined && existsSync(dataset.store)) {
      try {
        overview = await this.engine.client.request('datasetOverview', { store: dataset.store });
        if (overview.images > 0) state = await this.ready(dataset, overview);
      } catch (error) {
        if (error instanceof CancelledError) return;
        state = { kind: 'failed', message: messageOf(error) };
      }
    }
    // Another reading has begun since, and knows better.
    if (!isLatest()) return;
    const content = JSON.stringify([state, dataset?.store, overview && contentOf(overview)]);
    if (content === this.content) return;
    this.content = content;
    this.overview = overview;
    this.shown = dataset && { dataset, without: idsOf(this.triage.settled), confirmed: idsOf(this.triage.confirmed) };
    this.snapshot = { revision: this.snapshot.revision + 1, state };
    this.items.clear();
    this.changed.fire();
  }

  /** Suspicions were settled or restored: the counts follow, while the tiles stay where they are. */
  recount(): void {
    const { overview } = this;
    const { revision, state } = this.snapshot;
    if (overview === undefined || state.kind !== 'ready') return;
    const kinds = this.openKinds(overview);
    const issues = kinds.reduce((sum, { count }) => sum + count, 0);
    const confirmed = this.triage.confirmed.length;
    this.snapshot = { revision, state: { ...state, kinds, counts: { ...state.counts, issues, confirmed } } };
  }

  async sections({ revision, ...list }: GalleryMethods['sections']['params']): Promise<readonly GallerySection[]> {
    const shown = this.require(revision);
    if (list.source === 'confirmed') this.shown = { ...shown, confirmed: idsOf(this.triage.confirmed) };
    return this.engine.client.request('gallerySections', this.storeRequest(revision, list));
  }

  async rows({ revision, ...list }: GalleryMethods['rows']['params'], signal: AbortSignal): Promise<GalleryItem[]> {
    const rows = await this.engine.client.request('galleryRows', this.storeRequest(revision, list), { signal });
    this.require(revision);
    return this.items.add(rows);
  }

  triageStates(revision: number, keys: readonly string[]): GalleryItem['triage'][] {
    this.require(revision);
    return keys.map(key => this.items.triageOf(this.items.get(key)));
  }

  /** @throws CancelledError for an item of a former revision, or one that was forgotten: the page drops the answer */
  item(revision: number, key: string): { readonly dataset: ChosenDataset; readonly row: GalleryRow } {
    const { dataset } = this.require(revision);
    const row = this.items.get(key);
    if (row === undefined) throw new CancelledError();
    return { dataset, row };
  }

  async details(revision: number, key: string, signal: AbortSignal): Promise<GalleryDetails> {
    const { dataset, row } = this.item(revision, key);
    if (row.type === 'place') {
      return { issue: null, triage: { state: 'open' }, fixes: [], standing: null, hasSource: false };
    }
    const { store } = dataset;
    const { image, label, source } = row.row;
    const standing =
      label === null ? null : await this.engine.client.request('labelStanding', { store, image, label }, { signal });
    const issue = row.type === 'issue' ? row.row : strongest(standing?.issues ?? []);
    return {
      issue,
      triage: issue === null ? { state: 'open' } : this.triage.stateOf(issue),
      fixes: issue === null ? [] : fixTitles(issue),
      standing: standing === null ? null : withoutIssues(standing),
      hasSource: source !== undefined,
    };
  }

  /** The suspicion that an item is about; a label's is the strongest one about it. */
  async issueOf(
    revision: number,
    key: string,
  ): Promise<{ readonly dataset: ChosenDataset; readonly issue: StoredIssue } | undefined> {
    const { dataset, row } = this.item(revision, key);
    if (row.type === 'issue') return { dataset, issue: row.row };
    if (row.type === 'place') return undefined;
    const { image, label } = row.row;
    const stored = await this.engine.client.request('storedImage', { store: dataset.store, image });
    const issue = strongest(stored?.issues.filter(other => other.label === label) ?? []);
    return issue === null ? undefined : { dataset, issue };
  }

  /** @throws CancelledError where the store knows the image no longer */
  async imageOf({ store }: ChosenDataset, file: string): Promise<LabelledImage> {
    const stored = await this.engine.client.request('storedImage', { store, image: file });
    if (stored === null) throw new CancelledError();
    return { file, width: stored.image.width, height: stored.image.height };
  }

  dispose(): void {
    this.store.dispose();
  }

  private async ready(dataset: ChosenDataset, overview: DatasetOverview): Promise<GalleryState> {
    const { store } = dataset;
    const places = await this.engine.client.request('gallerySections', { store, source: 'places', group: 'none' });
    const kinds = this.openKinds(overview);
    return {
      kind: 'ready',
      dataset: basename(dataset.path),
      images: overview.images,
      counts: {
        issues: kinds.reduce((sum, { count }) => sum + count, 0),
        confirmed: this.triage.confirmed.length,
        labels: overview.labels,
        uncovered: overview.categories.reduce((sum, { uncovered }) => sum + uncovered, 0),
        places: places.reduce((sum, { count }) => sum + count, 0),
      },
      kinds,
      trusted: vscode.workspace.isTrusted,
    };
  }

  private openKinds({ issues: all }: DatasetOverview) {
    const settled = new Map<string, number>();
    for (const { issue } of this.triage.settled) settled.set(issue.kind, (settled.get(issue.kind) ?? 0) + 1);
    const kinds = all.map(({ kind, issues }) => ({ kind, count: Math.max(0, issues - (settled.get(kind) ?? 0)) }));
    return kinds.filter(({ count }) => count > 0);
  }

  /** What the store is asked for a list. */
  private storeRequest<L extends { readonly source: GalleryListName }>(revision: number, { source, ...list }: L) {
    const { dataset, without, confirmed } = this.require(revision);
    return source === 'confirmed'
      ? { ...list, store: dataset.store, source: 'issues' as const, only: confirmed }
      : { ...list, store: dataset.store, source, without };
  }

  private require(revision: number): Shown {
    if (this.shown === undefined || revision !== this.snapshot.revision) throw new CancelledError();
    return this.shown;
  }
}

/** All but the run: one that found nothing changed says the same. */
function contentOf({ run, ...content }: DatasetOverview): unknown {
  return { ...content, run: run === undefined || run.computed === 0 ? undefined : run.id };
}

function idsOf(decided: readonly { readonly issue: StoredIssue }[]): number[] {
  return decided.map(({ issue }) => issue.id);
}

function strongest(issues: readonly StoredIssue[]): StoredIssue | null {
  return issues.reduce<StoredIssue | null>(
    (best, issue) => (best !== null && best.score >= issue.score ? best : issue),
    null,
  );
}

function withoutIssues(standing: NonNullable<GalleryDetails['standing']>): GalleryDetails['standing'] {
  const { label, rank, labels, rankInCategory, labelsOfCategory, categoryMedian } = standing;
  return { label, rank, labels, rankInCategory, labelsOfCategory, categoryMedian };
}

/** Titles depend on the suspicion alone. */
function fixTitles(issue: StoredIssue): string[] {
  const image = { image: { width: 0, height: 0 }, labels: [], labelFile: { format: 'coco' } } as const;
  return proposedFixes(issue, image, vscode.l10n.t).map(({ title }) => title);
}
