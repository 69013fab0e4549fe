import * as vscode from 'vscode';
import { UserError } from '../../common/errors';
import { revealLabel } from '../revealLabel';
import type { LabelDocuments } from './labelDocuments';
import type { LabelFactsSource, LabelRef } from './labelFacts';

/** Goes to labels in their files: where they stand now, unsaved edits included. */
export class LabelNavigation {
  constructor(
    private readonly documents: LabelDocuments,
    private readonly facts: LabelFactsSource,
  ) {}

  async goTo({ image, index }: LabelRef): Promise<void> {
    const source = this.facts.imageAt(image)?.labels.at(index)?.source;
    if (source === undefined) {
      throw new UserError(vscode.l10n.t('nothing is known about this label any more'), {
        where: image,
        remedy: vscode.l10n.t('analyze the image again'),
      });
    }
    const labels = this.documents.ofFile(source.file);
    const written = labels?.find(image, index);
    if (labels === undefined || written === undefined) return revealLabel(source);
    await vscode.window.showTextDocument(labels.document, { selection: labels.vscodeRange(written.range) });
  }

  /** From the label at the cursor to the one with the next smaller loss; from elsewhere to the worst of the file. */
  async goToNextWorst(editor: vscode.TextEditor): Promise<void> {
    const { document, selection } = editor;
    const written = this.documents.get(document)?.at(document.offsetAt(selection.start));
    const next =
      written === undefined
        ? this.worstOf(document.uri.fsPath)
        : this.facts.nextWorst({ image: written.image.image.file, index: written.index });
    if (next !== undefined) await this.goTo(next);
    else void vscode.window.showInformationMessage(this.nothingLeft(written !== undefined));
  }

  private nothingLeft(atLabel: boolean): string {
    return atLabel
      ? vscode.l10n.t('This is the label with the smallest loss of those analyzed.')
      : vscode.l10n.t('No label of this file has been analyzed yet.');
  }

  private worstOf(file: string): LabelRef | undefined {
    let worst: (LabelRef & { readonly loss: number }) | undefined;
    for (const { image, labels } of this.facts.imagesOf(file)) {
      labels.forEach(({ classification: loss, excluded }, index) => {
        if (excluded === undefined && loss > (worst?.loss ?? -1)) worst = { image: image.file, index, loss };
      });
    }
    return worst;
  }
}
