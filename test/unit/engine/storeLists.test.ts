import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWritable, readStore } from '../../../src/engine/store/storeFile';
import { storeQueries } from '../../../src/engine/store/storeQueries';
import type { ListFilter, ListMethods, Page, PageCursor } from '../../../src/protocol/dataset';
import { seededRandom } from '../helpers/random';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();
const store = join(folder, '.focal-lens', 'dataset.sqlite');
const classes = ['boat', "crane's", '50%_\\'];
const kinds = ['badBox', 'missing', 'wrongClass'] as const;
/** More than are looked up one by one. */
const imageCount = 2500;

interface Made {
  readonly id: number;
  readonly image: number;
  readonly sort: number;
  readonly classes: readonly string[];
  readonly kind: string;
}
const levelOf = (place: number) => (place % 5 === 0 ? 'P4' : 'P3');
const names: string[] = [''];
const labels: Made[] = [];
const issues: Made[] = [];
const places: Made[] = [];
const failed: number[] = [];
/** Of each image, by its level or band: the focal loss. */
const parts: Readonly<Record<'P3' | 'P4' | 'background/hard', number>>[] = [];

beforeAll(async () => {
  const random = seededRandom(11);
  // Few different values, so that ties are common.
  const coarse = () => Math.floor(random() * 8) / 8;
  const written = await openWritable(store, { fresh: true });
  const { database } = written;
  database.exec('BEGIN');
  database.run("INSERT INTO properties VALUES ('root', '..'), ('fingerprint', 'model')");
  classes.forEach((name, i) => database.run('INSERT INTO categories (id, name) VALUES (?, ?)', [i + 1, name]));
  for (let id = 1; id <= imageCount; id++) {
    const name = `images/${id % 100 === 0 ? 'Odd%_' : 'even'}/${id}.jpg`;
    names.push(name);
    const isFailed = id % 50 === 0;
    if (isFailed) failed.push(id);
    database.run(
      `INSERT INTO images VALUES (?, ?, ?, NULL, ?, '', ?, 640, 480, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, ?, '[]')`,
      [id, name, name, `key ${id}`, isFailed ? 'broken' : null, coarse()],
    );
  }
  for (let id = 1; id <= imageCount; id++) {
    const focal = { P3: coarse(), P4: coarse(), 'background/hard': coarse() };
    parts.push(focal);
    database.run("INSERT INTO levels VALUES (?, 'P3', 9, 0, 1, ?), (?, 'P4', 9, 0, 1, ?)", [
      id,
      focal.P3,
      id,
      focal.P4,
    ]);
    database.run("INSERT INTO bands VALUES (?, 'background/hard', 9, 1, ?)", [id, focal['background/hard']]);
  }
  const image = () => 1 + Math.floor(random() * imageCount);
  for (let id = 1; id <= 3000; id++) {
    // The last class is rare.
    const category = random() < 0.01 ? 3 : 1 + Math.floor(random() * 2);
    const label = { id, image: image(), sort: coarse(), classes: [classes[category - 1] ?? ''], kind: '' };
    labels.push(label);
    database.run(
      `INSERT INTO labels VALUES (?, ?, ?, ?, 1, 2, 3, 4, NULL, 5, 5, 0, 0.7, 'none', 0.5, 0.1, ?, 0, ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
      [id, label.image, String(id), category, label.sort, label.sort],
    );
    const place = { id, image: image(), sort: coarse(), classes: [classes[Math.floor(random() * 3)] ?? ''], kind: '' };
    places.push(place);
    database.run(`INSERT INTO places VALUES (?, ?, 1, 2, 3, 4, ?, ?, 0.4, 5, ?)`, [
      ...[id, place.image, levelOf(id), place.classes[0] ?? '', place.sort],
    ]);
    const [own, other] = [classes[Math.floor(random() * 3)] ?? '', classes[Math.floor(random() * 3)] ?? ''];
    const kind = kinds[id % 3] ?? 'badBox';
    const named = kind === 'badBox' ? [own] : kind === 'missing' ? [other] : [own, other];
    const issue = { id, image: image(), sort: coarse(), classes: named, kind };
    issues.push(issue);
    database.run(`INSERT INTO issues VALUES (?, ?, ?, ?, NULL, 1, 2, 3, 4, ?, ?, NULL, NULL, NULL, NULL, 'because')`, [
      id,
      issue.image,
      kind,
      issue.sort,
      kind === 'missing' ? null : own,
      kind === 'badBox' ? null : other,
    ]);
  }
  database.exec('COMMIT');
  written.close();
});

function ask<K extends keyof ListMethods>(
  method: K,
  params: ListMethods[K]['params'],
): Promise<ListMethods[K]['result']> {
  return readStore(store, database => storeQueries[method](database, folder, params));
}

type PagedMethod = Exclude<keyof ListMethods, 'issueCounts'>;

/** Ids of a whole list, read in pages. */
async function idsOf<K extends PagedMethod>(method: K, params: object): Promise<number[]> {
  const ids: number[] = [];
  let after: PageCursor | undefined;
  do {
    const request = { store, limit: 400, ...params, ...(after === undefined ? {} : { after }) };
    const page = (await ask(method, request)) as Page<{ id: number }>;
    ids.push(...page.rows.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

const named = (id: number, text: string | undefined) =>
  text === undefined || (names[id] ?? '').toLowerCase().includes(text.toLowerCase());
const expected = (all: readonly Made[], { category, image }: ListFilter, more: (row: Made) => boolean = () => true) =>
  all
    .filter(row => (category === undefined || row.classes.includes(category)) && named(row.image, image) && more(row))
    .sort((a, b) => b.sort - a.sort || a.id - b.id)
    .map(({ id }) => id);

const filters: readonly (readonly [string, ListFilter])[] = [
  ['nothing', {}],
  ['a class', { category: 'boat' }],
  ['a rare class whose name is a pattern', { category: '50%_\\' }],
  ['a class with a quote', { category: "crane's" }],
  ['an unknown class', { category: "x' OR 1=1 --" }],
  ['few images', { image: '/77' }],
  ['many images', { image: 'EVEN/' }],
  ['a pattern taken literally', { image: '%_' }],
  ['another pattern', { image: '1_' }],
  ['no image', { image: "'; DROP TABLE images" }],
  ['an empty text', { image: '' }],
  ['a class and few images', { category: 'boat', image: '/12' }],
  ['a class and many images', { category: 'boat', image: 'even' }],
];

describe.each(filters)('lists narrowed by %s', (_, filter) => {
  it('hold the labels, suspicions and places concerned, in order', async () => {
    expect(await idsOf('storedLabels', { filter })).toEqual(expected(labels, filter));
    expect(await idsOf('storedPlaces', { filter })).toEqual(expected(places, filter));
    expect(await idsOf('storedIssues', { filter })).toEqual(expected(issues, filter));
    const some = expected(issues, filter).slice(0, 7);
    expect(await idsOf('storedIssues', { filter, kind: 'badBox', without: some })).toEqual(
      expected(issues, filter, row => row.kind === 'badBox' && !some.includes(row.id)),
    );
  });

  it('count suspicions by kind', async () => {
    const some = expected(issues, filter).slice(0, 7);
    const counts = await ask('issueCounts', { store, filter, without: some });
    const wanted = kinds.map(
      kind => expected(issues, filter, row => row.kind === kind && !some.includes(row.id)).length,
    );
    expect(Object.fromEntries(counts.map(({ kind, issues: count }) => [kind, count]))).toEqual(
      Object.fromEntries(kinds.map((kind, i) => [kind, wanted[i]] as const).filter(([, count]) => count !== 0)),
    );
  });

  it('hold images with such labels, and failed images of such a name', async () => {
    const having = new Set(labels.filter(({ classes: [name] }) => name === filter.category).map(({ image }) => image));
    const images = (await idsOf('storedImages', { filter })).sort((a, b) => a - b);
    const all = names.map((__, id) => id).slice(1);
    const wanted = all.filter(id => !failed.includes(id) && named(id, filter.image));
    expect(images).toEqual(filter.category === undefined ? wanted : wanted.filter(id => having.has(id)));
    expect(await idsOf('failedImages', { filter })).toEqual(failed.filter(id => named(id, filter.image)));
  });
});

describe('background narrowed by level', () => {
  it.each([{ level: 'P4' }, { level: 'P4', image: '/77' }, { level: 'P3', category: 'boat' }, { level: 'P9' }])(
    '%j',
    async ({ level, ...filter }) => {
      const wanted = expected(places, filter, ({ id }) => levelOf(id) === level);
      expect(await idsOf('storedPlaces', { filter: { ...filter, level } })).toEqual(wanted);
    },
  );
});

describe('images by the loss of a part', () => {
  it.each([
    [{ level: 'P4' }, 'P4'],
    [{ band: 'background/hard' }, 'background/hard'],
    [{ level: 'P3', image: '/77' }, 'P3'],
    [{ band: 'background/hard', category: '50%_\\' }, 'background/hard'],
    [{ level: 'P3', category: 'boat', image: 'even' }, 'P3'],
  ] as const)('%j', async (filter: ListFilter, part) => {
    const having = labels.filter(({ classes: [name] }) => name === filter.category).map(({ image }) => image);
    const all = parts.map((focal, i) => ({ id: i + 1, focal: focal[part] }));
    const wanted = all
      .filter(({ id }) => !failed.includes(id) && named(id, filter.image))
      .filter(({ id }) => filter.category === undefined || having.includes(id))
      .sort((a, b) => b.focal - a.focal || a.id - b.id);
    expect(await idsOf('storedImages', { filter })).toEqual(wanted.map(({ id }) => id));
    const { rows } = await ask('storedImages', { store, limit: 5, filter });
    expect(rows.map(row => row.part)).toEqual(wanted.slice(0, 5).map(({ focal }) => focal));
  });
});

describe('the suspicions of images', () => {
  it('come by image, with what their analysis follows from', async () => {
    const [first, second] = [issues[0], issues.find(({ image }) => image % 50 !== 0 && image !== issues[0]?.image)];
    const images = [first?.image ?? 0, 50, second?.image ?? 0].map(id => join(folder, names[id] ?? ''));
    const found = await readStore(store, database =>
      storeQueries.issuesOfImages(database, folder, { store, images: [...images, '/etc/passwd'] }),
    );
    const ids = [first, second]
      .filter(made => made !== undefined && made.image % 50 !== 0)
      .map(made => made?.image ?? 0);
    expect(found.map(({ image }) => image)).toEqual(ids.map(id => join(folder, names[id] ?? '')));
    expect(found.map(entry => entry.issues.map(({ id }) => id))).toEqual(
      ids.map(id =>
        expected(
          issues.filter(({ image }) => image === id),
          {},
        ),
      ),
    );
    expect(new Set(found.map(({ analysis }) => analysis)).size).toBe(ids.length);
    const many = Array.from({ length: 1001 }, () => 'a.jpg');
    await expect(
      readStore(store, database => storeQueries.issuesOfImages(database, folder, { store, images: many })),
    ).rejects.toThrow('1001 images');
  });
});
