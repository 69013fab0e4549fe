import * as vscode from 'vscode';
import { toXywh } from '../../common/boxes';
import { UserError } from '../../common/errors';
import { inverseEdits, type TextEdit } from '../../dataset/edit/textEdit';
import { LabelIndex } from '../../dataset/labelIndex';
import type { LabelledImage, LabelSource } from '../../dataset/labels';
import type { StoredIssue } from '../../protocol/dataset';
import type { ChosenDataset } from '../explorer/currentDataset';
import { documentText } from '../labelFiles/documentText';
import { editedSinceAnalysis, type FixEdits } from '../labelFiles/fixEdits';
import { workspaceEdit } from '../labelFiles/labelFixes';
import { proposedFixes } from '../labelFiles/proposedFixes';
import { sameLabel, writtenLabels, type KnownLabel } from './writtenLabel';

/** A fix that was made, and what takes it back. */
export interface AppliedFix {
  readonly file: string;
  readonly inverse: readonly TextEdit[];
  /** What the fix has left in the places that `inverse` replaces. */
  readonly written: readonly string[];
  /** Of the text after the fix, UTF-16 units. */
  readonly length: number;
}

/** Makes proposed fixes in label files and saves these: each one step, which the file's editor can undo, too. */
export class GalleryFixes {
  private readonly index = new LabelIndex();

  constructor(private readonly edits: FixEdits) {}

  /**
   * @param which index among the proposed fixes
   * @throws UserError where the label is not what was analyzed, or the file has unsaved edits
   */
  async apply(dataset: ChosenDataset, image: LabelledImage, issue: StoredIssue, which: number): Promise<AppliedFix> {
    if (!vscode.workspace.isTrusted) {
      throw new UserError(vscode.l10n.t('files are not changed in restricted mode'), {
        remedy: vscode.l10n.t('trust this workspace'),
      });
    }
    const { format, files, labels } = await writtenLabels(dataset, image, this.index);
    const file = files[0] ?? '';
    const boxes = labels.map(({ box }) => ({ bbox: toXywh(box) }));
    const fix = proposedFixes(issue, { image, labels: boxes, labelFile: { format } }, vscode.l10n.t)[which];
    if (fix === undefined) throw new RangeError(`Fix ${which} of ${issue.kind}`);
    const document = await openSaved(file);
    const labelRange = () => {
      const found = sameLabel(labels, { id: issue.label ?? '', category: issue.category, bbox: issue.bbox });
      if (found === undefined) return Promise.reject(editedSinceAnalysis(file));
      const { line, column, start, end } = found.source;
      // Counted from the line: a byte order mark, which documents do not hold, shifts the offsets of the file.
      const from = document.offsetAt(new vscode.Position(line, column));
      return Promise.resolve({ start: from, end: from + end - start });
    };
    const edits = await this.edits.of(fix, { image, format, labelRange }, document);
    const inverse = inverseEdits(documentText(document), edits);
    await write(document, edits);
    const after = documentText(document);
    const written = inverse.map(({ offset, length }) => after.slice(offset, offset + length));
    return { file, inverse, written, length: after.length };
  }

  /** Where a label is written now; undefined where it has been changed. */
  async locate(dataset: ChosenDataset, image: LabelledImage, label: KnownLabel): Promise<LabelSource | undefined> {
    const { labels } = await writtenLabels(dataset, image, this.index);
    return sameLabel(labels, label)?.source;
  }

  /** @throws UserError where the file has been changed since */
  async revert({ file, inverse, written, length }: AppliedFix): Promise<void> {
    const document = await openSaved(file);
    const text = documentText(document);
    const isSame = inverse.every(({ offset, length: size }, i) => text.slice(offset, offset + size) === written[i]);
    if (text.length !== length || !isSame) {
      throw new UserError(vscode.l10n.t('the file has been changed since the fix'), {
        where: file,
        remedy: vscode.l10n.t('undo it in the file'),
      });
    }
    await write(document, inverse);
  }
}

/** What is typed but not saved would be saved along with a fix. */
async function openSaved(file: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  if (!document.isDirty) return document;
  throw new UserError(vscode.l10n.t('the label file has unsaved edits'), {
    where: file,
    remedy: vscode.l10n.t('save it and try again'),
  });
}

async function write(document: vscode.TextDocument, edits: readonly TextEdit[]): Promise<void> {
  if ((await vscode.workspace.applyEdit(workspaceEdit(document, edits))) && (await document.save())) return;
  throw new UserError(vscode.l10n.t('cannot be written'), {
    where: document.uri.fsPath,
    remedy: vscode.l10n.t('check that the file is writable'),
  });
}
