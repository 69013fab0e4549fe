/** Questions about a store. Pages follow an index from a cursor, so that the millionth row costs what the first does. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Database, JSValue, SQLiteValue } from 'node-sqlite3-wasm';
import { UserError } from '../../common/errors';
import { breakdownGroups } from '../../protocol/analysis';
import type {
  BandTotal,
  CategoryTotal,
  DatasetOverview,
  LevelTotal,
  Page,
  PageRequest,
  StoredIssue,
  StoreMethods,
} from '../../protocol/dataset';
import { binColumns } from './schema';
import { failedImageOf, imageOf, issueOf, labelOf, placeOf, runOf, type Row } from './storedRows';

const longestPage = 1000;

type Query<K extends keyof StoreMethods> = (
  database: Database,
  root: string,
  params: StoreMethods[K]['params'],
) => StoreMethods[K]['result'];

/** The data set's folder, from which the store names its files. */
export function rootOf(database: Database, storeFolder: string): string {
  const value = database.get("SELECT value FROM properties WHERE name = 'root'")?.value;
  return resolve(storeFolder, typeof value === 'string' ? value : '.');
}

/** How the store names a file: relative to the data set's root with `/`, absolute outside of it. */
export function storedName(root: string, file: string): string {
  const path = relative(root, file);
  return path === '' || isAbsolute(path) || path.split(sep)[0] === '..' ? file : path.split(sep).join('/');
}

export const storeQueries: { readonly [K in keyof StoreMethods]: Query<K> } = {
  datasetOverview: database => overview(database),
  storedLabels(database, root, { category, uncovered, ...page }) {
    const conditions = [
      ...(category === undefined ? [] : ['l.category = ?']),
      ...(uncovered === true ? ["l.uncovered <> 'none'"] : []),
    ];
    const source = `${labelSource} AS l ${labelJoins}`;
    const order = uncovered === true ? ({ by: 'best_iou', descending: false } as const) : byLoss;
    const values = category === undefined ? [] : [category];
    return paged(database, { select: labelSelect, source, alias: 'l', ...order }, conditions, values, page, row =>
      labelOf(row, root),
    );
  },
  storedImages: (database, root, page) =>
    paged(
      database,
      { select: 'i.*', source: 'images AS i', alias: 'i', ...byLoss },
      ['i.error IS NULL'],
      [],
      page,
      row => imageOf(row, root),
    ),
  failedImages: (database, root, page) =>
    paged(
      database,
      { select: 'i.*', source: 'images AS i', alias: 'i', by: 'id', descending: false },
      ['i.error IS NOT NULL'],
      [],
      page,
      row => failedImageOf(row, root),
    ),
  storedIssues: (database, root, { kind, without = [], ...page }) =>
    paged(
      database,
      { select: issueSelect, source: issueSource, alias: 's', by: 'score', descending: true },
      [
        ...(kind === undefined ? [] : ['s.kind = ?']),
        ...(without.length === 0 ? [] : ['s.id NOT IN (SELECT value FROM json_each(?))']),
      ],
      [...(kind === undefined ? [] : [kind]), ...(without.length === 0 ? [] : [JSON.stringify(without)])],
      page,
      row => issueOf(row, root),
    ),
  issuesOfImages(database, root, { images }) {
    if (images.length > longestPage) throw new UserError(`issues of ${images.length} images were asked for`);
    const fingerprint = database.get("SELECT value FROM properties WHERE name = 'fingerprint'")?.value;
    return images.flatMap(image => {
      const row = database.get('SELECT id, key FROM images WHERE file = ? AND error IS NULL', [
        storedName(root, image),
      ]) as Row | null;
      if (row === null) return [];
      const issues = issuesOfImage(database, root, row.id);
      return { image, analysis: JSON.stringify([fingerprint, row.key]), issues };
    });
  },
  storedPlaces: (database, root, page) =>
    paged(
      database,
      {
        select: 'p.*, i.file AS image_file',
        source: 'places AS p JOIN images AS i ON i.id = p.image',
        alias: 'p',
        by: 'focal',
        descending: true,
      },
      [],
      [],
      page,
      row => placeOf(row, root),
    ),
  storedImage(database, root, { image }) {
    const row = database.get('SELECT * FROM images WHERE file = ? AND error IS NULL', [
      storedName(root, image),
    ]) as Row | null;
    if (row === null) return null;
    const labels = all(
      database,
      `SELECT ${labelSelect} FROM labels AS l ${labelJoins} WHERE l.image = ? ORDER BY l.id`,
      [row.id],
    );
    return {
      image: imageOf(row, root),
      labels: labels.map(label => labelOf(label, root)),
      issues: issuesOfImage(database, root, row.id),
    };
  },
  labelStanding(database, root, { image, label }) {
    const row = database.get(
      `SELECT ${labelSelect}, l.category AS category_id FROM labels AS l ${labelJoins} WHERE i.file = ? AND l.label = ?`,
      [storedName(root, image), label],
    ) as Row | null;
    if (row === null) return null;
    const count = (sql: string, ...values: SQLiteValue[]) => Number(database.get(`SELECT ${sql} AS n`, values)?.n ?? 0);
    const { loss, category_id: category } = row;
    const labels = count('(SELECT labels FROM image_totals)');
    const labelsOfCategory = count('(SELECT labels FROM categories WHERE id = ?)', category);
    const median = '(SELECT loss FROM labels WHERE category = ? ORDER BY loss DESC, id LIMIT 1 OFFSET ?)';
    const issues = all(database, `SELECT ${issueSelect} FROM ${issueSource} WHERE s.label = ? ORDER BY s.score DESC`, [
      row.id,
    ]);
    return {
      label: labelOf(row, root),
      rank: 1 + count('(SELECT count(*) FROM labels WHERE loss > ?)', loss),
      labels,
      rankInCategory: 1 + count('(SELECT count(*) FROM labels WHERE category = ? AND loss > ?)', category, loss),
      labelsOfCategory,
      categoryMedian: count(median, category, Math.floor((labelsOfCategory - 1) / 2)),
      issues: issues.map(issue => issueOf(issue, root)),
    };
  },
};

const byLoss = { by: 'loss', descending: true } as const;
const labelSource = 'labels';
export const labelJoins =
  'JOIN images AS i ON i.id = l.image JOIN categories AS c ON c.id = l.category LEFT JOIN files AS f ON f.id = l.file';
export const labelSelect = 'l.*, i.file AS image_file, c.name AS category_name, f.file AS source_file';
export const issueSource =
  'issues AS s JOIN images AS i ON i.id = s.image LEFT JOIN labels AS l ON l.id = s.label LEFT JOIN files AS f ON f.id = l.file';
export const issueSelect =
  's.*, i.file AS image_file, l.label AS label_name, f.file AS source_file, l.line, l.text_column, l.text_start, l.text_end';

function issuesOfImage(database: Database, root: string, image: JSValue): StoredIssue[] {
  const sql = `SELECT ${issueSelect} FROM ${issueSource} WHERE s.image = ? ORDER BY s.score DESC, s.id`;
  return all(database, sql, [image]).map(row => issueOf(row, root));
}

interface PagedQuery {
  readonly select: string;
  readonly source: string;
  readonly alias: string;
  readonly by: string;
  readonly descending: boolean;
}

function paged<T>(
  database: Database,
  { select, source, alias, by, descending }: PagedQuery,
  conditions: readonly string[],
  values: readonly JSValue[],
  { limit, after }: Pick<PageRequest, 'limit' | 'after'>,
  make: (row: Row) => T,
): Page<T> {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UserError(`a page of ${limit} rows was asked for`);
  const size = Math.min(limit, longestPage);
  const column = `${alias}.${by}`;
  const beyond = `(${column} ${descending ? '<' : '>'} ? OR (${column} = ? AND ${alias}.id > ?))`;
  // The first condition alone bounds the walk along the index.
  const bound = `${column} ${descending ? '<=' : '>='} ?`;
  const where = [...conditions, ...(after === undefined ? [] : [bound, beyond])];
  const rows = all(
    database,
    `SELECT ${select}, ${column} AS sort_value FROM ${source} ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
     ORDER BY ${column} ${descending ? 'DESC' : 'ASC'}, ${alias}.id LIMIT ?`,
    [...values, ...(after === undefined ? [] : [after.value, after.value, after.value, after.id]), size + 1],
  );
  const shown = rows.slice(0, size);
  const last = rows.length > size ? shown.at(-1) : undefined;
  return { rows: shown.map(make), next: last && { value: Number(last.sort_value), id: Number(last.id) } };
}

function overview(database: Database): DatasetOverview {
  const run = database.get('SELECT * FROM runs ORDER BY id DESC LIMIT 1') as Row | null;
  const totals = (database.get('SELECT * FROM image_totals') ?? {}) as Row;
  const images = Number(totals.images);
  const mean = (value: SQLiteValue) => Number(value) / Math.max(1, images);
  const histogram = (state: string) => {
    const row = database.get('SELECT * FROM pt_histogram_totals WHERE state = ?', [state]) as Row | null;
    return binColumns.map(bin => Number(row?.[bin] ?? 0));
  };
  return {
    run: run === null ? undefined : runOf(run),
    images,
    failed: Number(totals.failed),
    labels: Number(totals.labels),
    anchors: Number(totals.anchors),
    foreground: Number(totals.foreground),
    meanClassification: mean(totals.classification ?? 0),
    meanBoxRegression: mean(totals.box_regression ?? 0),
    breakdown: bandTotals(database),
    levels: all(
      database,
      'SELECT level, anchors, foreground, cross_entropy AS crossEntropy, focal FROM level_totals ORDER BY level',
    ) as unknown as LevelTotal[],
    categories: all(
      database,
      `SELECT id, name, labels, excluded, uncovered, anchors, classification, box_regression AS boxRegression
       FROM categories WHERE labels > 0 ORDER BY classification + box_regression DESC, id`,
    ) as unknown as CategoryTotal[],
    issues: all(
      database,
      'SELECT kind, issues FROM issue_totals WHERE issues > 0 ORDER BY issues DESC, kind',
    ) as unknown as DatasetOverview['issues'],
    ptHistogram: { foreground: histogram('foreground'), background: histogram('background') },
  };
}

function bandTotals(database: Database): BandTotal[] {
  const rows = new Map(all(database, 'SELECT * FROM band_totals').map(row => [row.band, row]));
  const value = (group: string, name: string) => Number(rows.get(group)?.[name] ?? 0);
  const total = (name: string) => breakdownGroups.reduce((sum, group) => sum + value(group, name), 0);
  const wholes = { anchors: total('anchors'), cross_entropy: total('cross_entropy'), focal: total('focal') };
  return breakdownGroups.map(group => {
    const share = (name: keyof typeof wholes) => (wholes[name] > 0 ? value(group, name) / wholes[name] : 0);
    return {
      group,
      anchors: value(group, 'anchors'),
      anchorShare: share('anchors'),
      crossEntropy: value(group, 'cross_entropy'),
      crossEntropyShare: share('cross_entropy'),
      focal: value(group, 'focal'),
      focalShare: share('focal'),
    };
  });
}

function all(database: Database, sql: string, values: JSValue[] = []): Row[] {
  return database.all(sql, values) as Row[];
}
