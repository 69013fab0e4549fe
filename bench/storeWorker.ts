// Writes a store of COCO train2017's size, then times the questions behind the explorer: the process's clock and its
// processor time. Usage: storeWorker FILE IMAGES LABELS ROUNDS; prints one JSON document.
import { existsSync, statSync } from 'node:fs';
import { openWritable, readStore } from '../src/engine/store/storeFile';
import { binColumns } from '../src/engine/store/schema';
import { storeQueries } from '../src/engine/store/storeQueries';
import type { ListFilter, PageCursor, StoreMethods } from '../src/protocol/dataset';

const [file = '', images = '', labels = '', rounds = ''] = process.argv.slice(2);

/** Pseudo-random numbers in [0, 1) from a row's number, as SQL. */
const random = (row: string, salt: number) => `(((${row} * 2654435761 + ${salt * 40503}) % 1000003) / 1000003.0)`;
const kinds = ['missing', 'spurious', 'wrongClass', 'badBox', 'duplicate', 'degenerate', 'uncovered'];
const bands = ['background/easy', 'background/hard', 'foreground/easy', 'foreground/hard'];
const rows = (count: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;

async function generate(imageCount: number, labelCount: number): Promise<void> {
  const store = await openWritable(file, { fresh: true });
  const { database } = store;
  const image = `1 + (n.i - 1) * ${imageCount} / ${labelCount}`;
  database.exec(`
    BEGIN;
    INSERT INTO properties VALUES ('root', '..');
    INSERT INTO files VALUES (1, 'annotations/instances.json');
    ${rows(80)} INSERT INTO categories (id, name) SELECT i, 'category ' || i FROM n;
    ${rows(imageCount)} INSERT INTO images SELECT i, 'images/' || printf('%012d', i) || '.jpg', 'image ' || i, NULL,
      hex(i), '', NULL, 640, 480, 163206, 200, 160000, 3006, 7, 10, 1, 9.0, 3.0, ${random('i', 1)}, ${random('i', 2)},
      ${random('i', 1)} + ${random('i', 2)}, '[]' FROM n;
    ${rows(labelCount)} INSERT INTO labels SELECT n.i, ${image}, CAST(n.i AS TEXT),
      1 + CAST(80 * ${random('n.i', 3)} * ${random('n.i', 4)} AS INTEGER), 10, 20, 30, 40, NULL, 20, 18, 2, 0.7,
      CASE WHEN n.i % 50 = 0 THEN 'tooSmall' ELSE 'none' END, 0.6, 0.2, ${random('n.i', 5)}, ${random('n.i', 6)},
      ${random('n.i', 5)} + ${random('n.i', 6)}, 0.8, 0.9, 0.8, 0.9, 1, n.i, 4, n.i * 400, n.i * 400 + 300 FROM n;
    ${rows(Math.floor(labelCount / 8))} INSERT INTO issues SELECT n.i, 1 + (n.i * 8 - 1) * ${imageCount} / ${labelCount},
      CASE n.i % 7 ${kinds.map((kind, i) => `WHEN ${i} THEN '${kind}'`).join(' ')} END, ${random('n.i', 7)}, n.i * 8,
      10, 20, 30, 40, 'category 1', 'category 2', NULL, NULL, NULL, NULL, 'The evidence in words and numbers.' FROM n;
    ${rows(3 * imageCount)} INSERT INTO places SELECT n.i, 1 + n.i % ${imageCount}, 10, 20, 30, 40, 'P3', 'category 1',
      0.3, 12, ${random('n.i', 8)} FROM n;
    ${['P3', 'P4', 'P5', 'P6', 'P7'].map(level => `INSERT INTO levels SELECT id, '${level}', 30000, 40, 3.0, 1.0 FROM images;`).join('\n')}
    ${bands.map(band => `INSERT INTO bands SELECT id, '${band}', 40000, 2.0, 1.0 FROM images;`).join('\n')}
    ${['background', 'foreground'].map(state => `INSERT INTO pt_histograms SELECT id, '${state}', ${binColumns.map((_, bin) => bin * 10).join(', ')} FROM images;`).join('\n')}
    COMMIT;`);
  store.close();
}

const page = { store: file, limit: 100 };
const middle: PageCursor = { value: 1, id: 1 };
const label = Math.floor(Number(labels) / 2);
const imageOfLabel = 1 + Math.floor(((label - 1) * Number(images)) / Number(labels));
const image = `/images/${String(imageOfLabel).padStart(12, '0')}.jpg`;

/** Milliseconds: every suspicion is met once. */
const countLimit = 150;

function filtered(what: string, filter: ListFilter): Question[] {
  const request = { ...page, filter };
  return [
    { name: `${what}: labels, first page`, ask: answer => answer('storedLabels', request) },
    {
      name: `${what}: uncovered labels, first page`,
      ask: answer => answer('storedLabels', { ...request, uncovered: true }),
    },
    { name: `${what}: images, first page`, ask: answer => answer('storedImages', request) },
    {
      name: `${what}: suspicions of a kind, first page`,
      ask: answer => answer('storedIssues', { ...request, kind: 'badBox' }),
    },
    { name: `${what}: suspicions counted by kind`, limit: countLimit, ask: answer => answer('issueCounts', request) },
    { name: `${what}: hardest background, first page`, ask: answer => answer('storedPlaces', request) },
  ];
}

const questions: readonly Question[] = [
  { name: 'overview', ask: answer => answer('datasetOverview', { store: file }) },
  { name: 'labels by loss, first page', ask: answer => answer('storedLabels', page) },
  { name: 'labels by loss, a page in the middle', ask: answer => answer('storedLabels', { ...page, after: middle }) },
  { name: 'labels of a class, first page', ask: answer => answer('storedLabels', { ...page, category: 1 }) },
  { name: 'uncovered labels, first page', ask: answer => answer('storedLabels', { ...page, uncovered: true }) },
  { name: 'images by loss, first page', ask: answer => answer('storedImages', page) },
  { name: 'suspicions, first page', ask: answer => answer('storedIssues', page) },
  { name: 'suspicions of a kind, first page', ask: answer => answer('storedIssues', { ...page, kind: 'badBox' }) },
  { name: 'hardest background, first page', ask: answer => answer('storedPlaces', page) },
  { name: 'failed images, first page', ask: answer => answer('failedImages', page) },
  ...filtered('a name that one image has', { image: '0000043210' }),
  ...filtered('a name that a tenth of the images have', { image: '7.jpg' }),
  ...filtered('a name that no image has', { image: 'nowhere' }),
  ...filtered('a rare class', { category: 'category 80' }),
  ...filtered('a common class', { category: 'category 1' }),
  ...filtered('a common class and a rare name', { category: 'category 1', image: '00004321' }),
  { name: 'one image', ask: answer => answer('storedImage', { store: file, image }) },
  {
    name: 'a label among its class and all',
    ask: answer => answer('labelStanding', { store: file, image, label: String(label) }),
  },
];
interface Question {
  readonly name: string;
  /** Milliseconds it may take where that is not what a first page may. */
  readonly limit?: number;
  readonly ask: <T>(answer: Answer<T>) => Promise<T>;
}
type Answer<T> = <K extends keyof StoreMethods>(method: K, params: StoreMethods[K]['params']) => Promise<T>;

async function serve(): Promise<void> {
  const started = performance.now();
  if (!existsSync(file)) await generate(Number(images), Number(labels));
  // What a store of a former version lacks is added by whoever writes next.
  else (await openWritable(file, { fresh: false })).close();
  const seconds = (performance.now() - started) / 1000;
  const results = [];
  for (const { name, limit, ask } of questions) {
    const times: { milliseconds: number; processor: number }[] = [];
    for (let round = 0; round < Number(rounds); round++) {
      const processor = process.cpuUsage();
      const start = performance.now();
      await ask((method, params) => readStore(file, database => storeQueries[method](database, '/', params) as never));
      const { user, system } = process.cpuUsage(processor);
      times.push({ milliseconds: performance.now() - start, processor: (user + system) / 1000 });
    }
    results.push({ name, limit, times });
  }
  process.stdout.write(`${JSON.stringify({ seconds, bytes: statSync(file).size, results })}\n`);
}

void serve();
