import { join } from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { describe, expect, it } from 'vitest';
import { openWritable, readStore } from '../../../src/engine/store/storeFile';
import { storeQueries } from '../../../src/engine/store/storeQueries';
import { seededRandom } from '../helpers/random';
import { temporaryFolder } from '../helpers/temporaryFolder';

const folder = await temporaryFolder();
const perImage = 7;

interface Made {
  readonly id: number;
  readonly category: number;
  readonly loss: number;
}

/** Writes images of labels with losses of every magnitude; many are the same, many are 0, many lie close together. */
class Labels {
  readonly all: Made[] = [];
  private readonly random: () => number;
  private images = 0;

  constructor(
    private readonly database: Database,
    seed: number,
  ) {
    this.random = seededRandom(seed);
    for (const id of [1, 2, 3]) database.run('INSERT INTO categories (id, name) VALUES (?, ?)', [id, `class ${id}`]);
  }

  addImages(count: number): void {
    this.database.exec('BEGIN');
    for (let i = 0; i < count; i++) {
      const image = ++this.images;
      this.database.run(
        `INSERT INTO images VALUES (?, ?, ?, NULL, '', '', NULL, 640, 480, 9, 9, 9, 0, ?, 0, 0, 0, 0, 0, 0, 0, '[]')`,
        [image, nameOf(image), nameOf(image), perImage],
      );
      for (let k = 0; k < perImage; k++) {
        const label = { id: perImage * image + k, category: 1 + Math.floor(2.1 * this.random()), loss: this.loss() };
        this.all.push(label);
        this.database.run(
          `INSERT INTO labels VALUES (?, ?, ?, ?, 1, 2, 3, 4, ?, 5, 5, 0, 0.7, 'none', 0.5, 0.1, ?, 0, ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
          [
            ...[label.id, image, String(label.id), label.category, label.loss === 0 ? 'unknown class' : null],
            ...[label.loss, label.loss],
          ],
        );
      }
    }
    this.database.exec('COMMIT');
  }

  /** As a run removes an image. */
  removeImage(image: number): void {
    this.database.run('DELETE FROM labels WHERE image = ?', [image]);
    this.database.run('DELETE FROM images WHERE id = ?', [image]);
    const kept = this.all.filter(({ id }) => Math.floor(id / perImage) !== image);
    this.all.splice(0, this.all.length, ...kept);
  }

  private loss(): number {
    const { random } = this;
    const pick = Math.floor(random() * 6);
    if (pick === 0) return 0;
    if (pick === 1) return Math.floor(random() * 8) / 4;
    // Where ranges of buckets meet, and their neighbours.
    if (pick === 2) return 4 ** Math.floor(random() * 18 - 8) * (1 + (Math.floor(random() * 3) - 1) * Number.EPSILON);
    if (pick === 3) return 1 + random() / 1000;
    if (pick === 4) return 10 ** (14 * random() - 8);
    return 2 * random();
  }
}

const nameOf = (image: number) => `${image}.jpg`;
const imageOf = ({ id }: Made) => join(folder, nameOf(Math.floor(id / perImage)));

/** By definition: everything is looked through. */
function naive(all: readonly Made[], { category, loss }: Made) {
  const own = all.filter(label => label.category === category).map(label => label.loss);
  return {
    rank: 1 + all.filter(label => label.loss > loss).length,
    labels: all.length,
    rankInCategory: 1 + own.filter(other => other > loss).length,
    labelsOfCategory: own.length,
    categoryMedian: own.sort((a, b) => b - a)[Math.floor((own.length - 1) / 2)],
  };
}

function expectStandings(database: Database, all: readonly Made[]): void {
  for (let i = 0; i < all.length; i += 3) {
    const label = all[i] ?? expect.fail();
    const request = { store: '', image: imageOf(label), label: String(label.id) };
    const standing = storeQueries.labelStanding(database, folder, request);
    expect(standing).toMatchObject({ label: { id: label.id, loss: label.loss }, ...naive(all, label) });
  }
}

const counts = (database: Database) => database.all('SELECT * FROM loss_counts ORDER BY category, bucket');

/** Makes a store what it was before labels were counted by loss. */
const forget =
  'DROP TRIGGER losses_inserted; DROP TRIGGER losses_deleted; DROP TABLE loss_counts; DROP INDEX places_by_category;';

describe.each([1, 2, 3])('a label among others, seed %i', seed => {
  it('stands where a look at all of them puts it, whatever has changed since', async () => {
    const written = await openWritable(join(folder, `changed ${seed}.sqlite`), { fresh: true });
    const { database } = written;
    const labels = new Labels(database, seed);
    labels.addImages(150);
    expectStandings(database, labels.all);
    const first = naive(labels.all, labels.all[0] ?? expect.fail());
    for (let image = 2; image < 150; image += 2) labels.removeImage(image);
    expectStandings(database, labels.all);
    expect(naive(labels.all, labels.all[0] ?? expect.fail())).not.toEqual(first);
    labels.addImages(20);
    expectStandings(database, labels.all);
    for (let image = 1; image <= 170; image++) labels.removeImage(image);
    expect(counts(database)).toEqual([]);
    written.close();
  });

  it('stands there in a store of a former version too, which is added to when it is written', async () => {
    const store = join(folder, `former ${seed}.sqlite`);
    const former = await openWritable(store, { fresh: true });
    const labels = new Labels(former.database, seed);
    labels.addImages(100);
    const wanted = counts(former.database);
    expect(wanted.length).toBeGreaterThan(100);
    former.database.exec(forget);
    former.close();
    await readStore(store, database => expectStandings(database, labels.all));

    const opened = await openWritable(store, { fresh: false });
    expect(counts(opened.database)).toEqual(wanted);
    expect(opened.database.get("SELECT 1 FROM sqlite_schema WHERE name = 'places_by_category'")).not.toBeNull();
    opened.close();
    await readStore(store, database => expectStandings(database, labels.all));
  });
});

it('counts labels by buckets that do not mix: none begins below the end of another', async () => {
  const written = await openWritable(join(folder, 'buckets.sqlite'), { fresh: true });
  const { database } = written;
  const labels = new Labels(database, 4);
  labels.addImages(300);
  const buckets = database.all('SELECT lowest, highest FROM loss_counts WHERE category = 0 ORDER BY bucket');
  buckets.slice(1).forEach(({ lowest }, i) => expect(Number(lowest)).toBeGreaterThan(Number(buckets[i]?.highest)));
  for (const { lowest, highest } of buckets) {
    if (Number(lowest) > 4 ** -7 && Number(highest) < 4 ** 8)
      expect(Number(highest) / Number(lowest)).toBeLessThan(1.004);
  }
  written.close();
});

it('names the suspicions about the label alone, strongest first', async () => {
  const written = await openWritable(join(folder, 'issues.sqlite'), { fresh: true });
  const { database } = written;
  const labels = new Labels(database, 5);
  labels.addImages(3);
  const [label, other] = [labels.all[8], labels.all[9]].map(made => made ?? expect.fail());
  const image = Math.floor(label.id / perImage);
  [label.id, null, label.id, other.id].forEach((about, i) =>
    database.run(
      `INSERT INTO issues VALUES (?, ?, 'badBox', ?, ?, 1, 2, 3, 4, NULL, NULL, NULL, NULL, NULL, NULL, '')`,
      [i + 1, image, (i + 1) / 10, about],
    ),
  );
  const request = { store: '', image: imageOf(label), label: String(label.id) };
  const standing = storeQueries.labelStanding(database, folder, request);
  expect(standing?.issues.map(({ id }) => id)).toEqual([3, 1]);
  written.close();
});
