import * as vscode from 'vscode';
import { UserError } from '../../common/errors';
import { addCoco } from '../../dataset/edit/addCoco';
import { editLabel } from '../../dataset/edit/editLabel';
import { addVoc } from '../../dataset/edit/editVoc';
import { addYolo } from '../../dataset/edit/editYolo';
import type { EditContext } from '../../dataset/edit/labelChange';
import type { TextEdit } from '../../dataset/edit/textEdit';
import { findLabels } from '../../dataset/findLabels';
import type { LabelIndex } from '../../dataset/labelIndex';
import type { LabelFormat, LabelledImage } from '../../dataset/labels';
import { readSettings } from '../settings';
import type { CocoDocuments } from './cocoDocuments';
import { documentText } from './documentText';
import { labelChange, newLabel, type ProposedFix } from './proposedFixes';
import type { TextRange } from './trackedRanges';

/** Where a fix is made. */
export interface FixPlace {
  readonly image: LabelledImage;
  readonly format: LabelFormat;
  /**
   * Where the label in question stands in the document; not asked for where a label is added.
   * @throws UserError where it stands there no longer
   */
  labelRange(): Promise<TextRange>;
}

/** Makes the edits of label files that proposed fixes come to. */
export class FixEdits {
  constructor(
    private readonly coco: CocoDocuments,
    private readonly index: LabelIndex,
  ) {}

  /** @throws UserError where the text or the data set's classes do not allow for the fix */
  async of(fix: ProposedFix, place: FixPlace, document: vscode.TextDocument): Promise<readonly TextEdit[]> {
    const { context, categories } = await this.contextOf(place, document);
    const text = documentText(document);
    const file = document.uri.fsPath;
    const noSuchClass = (name: string) =>
      new UserError(vscode.l10n.t('there is no class {0} in the dataset', JSON.stringify(name)), {
        where: file,
        remedy: vscode.l10n.t('add it to the classes first'),
      });
    if (fix.kind === 'change') {
      const change = labelChange(fix, categories);
      if (change === undefined) throw noSuchClass(fix.what === 'changeClass' ? fix.category : '');
      return editLabel(text, { file, ...(await place.labelRange()) }, change, context);
    }
    const label = newLabel(fix, categories);
    if (label === undefined) throw noSuchClass(fix.category);
    switch (context.format) {
      case 'voc':
        return addVoc(document.getText(), file, label);
      case 'yolo':
        return addYolo(document.getText(), file, label, context);
      case 'coco': {
        const scanned = await this.coco.scanned(document, true);
        if (scanned === undefined) {
          throw new UserError(vscode.l10n.t('the text is no valid COCO file at the moment'), { where: file });
        }
        return addCoco(text, scanned, place.image.file, label);
      }
    }
  }

  /** The data set's classes, and what the format needs to know to write a label. */
  private async contextOf({ image, format }: FixPlace, document: vscode.TextDocument) {
    const context: EditContext = { format, width: image.width, height: image.height };
    if (format === 'coco') {
      const scanned = await this.coco.scanned(document);
      return { context, categories: [...(scanned?.categories.values() ?? [])] };
    }
    const labels = await findLabels(image, readSettings(document.uri).labels, this.index);
    const [, names] = labels?.files ?? [];
    const classes = names === undefined ? undefined : await this.index.classNames(names);
    return {
      context: { ...context, keypointNumbers: classes?.keypointNumbers ?? 0 },
      categories: labels?.categories ?? [],
    };
  }
}

export function editedSinceAnalysis(file: string): UserError {
  return new UserError(vscode.l10n.t('the label was edited after its image was analyzed'), {
    where: file,
    remedy: vscode.l10n.t('save the file to analyze it again'),
  });
}
