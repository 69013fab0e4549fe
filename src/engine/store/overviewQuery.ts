import type { Database, SQLiteValue } from 'node-sqlite3-wasm';
import { breakdownGroups } from '../../protocol/analysis';
import type { BandTotal, CategoryTotal, DatasetOverview, LevelTotal } from '../../protocol/dataset';
import { binColumns } from './schema';
import { kindCountsOf, runOf, type Row } from './storedRows';
import { allRows } from './storeSelects';

/** A data set at a glance: some dozen rows of totals. */
export function overview(database: Database): DatasetOverview {
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
    levels: allRows(
      database,
      'SELECT level, anchors, foreground, cross_entropy AS crossEntropy, focal FROM level_totals ORDER BY level',
    ) as unknown as LevelTotal[],
    categories: allRows(
      database,
      `SELECT id, name, labels, excluded, uncovered, anchors, classification, box_regression AS boxRegression
       FROM categories WHERE labels > 0 ORDER BY classification + box_regression DESC, id`,
    ) as unknown as CategoryTotal[],
    issues: kindCountsOf(
      allRows(database, 'SELECT kind, issues FROM issue_totals WHERE issues > 0 ORDER BY issues DESC, kind'),
    ),
    ptHistogram: { foreground: histogram('foreground'), background: histogram('background') },
  };
}

function bandTotals(database: Database): BandTotal[] {
  const rows = new Map(allRows(database, 'SELECT * FROM band_totals').map(row => [row.band, row]));
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
