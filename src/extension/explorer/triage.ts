import { resolve } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { ImageIssues, StoredIssue } from '../../protocol/dataset';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import { datasetFolder, pathInDataset } from '../labelFiles/datasetFolder';
import { concerns } from '../labelFiles/dismissals';
import type { DismissalStore } from '../labelFiles/dismissalStore';
import type { IssueAt, IssueState, IssueTriage } from '../labelFiles/issueTriage';
import type { CurrentDataset } from './currentDataset';
import type { FixedIssues } from './fixedIssues';

const imagesAtOnce = 500;

/** A suspicion of the store that is not listed any more, and why. */
export interface SettledIssue {
  readonly issue: StoredIssue;
  readonly state: Exclude<IssueState, { state: 'open' }>;
}

interface SettledImage {
  /** What was known of it when its issues were looked up. */
  readonly judged: string;
  readonly settled: readonly SettledIssue[];
}

/**
 * What people have made of the suspicions: dismissed with a reason (beside the data set, for a team), or marked as fixed
 * (with the workspace, until the image is analyzed anew). States are answered at once for any suspicion; those of the
 * shown store that are settled are looked up by image, so that lists and counts can leave them out.
 */
export class Triage implements IssueTriage, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly settledChanged = this.store.add(new vscode.EventEmitter<void>());
  /** States may be others now. */
  readonly onDidChange = this.changed.event;
  /** {@link settled} is another list now. */
  readonly onDidSettle = this.settledChanged.event;
  private readonly images = new Map<string, SettledImage>();
  private sorted: readonly SettledIssue[] = [];
  private shownStore: string | undefined;
  private lookingUp: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataset: CurrentDataset,
    private readonly dismissals: DismissalStore,
    private readonly fixed: FixedIssues,
    private readonly engine: Pick<Engine, 'client'>,
    private readonly errors: ErrorMessages,
  ) {
    this.store.add(dismissals.onDidChange(() => this.follow()));
    this.store.add(dataset.onDidChange(() => this.follow()));
  }

  stateOf(issue: IssueAt): IssueState {
    const place = this.placeOf(issue);
    if (place === undefined) return { state: 'open' };
    const dismissal = this.dismissals
      .of(place.folder)
      .get(place.image)
      ?.find(entry => concerns(entry, issue));
    if (dismissal !== undefined) return { state: 'dismissed', reason: dismissal.reason };
    const isFixed = this.fixedIn(place.folder)
      .get(place.image)
      ?.some(entry => concerns(entry, issue));
    return { state: isFixed === true ? 'fixed' : 'open' };
  }

  /** Suspicions of the shown store that are settled, those with the highest score first. */
  get settled(): readonly SettledIssue[] {
    return this.sorted;
  }

  async dismiss(issue: IssueAt, reason: string): Promise<void> {
    const place = this.placeOf(issue);
    if (place === undefined) return;
    await this.dismissals.dismiss(place.folder, place.image, issue, reason);
    await this.lookingUp;
  }

  async restore(issue: IssueAt): Promise<void> {
    const place = this.placeOf(issue);
    if (place === undefined) return;
    const { folder, image } = place;
    const { state } = this.stateOf(issue);
    if (state === 'dismissed') await this.dismissals.restore(folder, image, issue);
    const store = this.storeOf(folder);
    if (store !== undefined) {
      await this.fixed.keep(store, entry => entry.image !== image || !concerns(entry, issue));
      this.follow();
    }
    await this.lookingUp;
  }

  /** Its label has been corrected, or will be: it is not listed until its image is analyzed anew. */
  async markFixed(issue: StoredIssue): Promise<void> {
    const { value, root } = this.dataset;
    if (value === undefined || root === undefined) return;
    const [found] = await this.engine.client.request('issuesOfImages', { store: value.store, images: [issue.image] });
    if (found === undefined) return;
    await this.fixed.add(value.store, pathInDataset(root, issue.image), issue, found.analysis);
    this.follow();
    await this.lookingUp;
  }

  /** Looks up what is settled in a store, which may have been written anew since the last time. */
  async show(store: string | undefined): Promise<void> {
    const { root } = this.dataset;
    if (root !== undefined) await this.dismissals.ready(root);
    this.lookUp(() => {
      this.shownStore = store;
      this.images.clear();
      return true;
    });
    await this.lookingUp;
  }

  dispose(): void {
    this.store.dispose();
  }

  private follow(): void {
    this.changed.fire();
    this.lookUp(() => false);
  }

  /** @param before tells whether the list is another one already */
  private lookUp(before: () => boolean): void {
    this.lookingUp = this.lookingUp
      .then(async () => {
        const isOther = before();
        if (!(await this.lookUpNow()) && !isOther) return;
        const all = [...this.images.values()].flatMap(({ settled }) => settled);
        this.sorted = all.sort((a, b) => b.issue.score - a.issue.score || a.issue.id - b.issue.id);
        this.settledChanged.fire();
      })
      .catch((error: unknown) => this.errors.write(error));
  }

  /** @returns whether anything is settled otherwise than before */
  private async lookUpNow(): Promise<boolean> {
    const { shownStore: store, images } = this;
    const { root } = this.dataset;
    const judged = store === undefined || root === undefined ? new Map<string, string>() : this.judged(root, store);
    let isOther = false;
    for (const image of [...images.keys()].filter(known => !judged.has(known))) isOther = images.delete(image);
    const changed = [...judged].filter(([image, text]) => images.get(image)?.judged !== text);
    for (let start = 0; start < changed.length && store !== undefined && root !== undefined; start += imagesAtOnce) {
      const part = changed.slice(start, start + imagesAtOnce);
      const files = part.map(([image]) => resolve(root, image));
      const found = await this.engine.client.request('issuesOfImages', { store, images: files });
      const byFile = new Map(found.map(entry => [entry.image, entry]));
      await this.dropAnalyzedAnew(store, new Map(part.map(([image], i) => [image, byFile.get(files[i] ?? '')])));
      part.forEach(([image, text], i) => {
        const settled = (byFile.get(files[i] ?? '')?.issues ?? []).flatMap(issue => {
          const state = this.stateOf(issue);
          return state.state === 'open' ? [] : [{ issue, state }];
        });
        images.set(image, { judged: text, settled });
      });
      isOther = true;
    }
    return isOther;
  }

  /** An image that has been analyzed anew tells itself what is left to fix. */
  private async dropAnalyzedAnew(store: string, images: ReadonlyMap<string, ImageIssues | undefined>): Promise<void> {
    const before = this.fixed.of(store);
    const isOld = (image: string, analysis: string) => images.has(image) && images.get(image)?.analysis !== analysis;
    if (![...before.values()].flat().some(({ image, analysis }) => isOld(image, analysis))) return;
    await this.fixed.keep(store, ({ image, analysis }) => !isOld(image, analysis));
    this.changed.fire();
  }

  /** By image: all that is known of it, as text. */
  private judged(root: string, store: string): Map<string, string> {
    const dismissed = this.dismissals.of(root);
    const fixed = this.fixed.of(store);
    const images = new Set([...dismissed.keys(), ...fixed.keys()]);
    return new Map([...images].map(image => [image, JSON.stringify([dismissed.get(image), fixed.get(image)])]));
  }

  private fixedIn(folder: string) {
    const store = this.storeOf(folder);
    return store === undefined ? new Map<string, never[]>() : this.fixed.of(store);
  }

  /** The shown data set's store, where a folder is that data set's. */
  private storeOf(folder: string): string | undefined {
    return folder === this.dataset.root ? this.dataset.value?.store : undefined;
  }

  /** Which data set's an image is, and its path there. */
  private placeOf({ image, labelFile }: IssueAt): { folder: string; image: string } | undefined {
    const { root } = this.dataset;
    const isOwn = labelFile === undefined || this.dataset.holds(labelFile);
    const folder = isOwn ? root : datasetFolder(labelFile);
    return folder === undefined ? undefined : { folder, image: pathInDataset(folder, image) };
  }
}
