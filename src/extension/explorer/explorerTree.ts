import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { DatasetOverview } from '../../protocol/dataset';
import type { Engine } from '../engine';
import type { ExplorerNode, IssueCount } from './explorerNodes';
import { filterText, isFiltering, listFilter, type ExplorerFilter } from './explorerFilter';
import { ExplorerItems } from './explorerItems';
import { categoryNodes, kindNodes, listNodes, unfinishedNodes } from './groupNodes';
import { ListPages } from './listPages';
import type { Triage } from './triage';

/** The loss explorer's tree: lists of a store, read page by page as they are opened. */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<ExplorerNode | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly pages: ListPages;
  private readonly shown = new WeakSet<object>();
  private readonly items: ExplorerItems;
  private file: string | undefined;
  private shownOverview: DatasetOverview | undefined;
  private shownFilter: ExplorerFilter = {};
  private running = false;

  constructor(
    private readonly engine: Engine,
    private readonly triage: Triage,
  ) {
    this.items = new ExplorerItems(engine);
    this.pages = new ListPages(engine, triage);
  }

  get overview(): DatasetOverview | undefined {
    return this.shownOverview;
  }

  get filter(): ExplorerFilter {
    return this.shownFilter;
  }

  /** Narrows the lists. */
  set filter(filter: ExplorerFilter) {
    this.shownFilter = filter;
    this.pages.forget();
    this.changed.fire(undefined);
  }

  /** While a run is under way, the tree does not offer to go on with the latest one. */
  set isRunning(running: boolean) {
    if (running === this.running) return;
    this.running = running;
    this.changed.fire(undefined);
  }

  /** Suspicions that are not settled, by kind, whatever the filter. */
  get issues(): readonly IssueCount[] {
    const settled = this.triage.settled.map(({ issue }) => issue.kind);
    const counts = (this.overview?.issues ?? []).map(({ kind, issues }) => ({
      kind,
      issues: issues - settled.filter(other => other === kind).length,
    }));
    return counts.filter(({ issues }) => issues > 0);
  }

  /** Shows a store, or nothing. */
  show(file: string | undefined, overview: DatasetOverview | undefined): void {
    if (file !== this.file) {
      this.pages.forget();
      this.shownFilter = {};
    }
    this.file = file;
    this.shownOverview = overview;
    this.showAgain();
  }

  /** Reads what is shown again. */
  showAgain(): void {
    this.pages.readAgain();
    this.changed.fire(undefined);
  }

  /** Whether a value is a node that this tree has shown. */
  isOwn(value: unknown): value is ExplorerNode {
    return typeof value === 'object' && value !== null && this.shown.has(value);
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    this.shown.add(node);
    return this.items.of(node, filterText(this.filter, vscode.l10n.t));
  }

  resolveTreeItem(item: vscode.TreeItem, node: ExplorerNode, token: vscode.CancellationToken) {
    return this.items.withTooltip(item, node, token);
  }

  /** Only what stands at the top is ever revealed. */
  getParent(): undefined {
    return undefined;
  }

  /** The list of images that failed, where there are any. */
  async failures(): Promise<ExplorerNode | undefined> {
    return (await this.getChildren()).find(node => node.type === 'list' && node.list.of === 'failed');
  }

  async getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> {
    const { overview } = this;
    if (overview === undefined) return [];
    if (node === undefined) return this.topNodes(overview);
    if (node.type === 'issueKinds') return kindNodes(node.kinds, vscode.l10n.t);
    if (node.type === 'categories') return categoryNodes(overview);
    const { file, filter } = this;
    return file === undefined ? [] : this.pages.childrenOf(node, { file, filter });
  }

  /** Reads the page that follows below `parent`. */
  async loadMore({ parent, cursor }: Extract<ExplorerNode, { type: 'more' }>): Promise<void> {
    const { file, filter } = this;
    if (file !== undefined && (await this.pages.readMore(parent, cursor, { file, filter }))) this.changed.fire(parent);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async topNodes(overview: DatasetOverview): Promise<ExplorerNode[]> {
    const { t } = vscode.l10n;
    const { file, filter } = this;
    const { confirmed, settled } = this.triage;
    const decided = { confirmed: confirmed.length, settled: settled.length };
    const lists = listNodes(overview, filter, await this.filteredIssues(), decided, t);
    const unfinished = this.running ? [] : unfinishedNodes(overview);
    if (!isFiltering(filter) || file === undefined) return [...unfinished, ...lists];
    const filled = await this.pages.filled(lists, { file, filter });
    return [{ type: 'filter', text: filterText(filter, t), isEmpty: filled.length === 0 }, ...unfinished, ...filled];
  }

  /** Suspicions that are listed, by kind. */
  private async filteredIssues(): Promise<readonly IssueCount[]> {
    const { file, filter } = this;
    const { kind, level, band } = filter;
    const rows = listFilter(filter);
    // Suspicions are of no level and no band.
    if (level !== undefined || band !== undefined) return [];
    const narrowed = isFiltering(rows) && file !== undefined;
    const request = { store: file ?? '', filter: rows, without: this.triage.settled.map(({ issue }) => issue.id) };
    const counts = narrowed ? await this.engine.client.request('issueCounts', request) : this.issues;
    return counts.filter(count => kind === undefined || count.kind === kind);
  }
}
