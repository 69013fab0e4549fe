import type { ListFilter, Page, PageCursor, StoredIssue } from '../../protocol/dataset';
import type { Engine } from '../engine';
import { listFilter, type ExplorerFilter } from './explorerFilter';
import { listOf, nodeId, type ExplorerNode, type RowNode, type StoredList } from './explorerNodes';
import type { Triage } from './triage';

const pageSize = 100;
/** Rows of a list that are read again at once when it has changed. */
const mostAgain = 1000;

/** What the lists are of. */
export interface ListScope {
  /** The store's. */
  readonly file: string;
  readonly filter: ExplorerFilter;
}

/** Rows read so far of a list, and where its next page begins. */
interface LoadedRows {
  readonly rows: readonly RowNode[];
  readonly next: PageCursor | undefined;
}

interface PageRequest {
  readonly store: string;
  readonly limit: number;
  readonly filter: ListFilter;
  readonly after?: PageCursor;
}

const nothing: LoadedRows = { rows: [], next: undefined };

/** The rows of the explorer's lists, read page by page and kept. */
export class ListPages {
  private readonly loaded = new Map<string, LoadedRows>();
  /** How many rows of a list were shown before it changed. */
  private readonly depths = new Map<string, number>();
  /** Of what is kept: pages that were asked for before are not. */
  private generation = 0;

  constructor(
    private readonly engine: Pick<Engine, 'client'>,
    private readonly triage: Pick<Triage, 'confirmed' | 'settled'>,
  ) {}

  /** The lists are of something else. */
  forget(): void {
    this.depths.clear();
    this.loaded.clear();
    this.generation++;
  }

  /** The lists may have changed: as much of each as was shown is read again. */
  readAgain(): void {
    this.loaded.forEach(({ rows }, key) => this.depths.set(key, rows.length));
    this.loaded.clear();
    this.generation++;
  }

  /** The children of a node that has rows below it. */
  async childrenOf(parent: ExplorerNode, scope: ListScope): Promise<ExplorerNode[]> {
    const { rows, next } = await this.rowsOf(parent, scope);
    return next === undefined ? [...rows] : [...rows, { type: 'more', parent, cursor: next }];
  }

  /** Reads the page that follows; returns whether there are other rows now. */
  async readMore(parent: ExplorerNode, cursor: PageCursor, scope: ListScope): Promise<boolean> {
    const list = listOf(parent);
    if (list === undefined || this.loaded.get(nodeId(parent))?.next !== cursor) return false;
    await this.load(parent, list, cursor, scope);
    return true;
  }

  /** Of lists that a filter narrows, those that hold anything, counted where one page holds it all. */
  async filled(nodes: readonly ExplorerNode[], scope: ListScope): Promise<ExplorerNode[]> {
    const kept = await Promise.all(
      nodes.map(async (node): Promise<ExplorerNode[]> => {
        if (node.type !== 'list') return [node];
        const { rows, next } = await this.rowsOf(node, scope);
        if (rows.length === 0) return [];
        return [next === undefined ? { ...node, count: rows.length } : node];
      }),
    );
    return kept.flat();
  }

  private async rowsOf(parent: ExplorerNode, scope: ListScope): Promise<LoadedRows> {
    const list = listOf(parent);
    if (list === undefined) return nothing;
    return this.loaded.get(nodeId(parent)) ?? (await this.load(parent, list, undefined, scope));
  }

  private async load(
    parent: ExplorerNode,
    list: StoredList,
    after: PageCursor | undefined,
    { file, filter }: ListScope,
  ): Promise<LoadedRows> {
    const { generation } = this;
    const key = nodeId(parent);
    const again = after === undefined ? Math.min(this.depths.get(key) ?? 0, mostAgain) : 0;
    const limit = Math.max(pageSize, again);
    const before = after === undefined ? [] : (this.loaded.get(key)?.rows ?? []);
    const request = { store: file, limit, filter: listFilter(filter), ...(after === undefined ? {} : { after }) };
    const page = await this.page(list, request);
    const loaded = { rows: [...before, ...page.rows], next: page.next };
    if (this.generation === generation) this.loaded.set(key, loaded);
    return loaded;
  }

  private async page(list: StoredList, request: PageRequest): Promise<Page<RowNode>> {
    const { client } = this.engine;
    switch (list.of) {
      case 'issues': {
        const without = this.triage.settled.flatMap(({ issue }) => (issue.kind === list.kind ? [issue.id] : []));
        return this.marked(await client.request('storedIssues', { ...request, kind: list.kind, without }));
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
      case 'confirmed':
        return part(this.triage.confirmed, request, ({ issue, state }) => ({
          type: 'issue',
          row: issue,
          confirmed: state,
          again: true,
        }));
      case 'settled':
        return part(this.triage.settled, request, ({ issue, state }) => ({
          type: 'issue',
          row: issue,
          settled: state,
        }));
    }
  }

  /** Suspicions, and which of them were confirmed. */
  private marked({ rows, next }: Page<StoredIssue>): Page<RowNode> {
    const confirmed = new Map(this.triage.confirmed.map(({ issue, state }) => [issue.id, state]));
    const mark = (row: StoredIssue): RowNode => {
      const state = confirmed.get(row.id);
      return { type: 'issue', row, ...(state === undefined ? {} : { confirmed: state }) };
    };
    return { rows: rows.map(mark), next };
  }
}

/** A page of what is known as a whole. */
function part<T>(
  all: readonly T[],
  { limit, after }: Pick<PageRequest, 'limit' | 'after'>,
  make: (entry: T) => RowNode,
): Page<RowNode> {
  const start = after?.value ?? 0;
  const rows = all.slice(start, start + limit).map(make);
  const end = start + rows.length;
  return { rows, next: end < all.length ? { value: end, id: 0 } : undefined };
}

function nodes<T extends RowNode['type']>(type: T, page: Page<Extract<RowNode, { type: T }>['row']>): Page<RowNode> {
  return { rows: page.rows.map(row => ({ type, row }) as RowNode), next: page.next };
}
