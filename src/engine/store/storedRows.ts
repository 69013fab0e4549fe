/** Rows of a store as the protocol's objects. */
import { resolve } from 'node:path';
import type { SQLiteValue } from 'node-sqlite3-wasm';
import type { XywhBox } from '../../common/boxes';
import { issueKinds, type IssueKind, type UncoveredReason } from '../../protocol/analysis';
import type {
  DatasetRunState,
  FailedImage,
  RunInfo,
  StoredImage,
  StoredIssue,
  StoredLabel,
  StoredPlace,
  StoredSource,
} from '../../protocol/dataset';

export type Row = Record<string, SQLiteValue>;

export function imageOf(row: Row, root: string): StoredImage {
  return {
    id: number(row.id),
    file: resolve(root, text(row.file)),
    name: text(row.name),
    split: optionalText(row.split),
    width: number(row.width),
    height: number(row.height),
    labels: number(row.labels),
    detections: number(row.detections),
    issues: number(row.issues),
    foreground: number(row.foreground),
    classification: number(row.classification),
    boxRegression: number(row.box_regression),
    loss: number(row.loss),
    ...(row.part === undefined ? {} : { part: number(row.part) }),
  };
}

export function failedImageOf(row: Row, root: string): FailedImage {
  return { id: number(row.id), file: resolve(root, text(row.file)), error: text(row.error) };
}

export function labelOf(row: Row, root: string): StoredLabel {
  return {
    id: number(row.id),
    image: resolve(root, text(row.image_file)),
    label: text(row.label),
    category: text(row.category_name),
    bbox: boxOf(row),
    source: sourceOf(row, root),
    excluded: optionalText(row.excluded),
    anchors: number(row.anchors),
    bestIou: number(row.best_iou),
    uncovered: known(uncoveredReasons, row.uncovered) ?? 'none',
    meanPt: nullableNumber(row.mean_pt),
    minPt: nullableNumber(row.min_pt),
    classification: number(row.classification),
    boxRegression: number(row.box_regression),
    loss: number(row.loss),
    bestDetection:
      row.detection_iou === null ? null : { iou: number(row.detection_iou), score: number(row.detection_score) },
  };
}

/** The suspicion of a row; none of a kind that we do not know. */
export function issuesOf(row: Row, root: string): StoredIssue[] {
  const kind = kindOf(row.kind);
  return kind === undefined ? [] : [issueOf(row, root, kind)];
}

/** Undefined for a kind that we do not know. */
function kindOf(value: SQLiteValue | undefined): IssueKind | undefined {
  return issueKinds.find(kind => kind === value);
}

/** Rows of `kind` and `issues`, those of kinds that we do not know left out. */
export function kindCountsOf(rows: readonly Row[]): { readonly kind: IssueKind; readonly issues: number }[] {
  return rows.flatMap(row => {
    const kind = kindOf(row.kind);
    return kind === undefined ? [] : [{ kind, issues: number(row.issues) }];
  });
}

function issueOf(row: Row, root: string, kind: IssueKind): StoredIssue {
  return {
    id: number(row.id),
    image: resolve(root, text(row.image_file)),
    kind,
    score: number(row.score),
    label: row.label_name === null ? null : text(row.label_name),
    source: sourceOf(row, root),
    bbox: boxOf(row),
    category: row.category === null ? null : text(row.category),
    suggestedCategory: row.suggested_category === null ? null : text(row.suggested_category),
    suggestedBbox: row.suggested_x === null ? null : boxOf(row, 'suggested_'),
    evidence: text(row.evidence),
  };
}

export function placeOf(row: Row, root: string): StoredPlace {
  return {
    id: number(row.id),
    image: resolve(root, text(row.image_file)),
    bbox: boxOf(row),
    level: text(row.level),
    category: text(row.category),
    pt: number(row.pt),
    anchors: number(row.anchors),
    focal: number(row.focal),
  };
}

export function runOf(row: Row): RunInfo {
  return {
    id: number(row.id),
    started: text(row.started),
    finished: optionalText(row.finished),
    state: known(runStates, row.state) ?? 'failed',
    dataset: text(row.dataset),
    model: text(row.model),
    architecture: text(row.architecture),
    parameters: number(row.parameters),
    classes: textList(row.classes),
    runtime: text(row.runtime),
    provider: text(row.provider),
    providerReason: text(row.provider_reason),
    notes: textList(row.notes),
    gamma: number(row.gamma),
    alpha: number(row.alpha),
    boxLoss: text(row.box_loss),
    bands: { easy: number(row.easy), hard: number(row.hard) },
    images: number(row.images),
    computed: number(row.computed),
    reused: number(row.reused),
    failed: number(row.failed),
    seconds: number(row.seconds),
  };
}

const uncoveredReasons: Readonly<Record<UncoveredReason, true>> = {
  ...{ none: true, tooSmall: true, tooLarge: true, aspectRatio: true, position: true, contested: true, outside: true },
};
const runStates: Readonly<Record<DatasetRunState, true>> = { running: true, done: true, cancelled: true, failed: true };

function known<T extends string>(values: Readonly<Record<T, true>>, value: SQLiteValue | undefined): T | undefined {
  return typeof value === 'string' && Object.hasOwn(values, value) ? (value as T) : undefined;
}

function boxOf(row: Row, prefix = ''): XywhBox {
  const value = (name: string) => number(row[`${prefix}${name}`]);
  return [value('x'), value('y'), value('width'), value('height')];
}

function sourceOf(row: Row, root: string): StoredSource | undefined {
  if (row.source_file === null || row.source_file === undefined) return undefined;
  return {
    file: resolve(root, text(row.source_file)),
    line: number(row.line),
    column: number(row.text_column),
    start: number(row.text_start),
    end: number(row.text_end),
  };
}

/** Values of a store may have been edited by other hands: what is not of the type it should be reads as empty. */
function number(value: SQLiteValue | undefined): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;
}

function nullableNumber(value: SQLiteValue | undefined): number | null {
  return value === null ? null : number(value);
}

function text(value: SQLiteValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function optionalText(value: SQLiteValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textList(value: SQLiteValue | undefined): string[] {
  try {
    const parsed: unknown = JSON.parse(text(value));
    return Array.isArray(parsed) ? parsed.filter(item => typeof item === 'string') : [];
  } catch {
    return [];
  }
}
