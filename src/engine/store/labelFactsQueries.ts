/** What label files show of a store. */
import { resolve } from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { UserError } from '../../common/errors';
import type { DetectionMatch, LabelIssue, LabelSummary } from '../../protocol/analysis';
import type { StoredIssue } from '../../protocol/dataset';
import type { KnownDetection, LabelFactsStoreMethods, StoredFacts } from '../../protocol/labelFactsStore';
import type { LossRanks, RanksMemory } from './lossRanks';
import { imageOf, issuesOf, labelOf, type Row } from './storedRows';
import { storedName } from './storeQueries';
import { allRows, issueSelect, issueSource, labelJoins, labelSelect } from './storeSelects';

const mostImages = 1000;
/** Suspicions looked through for the images that they are about. */
const mostIssues = 5000;

type Query<K extends keyof LabelFactsStoreMethods> = (
  database: Database,
  root: string,
  params: LabelFactsStoreMethods[K]['params'],
) => LabelFactsStoreMethods[K]['result'];

export function labelFactsQueries(memory: RanksMemory): { readonly [K in keyof LabelFactsStoreMethods]: Query<K> } {
  return {
    storedFacts(database, root, { images, maxLabels, ranked }) {
      if (images.length > mostImages) throw new UserError(`${images.length} images were asked for at once`);
      const found: StoredFacts[] = [];
      const ranks = ranked ? memory.of(database, root) : undefined;
      let labels = 0;
      for (const image of images) {
        const [row] = allRows(database, 'SELECT * FROM images WHERE file = ? AND error IS NULL', [
          storedName(root, image),
        ]);
        if (row === undefined) continue;
        const facts = factsOf(database, root, row, ranks);
        labels += facts.labels.length;
        if (labels > maxLabels && found.length > 0) break;
        found.push(facts);
      }
      return found;
    },
    nextWorst(database, root, { after }) {
      const [at] = after === undefined ? [] : allRows(database, labelAt, [storedName(root, after.image), after.index]);
      // Not in the store, or no longer.
      if (after !== undefined && at === undefined) return null;
      const beyond = at === undefined ? '' : 'AND classification <= ? AND (classification < ? OR id > ?)';
      const values = at === undefined ? [] : [at.classification, at.classification, at.id];
      const [row] = allRows(
        database,
        `SELECT ${labelSelect}, (SELECT count(*) FROM labels AS o WHERE o.image = l.image AND o.id < l.id) AS place
           FROM labels AS l ${labelJoins} WHERE l.id = (SELECT id FROM labels WHERE excluded IS NULL ${beyond}
           ORDER BY classification DESC, id LIMIT 1)`,
        values,
      );
      if (row === undefined) return 'last';
      const { image, source } = labelOf(row, root);
      return { image, index: Number(row.place), source };
    },
    notableImages(database, root, { limit }) {
      const files = new Set<string>();
      const size = Math.min(Math.max(1, Math.floor(limit)), mostImages);
      const suspected = `SELECT i.file FROM (SELECT image, score, id FROM issues ORDER BY score DESC, id LIMIT ${mostIssues}) AS s
      JOIN images AS i ON i.id = s.image ORDER BY s.score DESC, s.id`;
      const costly = `SELECT file FROM images WHERE error IS NULL ORDER BY loss DESC, id LIMIT ${mostImages}`;
      for (const sql of [suspected, costly]) {
        for (const { file } of allRows(database, sql))
          if (files.size < size && typeof file === 'string') files.add(file);
      }
      const totals = database.get('SELECT images, labels FROM image_totals');
      return {
        images: [...files].map(file => resolve(root, file)),
        of: Number(totals?.images ?? 0),
        labels: Number(totals?.labels ?? 0),
      };
    },
  };
}

/** Of the image with a file name, the label with an index. */
const labelAt = `SELECT id, classification FROM labels
  WHERE image = (SELECT id FROM images WHERE file = ? AND error IS NULL) ORDER BY id LIMIT 1 OFFSET ?`;

function factsOf(database: Database, root: string, row: Row, ranks: LossRanks | undefined): StoredFacts {
  const { file, width, height, classification } = imageOf(row, root);
  const rows = allRows(
    database,
    `SELECT ${labelSelect} FROM labels AS l ${labelJoins} WHERE l.image = ? ORDER BY l.id`,
    [row.id],
  );
  const issues = allRows(
    database,
    `SELECT ${issueSelect} FROM ${issueSource} WHERE s.image = ? ORDER BY s.score DESC, s.id`,
    [row.id],
  );
  const detections: KnownDetection[] = [];
  const labels = rows.map(label => summaryOf(label, root, detections));
  return {
    image: { file, width, height },
    classification,
    labels,
    detections,
    issues: issues.flatMap(issue => issuesOf(issue, root)).map(suspicionOf),
    standings: ranks && rows.map((label, i) => (labels[i].excluded === undefined ? ranks.standingOf(label) : null)),
  };
}

/** @param detections those of the summary are added */
function summaryOf(row: Row, root: string, detections: KnownDetection[]): LabelSummary {
  const label = labelOf(row, root);
  const match = (prefix: string, category: string | undefined): DetectionMatch | null => {
    const [iou, score] = [row[`${prefix}_iou`], row[`${prefix}_score`]].map(value => numberOr(value, Number.NaN));
    if (Number.isNaN(iou + score)) return null;
    return { detection: detections.push({ category, score, bbox: undefined }) - 1, iou, score };
  };
  const same = match('detection', label.category);
  const isSame = same?.iou === row.any_iou && same?.score === row.any_score;
  return {
    id: label.label,
    category: label.category,
    // Which one it was is not stored; nothing that is read from here depends on it.
    column: -1,
    bbox: label.bbox,
    source: label.source,
    excluded: label.excluded,
    anchors: label.anchors,
    anchorsByThreshold: numberOr(row.by_threshold, 0),
    anchorsByLowQuality: numberOr(row.by_low_quality, 0),
    bestIou: label.bestIou,
    bestAnchor: -1,
    uncovered: label.uncovered,
    meanPt: label.meanPt,
    minPt: label.minPt,
    classification: label.classification,
    boxRegression: label.boxRegression,
    bestDetection: same,
    bestAnyDetection: isSame ? same : match('any', undefined),
  };
}

function suspicionOf({ label: labelId, ...issue }: StoredIssue): LabelIssue {
  const { kind, score, bbox, category, suggestedCategory, suggestedBbox, evidence } = issue;
  return { kind, score, labelId, bbox, category, suggestedCategory, suggestedBbox, evidence };
}

function numberOr(value: Row[string] | undefined, otherwise: number): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : otherwise;
}
