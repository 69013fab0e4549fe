import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWritable, readStore } from '../../../src/engine/store/storeFile';
import { storeQueries } from '../../../src/engine/store/storeQueries';
import type { Engine } from '../../../src/extension/engine';
import type { ExplorerFilter } from '../../../src/extension/explorer/explorerFilter';
import { nodeId, type ExplorerNode, type StoredList } from '../../../src/extension/explorer/explorerNodes';
import { listNodes } from '../../../src/extension/explorer/groupNodes';
import { ListPages } from '../../../src/extension/explorer/listPages';
import type { DatasetOverview, StoredIssue, StoreMethods } from '../../../src/protocol/dataset';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();
const store = join(folder, '.focal-lens', 'dataset.sqlite');
const asked: string[] = [];
const request = <K extends keyof StoreMethods>(method: K, params: StoreMethods[K]['params']) => {
  asked.push(method);
  return readStore(store, database => storeQueries[method](database, folder, params));
};
const engine = { client: { request } } as unknown as Pick<Engine, 'client'>;
const many = 150;

/** Image 1 fails. Uncovered are boats, of images 2 and 3; cars are in images 3 and 4; background lies in image 4. */
beforeAll(async () => {
  const written = await openWritable(store, { fresh: true });
  const { database } = written;
  database.exec(`
    INSERT INTO properties VALUES ('root', '..');
    INSERT INTO categories (id, name) VALUES (1, 'boat'), (2, 'car');`);
  for (const id of [1, 2, 3, 4]) {
    database.run(
      `INSERT INTO images VALUES (?, ?, ?, NULL, '', '', ?, 640, 480, 9, 9, 9, 0, 3, 0, 0, 0, 0, 0, 0, ?, '[]')`,
      [id, `${id}.jpg`, `${id}.jpg`, id === 1 ? 'broken' : null, id],
    );
  }
  const insert = (image: number, category: number, uncovered: string) =>
    database.run(
      `INSERT INTO labels (image, label, category, x, y, width, height, anchors, by_threshold, by_low_quality, best_iou,
         uncovered, classification, box_regression, loss) VALUES (?, '1', ?, 1, 2, 3, 4, 5, 5, 0, 0.7, ?, 0.5, 0.5, 1)`,
      [image, category, uncovered],
    );
  database.exec("BEGIN; INSERT INTO places VALUES (1, 4, 1, 2, 3, 4, 'P3', 'car', 0.4, 5, 1.5)");
  insert(2, 1, 'tooSmall');
  insert(3, 1, 'shape');
  insert(3, 2, 'none');
  for (let i = 0; i < many; i++) insert(4, 2, 'none');
  database.exec('COMMIT');
  written.close();
});

interface Shown {
  readonly list: string;
  readonly count: number | undefined;
  readonly rows: number;
}

/** The lists that a filter leaves, each opened. */
async function shown(filter: ExplorerFilter): Promise<Shown[]> {
  const overview: DatasetOverview = await request('datasetOverview', { store });
  const pages = new ListPages(engine, { confirmed: [], settled: [] });
  const scope = { file: store, filter };
  const lists = await pages.filled(
    listNodes(overview, filter, [], { confirmed: 0, settled: 0 }, text => text),
    scope,
  );
  const asking = asked.length;
  const open = async (node: ExplorerNode): Promise<Shown> => {
    if (node.type !== 'list') return expect.fail(node.type);
    const rows = await pages.childrenOf(node, scope);
    return { list: node.list.of, count: node.count, rows: rows.filter(({ type }) => type !== 'more').length };
  };
  const opened = await Promise.all(lists.map(open));
  expect(asked.length, 'what was read is kept').toBe(asking);
  return opened;
}

const all = (list: string, rows: number): Shown => ({ list, count: rows, rows });
/** More than a page is not counted. */
const aPage = (list: string): Shown => ({ list, count: undefined, rows: 100 });

describe('the lists under a filter', () => {
  it.each<[string, ExplorerFilter, Shown[]]>([
    ['a class with uncovered labels', { category: 'boat' }, [all('labels', 2), all('images', 2), all('uncovered', 2)]],
    ['a class without', { category: 'car' }, [aPage('labels'), all('images', 2), all('places', 1)]],
    ['an image with uncovered labels', { image: '3.jpg' }, [all('labels', 2), all('images', 1), all('uncovered', 1)]],
    ['an image without', { image: '4.jpg' }, [aPage('labels'), all('images', 1), all('places', 1)]],
    ['a class in an image without it', { category: 'boat', image: '4.jpg' }, []],
    ['an image that failed', { image: '1.jpg' }, [all('failed', 1)]],
    ['no image', { image: 'nowhere' }, []],
    ['a level', { level: 'P3' }, [all('places', 1)]],
    ['a band that nothing is stored of', { band: 'background/hard' }, []],
  ])('never open empty: %s', async (_, filter, wanted) => {
    expect(await shown(filter)).toEqual(wanted);
  });

  it('show what was confirmed among its kind, and in a list of its own', async () => {
    const issue = (id: number) => ({ id, kind: 'badBox', image: `${id}.jpg` }) as StoredIssue;
    const state = { state: 'confirmed', reason: '' } as const;
    const client = { request: () => Promise.resolve({ rows: [issue(1), issue(2)], next: undefined }) };
    const decided = { confirmed: [{ issue: issue(2), state }], settled: [] };
    const pages = new ListPages({ client }, decided);
    const scope = { file: store, filter: {} };
    const rows = async (list: StoredList) =>
      pages.childrenOf({ type: 'list', list, title: '', count: undefined }, scope);
    const ofKind = await rows({ of: 'issues', kind: 'badBox' });
    const confirmed = await rows({ of: 'confirmed' });
    expect(ofKind.map(node => (node.type === 'issue' ? node.confirmed : node))).toEqual([undefined, state]);
    expect(confirmed.map(node => (node.type === 'issue' ? [node.row.id, node.confirmed] : node))).toEqual([[2, state]]);
    // A tree knows its nodes by name.
    expect(new Set([...ofKind, ...confirmed].map(nodeId)).size).toBe(3);
    const overview = await request('datasetOverview', { store });
    const lists = (confirmedOnes: number) =>
      listNodes(overview, {}, [], { confirmed: confirmedOnes, settled: 0 }, text => text);
    expect(lists(1).length).toBe(lists(0).length + 1);
  });

  it('go on where a page ends', async () => {
    const scope = { file: store, filter: { image: '4.jpg' } };
    const pages = new ListPages(engine, { confirmed: [], settled: [] });
    const parent: ExplorerNode = { type: 'list', list: { of: 'labels' }, title: '', count: undefined };
    const more = (await pages.childrenOf(parent, scope)).at(-1);
    if (more?.type !== 'more') return expect.fail('there is no next page');
    expect(await pages.readMore(parent, more.cursor, scope)).toBe(true);
    expect(await pages.childrenOf(parent, scope)).toHaveLength(many);
    expect(await pages.readMore(parent, more.cursor, scope)).toBe(false);
    // As much as was shown is read again.
    pages.readAgain();
    expect(await pages.childrenOf(parent, scope)).toHaveLength(many);
    pages.forget();
    expect(await pages.childrenOf(parent, scope)).toHaveLength(101);
  });
});
