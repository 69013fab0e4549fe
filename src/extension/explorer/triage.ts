import { resolve } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { ImageIssues, StoredIssue } from '../../protocol/dataset';
import { isSettled, type SettledState, type TriageState } from '../../protocol/gallery';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import { datasetFolder, pathInDataset } from '../labelFiles/datasetFolder';
import type { IssueAt, IssueTriage } from '../labelFiles/issueTriage';
import { concerns, type JudgementList } from '../labelFiles/judgements';
import type { JudgementStore } from '../labelFiles/judgementStore';
import type { CurrentDataset } from './currentDataset';
import type { FixedIssues } from './fixedIssues';

const imagesAtOnce = 500;

/** A suspicion of the store that somebody has decided on. */
export interface DecidedIssue<S extends TriageState = Exclude<TriageState, { state: 'open' }>> {
  readonly issue: StoredIssue;
  readonly state: S;
}

/** One that is not listed any more, and why. */
export type SettledIssue = DecidedIssue<SettledState>;
/** One that is a label error. */
export type ConfirmedIssue = DecidedIssue<Extract<TriageState, { state: 'confirmed' }>>;

interface DecidedImage {
  /** What was known of it when its issues were looked up. */
  readonly judged: string;
  readonly issues: readonly DecidedIssue[];
}

/**
 * What people have made of the suspicions: dismissed with a reason or confirmed (beside the data set, for a team), or
 * marked as fixed (with the workspace, until the image is analyzed anew). States are answered at once for any suspicion;
 * those of the shown store that are decided are looked up by image, so that lists and counts can leave them out.
 */
export class Triage implements IssueTriage, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly settledChanged = this.store.add(new vscode.EventEmitter<void>());
  /** States may be others now. */
  readonly onDidChange = this.changed.event;
  /** {@link settled} or {@link confirmed} is another list now. */
  readonly onDidSettle = this.settledChanged.event;
  private readonly images = new Map<string, DecidedImage>();
  private sorted: { readonly settled: readonly SettledIssue[]; readonly confirmed: readonly ConfirmedIssue[] } = {
    settled: [],
    confirmed: [],
  };
  private shownStore: string | undefined;
  private lookingUp: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataset: CurrentDataset,
    private readonly judgements: Readonly<Record<JudgementList, JudgementStore>>,
    private readonly fixed: FixedIssues,
    private readonly engine: Pick<Engine, 'client'>,
    private readonly errors: ErrorMessages,
  ) {
    for (const judged of Object.values(judgements)) this.store.add(judged.onDidChange(() => this.follow()));
    this.store.add(dataset.onDidChange(() => this.follow()));
  }

  stateOf(issue: IssueAt): TriageState {
    const place = this.placeOf(issue);
    if (place === undefined) return { state: 'open' };
    const { folder, image } = place;
    const judged = (list: JudgementList) =>
      this.judgements[list]
        .of(folder)
        .get(image)
        ?.find(entry => concerns(entry, issue));
    const [dismissed, confirmed] = [judged('dismissed'), judged('confirmed')];
    if (dismissed !== undefined) return { state: 'dismissed', reason: dismissed.reason };
    const isFixed = this.fixedIn(folder)
      .get(image)
      ?.some(entry => concerns(entry, issue));
    if (isFixed === true) return { state: 'fixed' };
    return confirmed === undefined ? { state: 'open' } : { state: 'confirmed', reason: confirmed.reason };
  }

  /** Suspicions of the shown store that are settled, those with the highest score first. */
  get settled(): readonly SettledIssue[] {
    return this.sorted.settled;
  }

  /** Those that are confirmed and not fixed yet, in the same order. */
  get confirmed(): readonly ConfirmedIssue[] {
    return this.sorted.confirmed;
  }

  async dismiss(issue: IssueAt, reason: string): Promise<void> {
    const place = this.placeOf(issue);
    if (place === undefined) return;
    await this.judge(place, issue, { list: 'dismissed', instead: 'confirmed' }, reason);
  }

  async confirm(issue: IssueAt, reason = ''): Promise<void> {
    const place = this.placeOf(issue);
    if (place === undefined) return;
    await this.judge(place, issue, { list: 'confirmed', instead: 'dismissed' }, reason);
  }

  async restore(issue: IssueAt): Promise<void> {
    const place = this.placeOf(issue);
    if (place === undefined) return;
    const { folder, image } = place;
    const { state } = this.stateOf(issue);
    if (state === 'dismissed' || state === 'confirmed') await this.judgements[state].remove(folder, image, issue);
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
    if (root !== undefined) await Promise.all(Object.values(this.judgements).map(judged => judged.ready(root)));
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

  /** A suspicion is in one list of a data set at most. */
  private async judge(
    { folder, image }: { readonly folder: string; readonly image: string },
    issue: IssueAt,
    { list, instead }: { readonly list: JudgementList; readonly instead: JudgementList },
    reason: string,
  ): Promise<void> {
    await this.judgements[instead].remove(folder, image, issue);
    await this.judgements[list].add(folder, image, issue, reason);
    await this.lookingUp;
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
        const all = [...this.images.values()].flatMap(({ issues }) => issues);
        all.sort((a, b) => b.issue.score - a.issue.score || a.issue.id - b.issue.id);
        this.sorted = { settled: all.filter(isOfSettled), confirmed: all.filter(isOfConfirmed) };
        this.settledChanged.fire();
      })
      .catch((error: unknown) => this.errors.write(error));
  }

  /** @returns whether anything is decided otherwise than before */
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
        const issues = (byFile.get(files[i] ?? '')?.issues ?? []).flatMap(issue => {
          const state = this.stateOf(issue);
          return state.state === 'open' ? [] : [{ issue, state }];
        });
        images.set(image, { judged: text, issues });
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
    const { dismissed, confirmed } = this.judgements;
    const known = [dismissed.of(root), confirmed.of(root), this.fixed.of(store)];
    const images = new Set(known.flatMap(entries => [...entries.keys()]));
    return new Map([...images].map(image => [image, JSON.stringify(known.map(entries => entries.get(image)))]));
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

function isOfSettled(decided: DecidedIssue): decided is SettledIssue {
  return isSettled(decided.state);
}

function isOfConfirmed(decided: DecidedIssue): decided is ConfirmedIssue {
  return decided.state.state === 'confirmed';
}
