// How many of the sample's planted label errors are among the suspicions, and how far up.
import { basename } from 'node:path';

/** Overlap from which a suspected place counts as that of a missing label. */
const samePlace = 0.5;

/**
 * Ranks the planted errors in the list of suspicions, the most likely first. An error is found where a suspicion names
 * its label, whatever its kind; a duplicate also where it names the other of the two; a missing label where a suspicion
 * without one overlaps it with an IoU of 0.5. Each suspicion finds one error at most.
 *
 * @param {{ kind: string, file_name: string, label_id: number | null, bbox: number[] }[]} errors of `planted.json`
 * @param {{ kind: string, image: string, labelId: string | null, bbox: number[] }[]} issues of `focal-lens issues --json`
 * @returns {{ kind: string, rank: number | undefined }[]} in the order of `errors`; ranks begin at 1
 */
export function rankPlantedErrors(errors, issues) {
  const left = new Map(errors.map((error, index) => [index, error]));
  const ranks = new Map();
  issues.forEach((issue, position) => {
    for (const [index, error] of left) {
      if (!concerns(issue, error)) continue;
      ranks.set(index, position + 1);
      left.delete(index);
      break;
    }
  });
  return errors.map(({ kind }, index) => ({ kind, rank: ranks.get(index) }));
}

function concerns(issue, error) {
  if (basename(issue.image) !== error.file_name) return false;
  const isSamePlace = () => iou(issue.bbox, error.bbox) >= samePlace;
  if (error.label_id === null) return issue.labelId === null && isSamePlace();
  if (issue.labelId === String(error.label_id)) return true;
  return error.kind === 'duplicate' && issue.kind === 'duplicate' && isSamePlace();
}

/** Of boxes as x, y, width, height. */
function iou([ax, ay, aw, ah], [bx, by, bw, bh]) {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  const overlap = Math.max(0, width) * Math.max(0, height);
  return overlap > 0 ? overlap / (aw * ah + bw * bh - overlap) : 0;
}

/**
 * A table by kind: how many were planted, how many are among as many suspicions as there are planted errors, how many in
 * the whole list, and the median of their ranks, those that are not listed coming last.
 */
export function plantedTable(ranked) {
  const first = ranked.length;
  const kinds = [...new Set(ranked.map(({ kind }) => kind))];
  const among = errors => errors.filter(({ rank }) => rank !== undefined && rank <= first).length;
  const rows = [...kinds.map(kind => [kind, ranked.filter(error => error.kind === kind)]), ['all', ranked]].map(
    ([kind, errors]) => [
      kind,
      errors.length,
      among(errors),
      errors.filter(({ rank }) => rank !== undefined).length,
      medianRank(errors),
    ],
  );
  const head = ['planted errors', 'planted', `in first ${first}`, 'in list', 'median rank'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(row => String(row[column]).length)));
  return [head, ...rows]
    .map(row =>
      row.map((cell, column) => String(cell)[column === 0 ? 'padEnd' : 'padStart'](widths[column])).join('  '),
    )
    .join('\n');
}

/** The lower of the two in the middle of an even number; `-` where that one is not listed. */
function medianRank(errors) {
  const ranks = errors.map(({ rank = Infinity }) => rank).sort((a, b) => a - b);
  const median = ranks[Math.floor((ranks.length - 1) / 2)] ?? Infinity;
  return median === Infinity ? '-' : median;
}
