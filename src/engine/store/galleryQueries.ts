/** The gallery's questions about a store. */
import type { Database, JSValue } from 'node-sqlite3-wasm';
import { UserError } from '../../common/errors';
import type { IssueKind } from '../../protocol/analysis';
import type { GalleryRow, GallerySection, GalleryStoreMethods } from '../../protocol/galleryStore';
import { issuesOf, kindCountsOf, labelOf, placeOf, type Row } from './storedRows';
import { issueSelect, issueSource, labelJoins, labelSelect } from './storeSelects';

const longestPage = 1000;
const issueClass = "coalesce(s.category, s.suggested_category, '')";

type Query<K extends keyof GalleryStoreMethods> = (
  database: Database,
  root: string,
  params: GalleryStoreMethods[K]['params'],
) => GalleryStoreMethods[K]['result'];

export const galleryQueries: { readonly [K in keyof GalleryStoreMethods]: Query<K> } = {
  gallerySections(database, _root, params) {
    const sections = sectionsOf(database, params);
    return sections.filter(({ count }) => count > 0);
  },
  galleryRows(database, root, { offset, limit, ...list }) {
    for (const value of [offset, limit]) {
      if (!Number.isSafeInteger(value) || value < 0) throw new UserError(`rows ${offset} + ${limit} were asked for`);
    }
    const { sql, values } = rowsQuery(list);
    const rows = database.all(sql, [...values, Math.min(limit, longestPage), offset]) as Row[];
    return rows.flatMap((row): GalleryRow | GalleryRow[] => {
      switch (list.source) {
        case 'issues':
          return issuesOf(row, root).map(issue => ({
            type: 'issue',
            row: issue,
            loss: row.label_loss === null ? null : Number(row.label_loss),
          }));
        case 'labels':
        case 'uncovered':
          return { type: 'label', row: labelOf(row, root) };
        case 'places':
          return { type: 'place', row: placeOf(row, root) };
      }
    });
  },
};

function sectionsOf(
  database: Database,
  { source, kind, group, without, only }: Omit<GalleryStoreMethods['gallerySections']['params'], 'store'>,
): GallerySection[] {
  const counted = (sql: string, values: JSValue[] = []) => database.all(sql, values) as Row[];
  const byClass = (rows: Row[]) =>
    rows.map(({ name, count }) => ({ category: String(name), count: Number(count) }) satisfies GallerySection);
  switch (source) {
    case 'issues': {
      const { where, values } = issueConditions({ kind, without, only });
      if (group === 'class') {
        return byClass(
          counted(
            `SELECT ${issueClass} AS name, count(*) AS count FROM issues AS s ${where} GROUP BY 1 ORDER BY 2 DESC, 1`,
            values,
          ),
        );
      }
      const rows = kindCountsOf(
        counted(`SELECT s.kind, count(*) AS issues FROM issues AS s ${where} GROUP BY 1 ORDER BY 2 DESC, 1`, values),
      ).map(({ kind: own, issues }) => ({ kind: own, count: issues }));
      return group === 'kind' ? rows : [{ count: rows.reduce((sum, { count }) => sum + count, 0) }];
    }
    case 'labels':
    case 'uncovered': {
      const column = source === 'labels' ? 'labels' : 'uncovered';
      // Sums that the store keeps up to date: labels are not counted.
      const rows = counted(
        `SELECT name, ${column} AS count FROM categories ORDER BY classification + box_regression DESC, id`,
      );
      if (group === 'class') return byClass(rows);
      return [{ count: rows.reduce((sum, row) => sum + Number(row.count), 0) }];
    }
    case 'places':
      if (group === 'class') {
        return byClass(counted('SELECT category AS name, count(*) AS count FROM places GROUP BY 1 ORDER BY 2 DESC, 1'));
      }
      return [{ count: Number(counted('SELECT count(*) AS count FROM places')[0]?.count ?? 0) }];
  }
}

/** The ids are found in an index first: rows that are passed over are never put together. */
function rowsQuery({
  source,
  kind,
  category,
  sort,
  without,
  only,
}: Omit<GalleryStoreMethods['galleryRows']['params'], 'store' | 'offset' | 'limit'>): {
  sql: string;
  values: JSValue[];
} {
  switch (source) {
    case 'issues': {
      const { where, values } = issueConditions({ kind, category, without, only });
      const order = sort === 'loss' ? 'l.loss DESC, s.score DESC, s.id' : 's.score DESC, s.id';
      const join = sort === 'loss' ? 'LEFT JOIN labels AS l ON l.id = s.label' : '';
      return {
        sql: `SELECT ${issueSelect}, l.loss AS label_loss FROM ${issueSource}
          WHERE s.id IN (SELECT s.id FROM issues AS s ${join} ${where} ORDER BY ${order} LIMIT ? OFFSET ?)
          ORDER BY ${order}`,
        values,
      };
    }
    case 'labels':
    case 'uncovered': {
      const order = source === 'labels' ? 'l.loss DESC, l.id' : 'l.best_iou, l.id';
      const conditions = [
        ...(source === 'uncovered' ? ["l.uncovered <> 'none'"] : []),
        ...(category === undefined ? [] : ['l.category = (SELECT id FROM categories WHERE name = ?)']),
      ];
      return {
        sql: `SELECT ${labelSelect} FROM labels AS l ${labelJoins}
          WHERE l.id IN (SELECT l.id FROM labels AS l ${whereOf(conditions)} ORDER BY ${order} LIMIT ? OFFSET ?)
          ORDER BY ${order}`,
        values: category === undefined ? [] : [category],
      };
    }
    case 'places':
      return {
        sql: `SELECT p.*, i.file AS image_file FROM places AS p JOIN images AS i ON i.id = p.image
          WHERE p.id IN (SELECT id FROM places ${whereOf(category === undefined ? [] : ['category = ?'])}
            ORDER BY focal DESC, id LIMIT ? OFFSET ?)
          ORDER BY p.focal DESC, p.id`,
        values: category === undefined ? [] : [category],
      };
  }
}

function issueConditions({
  kind,
  category,
  without = [],
  only,
}: {
  readonly kind?: IssueKind | undefined;
  readonly category?: string | undefined;
  readonly without?: readonly number[] | undefined;
  readonly only?: readonly number[] | undefined;
}): { where: string; values: JSValue[] } {
  const conditions: readonly (readonly [sql: string, value: JSValue | undefined])[] = [
    ['s.kind = ?', kind],
    [`${issueClass} = ?`, category],
    ['s.id IN (SELECT value FROM json_each(?))', only && JSON.stringify(only)],
    ['s.id NOT IN (SELECT value FROM json_each(?))', without.length === 0 ? undefined : JSON.stringify(without)],
  ];
  const asked = conditions.filter(([, value]) => value !== undefined);
  return {
    where: whereOf(asked.map(([sql]) => sql)),
    values: asked.map(([, value]) => value ?? null),
  };
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}
