/** Questions about a store. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Database, JSValue, SQLiteValue } from 'node-sqlite3-wasm';
import { UserError } from '../../common/errors';
import type { StoredIssue, StoreMethods } from '../../protocol/dataset';
import { listQueries } from './listQueries';
import { labelsAbove, lossAt } from './lossCounts';
import { overview } from './overviewQuery';
import { longestPage } from './paging';
import { imageOf, issuesOf, labelOf, type Row } from './storedRows';
import { allRows, issueSelect, issueSource, labelJoins, labelSelect } from './storeSelects';

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

/** What the model that the store's results are of is told by. */
function storedFingerprint(database: Database): string | undefined {
  const value = database.get("SELECT value FROM properties WHERE name = 'fingerprint'")?.value;
  return typeof value === 'string' ? value : undefined;
}

/** How the store names a file: relative to the data set's root with `/`, absolute outside of it. */
export function storedName(root: string, file: string): string {
  const path = relative(root, file);
  return path === '' || isAbsolute(path) || path.split(sep)[0] === '..' ? file : path.split(sep).join('/');
}

export const storeQueries: { readonly [K in keyof StoreMethods]: Query<K> } = {
  ...listQueries,
  datasetOverview: database => overview(database),
  issuesOfImages(database, root, { images }) {
    if (images.length > longestPage) throw new UserError(`issues of ${images.length} images were asked for`);
    const fingerprint = storedFingerprint(database);
    return images.flatMap(image => {
      const row = database.get('SELECT id, key FROM images WHERE file = ? AND error IS NULL', [
        storedName(root, image),
      ]) as Row | null;
      if (row === null) return [];
      const issues = issuesOfImage(database, root, row.id);
      return { image, analysis: JSON.stringify([fingerprint, row.key]), issues };
    });
  },
  storedImage(database, root, { image }) {
    const row = database.get('SELECT * FROM images WHERE file = ? AND error IS NULL', [
      storedName(root, image),
    ]) as Row | null;
    if (row === null) return null;
    const labels = allRows(
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
    const [loss, category] = [Number(row.loss), Number(row.category_id)];
    const labels = count('(SELECT labels FROM image_totals)');
    const labelsOfCategory = count('(SELECT labels FROM categories WHERE id = ?)', category);
    // By the image: stores of former versions have no index of suspicions by labels.
    const issues = allRows(
      database,
      `SELECT ${issueSelect} FROM ${issueSource} WHERE s.image = ? AND s.label = ? ORDER BY s.score DESC`,
      [row.image, row.id],
    );
    return {
      label: labelOf(row, root),
      rank: 1 + labelsAbove(database, loss),
      labels,
      rankInCategory: 1 + labelsAbove(database, loss, category),
      labelsOfCategory,
      categoryMedian: lossAt(database, category, Math.floor((labelsOfCategory - 1) / 2)),
      issues: issues.flatMap(issue => issuesOf(issue, root)),
    };
  },
};

function issuesOfImage(database: Database, root: string, image: JSValue): StoredIssue[] {
  const sql = `SELECT ${issueSelect} FROM ${issueSource} WHERE s.image = ? ORDER BY s.score DESC, s.id`;
  return allRows(database, sql, [image]).flatMap(row => issuesOf(row, root));
}
