/** The lists of a store, page by page. */
import type { Database } from 'node-sqlite3-wasm';
import type { ListFilter, ListMethods } from '../../protocol/dataset';
import {
  byImage,
  equal,
  joined,
  noConditions,
  ofCategory,
  ofImages,
  withCategory,
  type Conditions,
} from './listFilters';
import { paged } from './paging';
import { failedImageOf, imageOf, issuesOf, kindCountsOf, labelOf, placeOf, type Row } from './storedRows';
import { allRows, issueSelect, issueSource, labelJoins, labelSelect, placeSelect, placeSource } from './storeSelects';

type Query<K extends keyof ListMethods> = (
  database: Database,
  root: string,
  params: ListMethods[K]['params'],
) => ListMethods[K]['result'];

const nothing: ListFilter = {};

export const listQueries: { readonly [K in keyof ListMethods]: Query<K> } = {
  storedLabels(database, root, { category, uncovered, filter = nothing, ...page }) {
    const conditions = joined(
      category === undefined ? noConditions : equal('l.category', category),
      uncovered === true ? condition("l.uncovered <> 'none'") : noConditions,
      ofCategory(database, filter, 'l.category'),
      byImage(database, filter, 'l.image'),
    );
    const order = uncovered === true ? { by: 'l.best_iou', descending: false } : { by: 'l.loss', descending: true };
    const query = { select: labelSelect, source: `labels AS l ${labelJoins}`, id: 'l.id', ...order };
    return paged(database, query, conditions, page, row => labelOf(row, root));
  },
  storedImages(database, root, { filter = nothing, ...page }) {
    const { level, band } = filter;
    const conditions = [
      condition('i.error IS NULL'),
      withCategory(database, filter),
      byImage(database, filter, 'i.id'),
    ];
    const make = (row: Row) => imageOf(row, root);
    if (level === undefined && band === undefined) {
      const query = { select: 'i.*', source: 'images AS i', id: 'i.id', by: 'i.loss', descending: true };
      return paged(database, query, joined(...conditions), page, make);
    }
    // A level where both are asked for.
    const part = level === undefined ? equal('x.band', band ?? '') : equal('x.level', level);
    const source = `${level === undefined ? 'bands' : 'levels'} AS x JOIN images AS i ON i.id = x.image`;
    const query = { select: 'i.*, x.focal AS part', source, id: 'x.image', by: 'x.focal', descending: true };
    return paged(database, query, joined(part, ...conditions), page, make);
  },
  failedImages(database, root, { filter = nothing, ...page }) {
    const conditions = joined(condition('i.error IS NOT NULL'), byImage(database, filter, 'i.id'));
    const query = { select: 'i.*', source: 'images AS i', id: 'i.id', by: 'i.id', descending: false };
    return paged(database, query, conditions, page, row => failedImageOf(row, root));
  },
  storedIssues(database, root, { kind, without = [], filter = nothing, ...page }) {
    const conditions = joined(
      kind === undefined ? noConditions : equal('s.kind', kind),
      issueConditions(filter, without),
      byImage(database, filter, 's.image'),
    );
    const query = { select: issueSelect, source: issueSource, id: 's.id', by: 's.score', descending: true };
    const { rows, next } = paged(database, query, conditions, page, row => issuesOf(row, root));
    return { rows: rows.flat(), next };
  },
  issueCounts(database, _root, { filter, without = [] }) {
    const { sql, values } = joined(issueConditions(filter, without), ofImages(filter, 's.image'));
    const where = sql.length === 0 ? '' : `WHERE ${sql.join(' AND ')}`;
    const rows = allRows(
      database,
      `SELECT kind, count(*) AS issues FROM issues AS s ${where} GROUP BY kind ORDER BY issues DESC, kind`,
      [...values],
    );
    return kindCountsOf(rows);
  },
  storedPlaces(database, root, { filter = nothing, ...page }) {
    const conditions = joined(
      filter.category === undefined ? noConditions : equal('p.category', filter.category),
      filter.level === undefined ? noConditions : equal('p.level', filter.level),
      byImage(database, filter, 'p.image'),
    );
    const query = { select: placeSelect, source: placeSource, id: 'p.id', by: 'p.focal', descending: true };
    return paged(database, query, conditions, page, row => placeOf(row, root));
  },
};

function condition(sql: string, ...values: (string | number)[]): Conditions {
  return { sql: [sql], values, gathered: false };
}

/** A suspicion is of the class that its label has, and of the one that it is thought to be. */
function issueConditions({ category }: ListFilter, without: readonly number[]): Conditions {
  return joined(
    category === undefined ? noConditions : condition('? IN (s.category, s.suggested_category)', category),
    without.length === 0
      ? noConditions
      : condition('s.id NOT IN (SELECT value FROM json_each(?))', JSON.stringify(without)),
  );
}
