import { iou, toCorners, type XywhBox } from '../../common/boxes';
import { UserError } from '../../common/errors';
import type { IssueKind, LabelIssue } from '../../protocol/analysis';

/** What tells one suspicion about an image from another. */
export type IssuePlace = Pick<LabelIssue, 'kind' | 'category' | 'suggestedCategory' | 'bbox'>;

/** What a person can find of a suspicion: that it is none, or that the label is wrong indeed and waits to be corrected. */
export const judgementLists = ['dismissed', 'confirmed'] as const;
/** Judgements of a kind are kept in one list, and a file, of that name. */
export type JudgementList = (typeof judgementLists)[number];

/** A suspicion that a person has judged. Bound to a place in an image: ids and orders of labels change. */
export interface Judgement {
  /** Path of the image relative to the folder that holds `.focal-lens`, with `/` between its parts. */
  readonly image: string;
  readonly kind: IssueKind;
  /** Of the label, or of the object that misses one. */
  readonly category: string;
  readonly bbox: XywhBox;
  /** May be empty. */
  readonly reason: string;
}

const kinds: Readonly<Record<IssueKind, true>> = {
  missing: true,
  spurious: true,
  wrongClass: true,
  badBox: true,
  duplicate: true,
  degenerate: true,
  uncovered: true,
};
const version = 1;
export const maxJudgementBytes = 32 * 1024 * 1024;
const maxEntries = 200_000;
const maxPath = 4096;
const maxText = 1000;

/** A box of the same label: one that was corrected since is suspected anew. */
const sameLabel = 0.9;
/** A box of the same unlabelled object: where it is said to be depends on the model. */
const sameObject = 0.6;

export function newJudgement(image: string, issue: IssuePlace, reason: string): Judgement {
  const [x, y, width, height] = issue.bbox.map(value => Math.round(value * 10) / 10);
  return {
    image,
    kind: issue.kind,
    category: categoryOf(issue).slice(0, maxText),
    bbox: [x, y, width, height],
    reason: reason.trim().slice(0, maxText),
  };
}

/** Whether a judgement is of a suspicion, both of the same image. */
export function concerns(judgement: Omit<Judgement, 'image' | 'reason'>, issue: IssuePlace): boolean {
  if (judgement.kind !== issue.kind || judgement.category !== categoryOf(issue).slice(0, maxText)) return false;
  const rounded = issue.bbox.map(value => Math.round(value * 10) / 10);
  if (judgement.bbox.every((value, i) => value === rounded[i])) return true;
  const overlap = iou(toCorners(judgement.bbox), toCorners(issue.bbox));
  return overlap >= (issue.kind === 'missing' ? sameObject : sameLabel);
}

function categoryOf(issue: IssuePlace): string {
  return issue.category ?? issue.suggestedCategory ?? '';
}

/** The file's text: one judgement a line in a fixed order, so that it merges and its differences read well. */
export function judgementsText(name: JudgementList, judgements: readonly Judgement[]): string {
  const lines = judgements.map(({ image, kind, category, bbox, reason }) =>
    JSON.stringify({ image, kind, category, bbox, reason }),
  );
  const unique = [...new Set(lines)].sort();
  const list = unique.map(line => `    ${line}`).join(',\n');
  return `{\n  "version": ${version},\n  "${name}": [${list === '' ? '' : `\n${list}\n  `}]\n}\n`;
}

/**
 * Reads the file, which anyone may have written.
 * @throws UserError for what is no such file; it must not be written over then
 */
export function parseJudgements(name: JudgementList, text: string, file: string): readonly Judgement[] {
  const fail = (what: string, cause?: unknown) =>
    new UserError(what, { where: file, remedy: 'correct or remove the file', cause });
  if (text.trim() === '') return [];
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (cause) {
    throw fail('is no valid JSON', cause);
  }
  if (!isRecord(root) || !Array.isArray(root[name])) throw fail(`has no list "${name}"`);
  if (root.version !== version)
    throw fail(`has version ${JSON.stringify(root.version) ?? 'none'}, expected ${version}`);
  const entries = root[name] as readonly unknown[];
  if (entries.length > maxEntries) throw fail(`holds ${entries.length} entries, expected at most ${maxEntries}`);
  return entries.map((entry, index) => {
    const judgement = readJudgement(entry);
    if (judgement === undefined) throw fail(`entry ${index + 1} of "${name}" is malformed`);
    return judgement;
  });
}

/** A judgement that anyone may have written; undefined for what is none. */
export function readJudgement(entry: unknown): Judgement | undefined {
  if (!isRecord(entry)) return undefined;
  const { image, kind, category, bbox, reason } = entry;
  if (!isText(image, maxPath) || !isText(category, maxText) || !isText(reason, maxText)) return undefined;
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) return undefined;
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(value => Number.isFinite(value))) return undefined;
  const [x, y, width, height] = bbox as number[];
  return { image, kind: kind as IssueKind, category, bbox: [x, y, width, height], reason };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length <= maxLength;
}
