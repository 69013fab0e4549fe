import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { DatasetOverview, ListFilter, Page, PageCursor } from '../../protocol/dataset';
import type { Engine } from '../engine';
import { listOf, nodeId, type ExplorerNode, type IssueCount, type RowNode, type StoredList } from './explorerNodes';
import { filterText, isFiltering, listFilter, type ExplorerFilter } from './explorerFilter';
import { ExplorerItems } from './explorerItems';
import { categoryNodes, kindNodes, listNodes } from './groupNodes';
import type { Triage } from './triage';

const pageSize = 100;
/** Rows of a list that are read again at once when it has changed. */
const mostAgain = 1000;

/** Rows read so far of a list, and where its next page begins. */
interface LoadedRows {
  readonly rows: readonly RowNode[];
  readonly next: PageCursor | undefined;
}

/** The loss explorer's tree: lists of a store, read page by page as they are opened. */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<ExplorerNode | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly loaded = new Map<string, LoadedRows>();
  /** How many rows of a list were shown before it changed. */
  private readonly depths = new Map<string, number>();
  private readonly shown = new WeakSet<object>();
  private readonly items: ExplorerItems;
  private file: string | undefined;
  private shownOverview: DatasetOverview | undefined;
  private shownFilter: ExplorerFilter = {};

  constructor(
    private readonly engine: Engine,
    private readonly triage: Triage,
  ) {
    this.items = new ExplorerItems(engine);
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
    this.depths.clear();
    this.loaded.clear();
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
      this.depths.clear();
      this.shownFilter = {};
    }
    this.file = file;
    this.shownOverview = overview;
    this.showAgain();
  }

  /** Reads what is shown again. */
  showAgain(): void {
    this.loaded.forEach(({ rows }, key) => this.depths.set(key, rows.length));
    this.loaded.clear();
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

  async getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> {
    const { overview } = this;
    if (overview === undefined) return [];
    if (node === undefined) return this.topNodes(overview);
    if (node.type === 'issueKinds') return kindNodes(node.kinds);
    if (node.type === 'categories') return categoryNodes(overview);
    const list = listOf(node);
    if (list === undefined) return [];
    const { rows, next } = this.loaded.get(nodeId(node)) ?? (await this.load(node, list, undefined));
    return next === undefined ? [...rows] : [...rows, { type: 'more', parent: node, cursor: next }];
  }

  /** Reads the page that follows below `parent`. */
  async loadMore({ parent, cursor }: Extract<ExplorerNode, { type: 'more' }>): Promise<void> {
    const list = listOf(parent);
    if (list === undefined || this.loaded.get(nodeId(parent))?.next !== cursor) return;
    await this.load(parent, list, cursor);
    this.changed.fire(parent);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async topNodes(overview: DatasetOverview): Promise<ExplorerNode[]> {
    const { t } = vscode.l10n;
    const { filter } = this;
    const only: ExplorerNode[] = isFiltering(filter) ? [{ type: 'filter', text: filterText(filter, t) }] : [];
    return [...only, ...listNodes(overview, filter, await this.filteredIssues(), this.triage.settled.length)];
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

  private async load(parent: ExplorerNode, list: StoredList, after: PageCursor | undefined): Promise<LoadedRows> {
    const { file } = this;
    if (file === undefined) return { rows: [], next: undefined };
    const key = nodeId(parent);
    const again = after === undefined ? Math.min(this.depths.get(key) ?? 0, mostAgain) : 0;
    const limit = Math.max(pageSize, again);
    const current = this.filter;
    const filter = listFilter(current);
    const page = await this.page(list, { store: file, limit, filter, ...(after === undefined ? {} : { after }) });
    const before = after === undefined ? [] : (this.loaded.get(key)?.rows ?? []);
    const loaded = { rows: [...before, ...page.rows], next: page.next };
    if (this.file === file && this.filter === current) this.loaded.set(key, loaded);
    return loaded;
  }

  private async page(
    list: StoredList,
    request: { store: string; limit: number; filter: ListFilter; after?: PageCursor },
  ): Promise<Page<RowNode>> {
    const { client } = this.engine;
    switch (list.of) {
      case 'issues': {
        const without = this.triage.settled.flatMap(({ issue }) => (issue.kind === list.kind ? [issue.id] : []));
        return nodes('issue', await client.request('storedIssues', { ...request, kind: list.kind, without }));
      }
      case 'labels': {
        const { category } = list;
        return nodes(
          'label',
          await client.request('storedLabels', { ...request, ...(category === undefined ? {} : { category }) }),
        );
      }
      case 'uncovered':
        return nodes('label', await client.request('storedLabels', { ...request, uncovered: true }));
      case 'images':
        return nodes('image', await client.request('storedImages', request));
      case 'places':
        return nodes('place', await client.request('storedPlaces', request));
      case 'failed':
        return nodes('failed', await client.request('failedImages', request));
      case 'settled':
        return this.settled(request);
    }
  }

  private settled({ limit, after }: { limit: number; after?: PageCursor }): Page<RowNode> {
    const all = this.triage.settled;
    const start = after?.value ?? 0;
    const rows = all.slice(start, start + limit).map(({ issue, state }) => ({
      type: 'issue' as const,
      row: issue,
      settled: state,
    }));
    const end = start + rows.length;
    return { rows, next: end < all.length ? { value: end, id: 0 } : undefined };
  }
}

function nodes<T extends RowNode['type']>(type: T, page: Page<Extract<RowNode, { type: T }>['row']>): Page<RowNode> {
  return { rows: page.rows.map(row => ({ type, row }) as RowNode), next: page.next };
}
