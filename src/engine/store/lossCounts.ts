/**
 * Ranks and medians of labels by loss that cost the same for a million labels as for a thousand: triggers count labels
 * by loss, so that all but one bucket of them need no look at the labels.
 */
import type { Database, JSValue } from 'node-sqlite3-wasm';
import type { Row } from './storedRows';

/** In place of a category's id: labels of all categories. */
const everyCategory = 0;

/** Ranges of loss end at powers of 4 with these exponents; the first one begins at 0, the last one never ends. */
const [firstRange, lastRange] = [-6, 8];
const partsOfRange = 1024;

/**
 * A loss's bucket: ranges of a factor of 4, in equal parts that are below 0.4 % of the loss. It never falls while the
 * loss rises, and is computed without rounding: the same in any version of SQLite, for counts outlive it.
 */
function bucketSql(loss: string): string {
  const ranges = Array.from({ length: lastRange - firstRange + 1 }, (_, i) => {
    const end = 4 ** (firstRange + i);
    return `WHEN ${loss} < ${end} THEN ${i * partsOfRange} + CAST(${loss} * ${partsOfRange / end} AS INTEGER)`;
  });
  return `CASE ${ranges.join(' ')} ELSE ${(lastRange - firstRange + 2) * partsOfRange} END`;
}

const ofRow = (row: 'new' | 'old') => `category IN (${everyCategory}, ${row}.category)
  AND bucket = ${bucketSql(`${row}.loss`)}`;

/**
 * Makes the counts of a store that has none yet, however many labels it holds. Highest and lowest are bounds of what a
 * bucket holds, and belong to it: labels that are gone do not narrow them.
 */
const countsSql = `
CREATE TABLE loss_counts (
  category INTEGER NOT NULL, bucket INTEGER NOT NULL, labels INTEGER NOT NULL, lowest REAL NOT NULL,
  highest REAL NOT NULL, PRIMARY KEY (category, bucket)) WITHOUT ROWID;
INSERT INTO loss_counts SELECT category, ${bucketSql('loss')}, count(*), min(loss), max(loss) FROM labels GROUP BY 1, 2;
INSERT INTO loss_counts SELECT ${everyCategory}, bucket, sum(labels), min(lowest), max(highest) FROM loss_counts
  GROUP BY bucket;
CREATE TRIGGER losses_inserted AFTER INSERT ON labels BEGIN
  INSERT INTO loss_counts SELECT column1, ${bucketSql('new.loss')}, 1, new.loss, new.loss
    FROM (VALUES (${everyCategory}), (new.category)) WHERE TRUE
  ON CONFLICT DO UPDATE SET labels = labels + 1, lowest = min(lowest, excluded.lowest),
    highest = max(highest, excluded.highest);
END;
CREATE TRIGGER losses_deleted AFTER DELETE ON labels BEGIN
  UPDATE loss_counts SET labels = labels - 1 WHERE ${ofRow('old')};
  DELETE FROM loss_counts WHERE labels <= 0 AND ${ofRow('old')};
END;`;

/** Adds the counts to a store that was made before there were any: some seconds per million labels, once. */
export function ensureLossCounts(database: Database): void {
  if (!hasCounts(database)) database.exec(`BEGIN IMMEDIATE; ${countsSql} COMMIT;`);
}

/** How many labels, of a category where one is named, have more than a loss. */
export function labelsAbove(database: Database, loss: number, category?: number): number {
  const { where, values } = ofCategory(category);
  const count = (sql: string, ...more: JSValue[]) =>
    Number(database.get(`SELECT count(*) AS n FROM labels WHERE ${where} ${sql}`, [...values, ...more])?.n ?? 0);
  // Nothing has been written since the store was made by a version without counts.
  if (!hasCounts(database)) return count('loss > ?', loss);
  const own = category ?? everyCategory;
  const bucket = `(SELECT ${bucketSql('loss')} FROM (SELECT CAST(? AS REAL) AS loss))`;
  const above = database.get(
    `SELECT coalesce(sum(labels), 0) AS n FROM loss_counts WHERE category = ? AND bucket > ${bucket}`,
    [own, loss],
  );
  const [inBucket] = database.all(`SELECT highest FROM loss_counts WHERE category = ? AND bucket = ${bucket}`, [
    own,
    loss,
  ]) as Row[];
  const highest = Number(inBucket?.highest ?? loss);
  return Number(above?.n ?? 0) + (highest > loss ? count('loss > ? AND loss <= ?', loss, highest) : 0);
}

/** Loss of the label at a 0-based place of a category's by descending loss; 0 beyond its end. */
export function lossAt(database: Database, category: number, place: number): number {
  const { where, values } = ofCategory(category);
  const at = (highest: number, offset: number) =>
    Number(
      database.get(`SELECT loss FROM labels WHERE ${where} loss <= ? ORDER BY loss DESC LIMIT 1 OFFSET ?`, [
        ...[...values, highest, offset],
      ])?.loss ?? 0,
    );
  if (!hasCounts(database)) return at(Number.POSITIVE_INFINITY, place);
  const row = database.get(
    `SELECT labels, lowest, highest, through FROM (SELECT *, sum(labels) OVER (ORDER BY bucket DESC) AS through
       FROM loss_counts WHERE category = ?) WHERE through > ? ORDER BY bucket DESC LIMIT 1`,
    [category, place],
  ) as Row | null;
  if (row === null) return 0;
  const [lowest, highest] = [Number(row.lowest), Number(row.highest)];
  // However many labels cost the same, as those that cost nothing do, none of them is passed over.
  return lowest === highest ? highest : at(highest, place - (Number(row.through) - Number(row.labels)));
}

function hasCounts(database: Database): boolean {
  return database.get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'loss_counts'") !== null;
}

function ofCategory(category: number | undefined): { readonly where: string; readonly values: readonly JSValue[] } {
  return category === undefined ? { where: '', values: [] } : { where: 'category = ? AND', values: [category] };
}
