import { join } from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { describe, expect, it } from 'vitest';
import { labelFactsQueries } from '../../../src/engine/store/labelFactsQueries';
import { RanksMemory } from '../../../src/engine/store/lossRanks';
import { openWritable, readStore } from '../../../src/engine/store/storeFile';
import type { NextWorst, StoredFacts } from '../../../src/protocol/labelFactsStore';
import { seededRandom } from '../helpers/random';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();
const root = join(folder, 'data');
const perImage = 5;
const fileOf = (image: number) => join(root, `${image}.png`);

/** Writes images of labels with few different losses; some take no part in it. */
function addImages(database: Database, images: readonly number[]): void {
  const random = seededRandom(images.length);
  database.exec("INSERT OR IGNORE INTO categories (id, name) VALUES (1, 'boat')");
  for (const image of images) {
    database.run(
      `INSERT INTO images VALUES (?, ?, ?, NULL, '', '', NULL, 640, 480, 9, 9, 9, 0, ?, 0, 0, 0, 0, ?, 0, 0, '[]')`,
      [image, `${image}.png`, `${image}.png`, perImage, random()],
    );
    for (let k = 0; k < perImage; k++) {
      // Losses of boxes would order labels otherwise.
      const [loss, box] = [Math.floor(6 * random()) / 6, 10 * random()];
      database.run(
        `INSERT INTO labels VALUES (NULL, ?, '7', 1, 1, 2, 3, 4, ?, 5, 5, 0, 0.7, 'none', 0.5, 0.1, ?, ?, ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
        [image, random() < 0.2 ? 'is a crowd' : null, loss, box, loss + box],
      );
    }
  }
}

const run = (state: string) => `INSERT INTO runs VALUES (1, '', NULL, '${state}', '', '', '', 1, '[]', '', '', '', '[]',
  2, 0.25, 'l1', 0.9, 0.5, 1, 1, 0, 0, 1) ON CONFLICT DO UPDATE SET state = excluded.state`;

async function made(name: string, prepare: (database: Database) => void): Promise<string> {
  const file = join(folder, `${name}.sqlite`);
  const written = await openWritable(file, { fresh: true });
  addImages(written.database, [3, 1, 2, 9, 4, 5, 6, 7]);
  prepare(written.database);
  written.close();
  return file;
}

describe('the next label by loss', () => {
  it.each([
    ['in a store', (): void => undefined],
    ['in one of a former version', (database: Database) => database.exec('DROP INDEX labels_by_classification')],
  ])('follows the ranks that labels have, and meets each once: %s', async (name, prepare) => {
    const store = await made(name, prepare);
    await readStore(store, database => {
      const queries = labelFactsQueries(new RanksMemory());
      const images = [1, 2, 3, 4, 5, 6, 7, 9].map(fileOf);
      const facts = queries.storedFacts(database, root, { store, images, maxLabels: 1000, ranked: true });
      const rankOf = ({ image, index }: NextWorst) =>
        facts.find((known: StoredFacts) => known.image.file === image)?.standings?.[index]?.rank;
      const met: NextWorst[] = [];
      for (let next = queries.nextWorst(database, root, { store }); next !== 'last';) {
        if (next === null) return expect.fail('a label of the store is not known to it');
        met.push(next);
        next = queries.nextWorst(database, root, { store, after: next });
      }
      const ranked = facts.flatMap(({ standings }) => (standings ?? []).filter(standing => standing !== null));
      expect(met.map(rankOf)).toEqual(ranked.map(({ rank }) => rank).sort((a, b) => a - b));
      expect(new Set(met.map(({ image, index }) => `${image} ${index}`)).size).toBe(ranked.length);
    });
  });

  it('is not to be had after a label that the store does not know', async () => {
    const store = await made('unknown', () => undefined);
    await readStore(store, database => {
      const queries = labelFactsQueries(new RanksMemory());
      for (const after of [
        { image: fileOf(1), index: perImage },
        { image: '/elsewhere.png', index: 0 },
      ]) {
        expect(queries.nextWorst(database, root, { store, after })).toBeNull();
      }
    });
  });
});

describe('ranks in memory', () => {
  it('are read again when the store says otherwise, during a run at most every few seconds', async () => {
    const file = join(folder, 'memory.sqlite');
    const written = await openWritable(file, { fresh: true });
    const { database } = written;
    let now = 0;
    const memory = new RanksMemory(() => now);
    const images = [1];
    const add = () => {
      images.push(images.length + 1);
      addImages(database, images.slice(-1));
    };
    addImages(database, images);
    database.exec(run('running'));
    const first = memory.of(database, root);
    expect(memory.of(database, root)).toBe(first);
    add();
    now += 4_000;
    expect(memory.of(database, root), 'read again at once during a run').toBe(first);
    now += 2_000;
    const second = memory.of(database, root);
    expect(second).not.toBe(first);
    add();
    database.exec(run('done'));
    const third = memory.of(database, root);
    expect(third, 'what a run has left is not read').not.toBe(second);
    add();
    expect(memory.of(database, root)).not.toBe(third);
    expect(memory.of(database, '/another')).not.toBe(third);
    written.close();
  });
});
