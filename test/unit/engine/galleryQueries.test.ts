import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { galleryQueries } from '../../../src/engine/store/galleryQueries';
import { openWritable, readStore } from '../../../src/engine/store/storeFile';
import type { GalleryList, GalleryStoreMethods } from '../../../src/protocol/galleryStore';
import { seededRandom } from '../helpers/random';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();
const store = join(folder, '.focal-lens', 'dataset.sqlite');
const classes = ['boat', "crane's", 'x" OR 1=1 --'];
const kinds = ['badBox', 'missing', 'wrongClass'] as const;

interface Made {
  readonly id: number;
  readonly kind: string;
  readonly category: string | null;
  readonly suggested: string | null;
  readonly score: number;
  readonly label: number | null;
}
interface MadeLabel {
  readonly id: number;
  readonly category: number;
  readonly loss: number;
  readonly uncovered: boolean;
  readonly iou: number;
}
const labels: MadeLabel[] = [];
const issues: Made[] = [];
const places: { id: number; category: string; focal: number }[] = [];

beforeAll(async () => {
  const random = seededRandom(7);
  const written = await openWritable(store, { fresh: true });
  const { database } = written;
  // Few different values, so that ties are common.
  const coarse = () => Math.floor(random() * 6) / 6;
  database.exec('BEGIN');
  database.run("INSERT INTO properties VALUES ('root', '..')");
  classes.forEach((name, i) => database.run('INSERT INTO categories (id, name) VALUES (?, ?)', [i + 1, name]));
  database.exec(
    `INSERT INTO images VALUES (1, 'a.png', 'a', NULL, 'k', '', NULL, 640, 480, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, '[]')`,
  );
  for (let id = 1; id <= 230; id++) {
    const label = { id, category: 1 + (id % 3), loss: coarse(), uncovered: random() < 0.2, iou: coarse() };
    labels.push(label);
    database.run(
      `INSERT INTO labels VALUES (?, 1, ?, ?, 1, 2, 3, 4, NULL, 5, 5, 0, ?, ?, 0.5, 0.1, ?, 0, ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
      [id, String(id), label.category, label.iou, label.uncovered ? 'tooSmall' : 'none', label.loss, label.loss],
    );
  }
  for (let id = 1; id <= 120; id++) {
    const kind = kinds[id % 3];
    const missing = kind === 'missing';
    const name = classes[Math.floor(random() * 3)];
    const issue = {
      id,
      kind,
      category: missing ? null : name,
      suggested: missing ? name : null,
      score: coarse(),
      label: missing ? null : 1 + Math.floor(random() * 230),
    };
    issues.push(issue);
    database.run(`INSERT INTO issues VALUES (?, 1, ?, ?, ?, 1, 2, 3, 4, ?, ?, NULL, NULL, NULL, NULL, 'because')`, [
      id,
      kind,
      issue.score,
      issue.label,
      issue.category,
      issue.suggested,
    ]);
    const place = { id, category: classes[id % 2], focal: coarse() };
    places.push(place);
    database.run(`INSERT INTO places VALUES (?, 1, 1, 2, 3, 4, 'P3', ?, 0.2, 3, ?)`, [id, place.category, place.focal]);
  }
  database.exec('COMMIT');
  written.close();
});

const ask = <K extends keyof GalleryStoreMethods>(
  method: K,
  params: Omit<GalleryStoreMethods[K]['params'], 'store'>,
): Promise<GalleryStoreMethods[K]['result']> =>
  readStore(store, database =>
    galleryQueries[method](database, folder, { store, ...params } as GalleryStoreMethods[K]['params']),
  );

/** All ids of a list, read in pages of a size that does not divide its length. */
async function idsOf(list: GalleryList & { without?: number[]; only?: number[] }): Promise<number[]> {
  const ids: number[] = [];
  for (;;) {
    const rows = await ask('galleryRows', { ...list, offset: ids.length, limit: 37 });
    if (rows.length === 0) return ids;
    ids.push(...rows.map(({ row }) => row.id));
  }
}

const lossOf = ({ label }: Made) => (label === null ? -1 : labels[label - 1].loss);
const sorted = <T extends { id: number }>(items: readonly T[], ...values: ((item: T) => number)[]) =>
  [...items]
    .sort((a, b) => values.map(value => value(b) - value(a)).find(difference => difference !== 0) ?? a.id - b.id)
    .map(({ id }) => id);

describe('the lists of the gallery', () => {
  it('give suspicions by score and by the loss of their labels, each once', async () => {
    expect(await idsOf({ source: 'issues', sort: 'score' })).toEqual(sorted(issues, issue => issue.score));
    expect(await idsOf({ source: 'issues', sort: 'loss' })).toEqual(sorted(issues, lossOf, issue => issue.score));
  });

  it('keep to a kind and a class, whatever its name, and leave out what is settled', async () => {
    for (const category of classes) {
      const own = issues.filter(issue => (issue.category ?? issue.suggested) === category);
      expect(await idsOf({ source: 'issues', sort: 'score', category })).toEqual(sorted(own, issue => issue.score));
      const kept = own.filter(({ kind, id }) => kind === 'missing' && id % 2 === 0);
      const without = issues.filter(({ id }) => id % 2 === 1).map(({ id }) => id);
      const list = { source: 'issues', sort: 'loss', category, kind: 'missing', without } as const;
      expect(await idsOf(list)).toEqual(sorted(kept, lossOf, issue => issue.score));
    }
  });

  it('give those that are named alone', async () => {
    const only = [2, 5, 40, 41, 77];
    const named = issues.filter(({ id }) => only.includes(id));
    expect(await idsOf({ source: 'issues', sort: 'score', only })).toEqual(sorted(named, issue => issue.score));
    expect(await idsOf({ source: 'issues', sort: 'score', only: [] })).toEqual([]);
    const sections = await ask('gallerySections', { source: 'issues', group: 'kind', only });
    expect(sections.reduce((sum, { count }) => sum + count, 0)).toBe(only.length);
    expect(await ask('gallerySections', { source: 'issues', group: 'none', only: [] })).toEqual([]);
  });

  it('give labels by loss, uncovered ones by their best overlap, and places by loss', async () => {
    const ofClass = labels.filter(({ category }) => category === 2);
    expect(await idsOf({ source: 'labels', sort: 'loss' })).toEqual(sorted(labels, label => label.loss));
    expect(await idsOf({ source: 'labels', sort: 'loss', category: classes[1] })).toEqual(
      sorted(ofClass, label => label.loss),
    );
    const uncovered = labels.filter(label => label.uncovered);
    expect(await idsOf({ source: 'uncovered', sort: 'loss' })).toEqual(sorted(uncovered, label => -label.iou));
    const own = places.filter(({ category }) => category === classes[1]);
    expect(await idsOf({ source: 'places', sort: 'loss', category: classes[1] })).toEqual(
      sorted(own, place => place.focal),
    );
    expect(await idsOf({ source: 'places', sort: 'loss', category: 'none such' })).toEqual([]);
  });

  it('have sections that count what their lists hold', async () => {
    const without = [3, 6, 9];
    for (const source of ['issues', 'labels', 'uncovered', 'places'] as const) {
      for (const group of ['none', 'kind', 'class'] as const) {
        const left = source === 'issues' ? { without } : {};
        const sections = await ask('gallerySections', { source, group, ...left });
        expect(sections.length).toBeGreaterThan(0);
        for (const { count, ...section } of sections) {
          expect(await idsOf({ source, sort: 'score', ...section, ...left })).toHaveLength(count);
        }
      }
    }
  });

  it('refuse positions that are none', async () => {
    for (const [offset, limit] of [
      [-1, 10],
      [0, 0.5],
      [NaN, 1],
    ]) {
      await expect(ask('galleryRows', { source: 'labels', sort: 'loss', offset, limit })).rejects.toThrow(/asked for/);
    }
  });
});
