import * as vscode from 'vscode';
import { UserError } from '../../common/errors';
import type { NextWorst } from '../../protocol/labelFactsStore';
import { revealLabel } from '../revealLabel';
import type { LabelDocuments } from './labelDocuments';
import type { LabelFactsSource, LabelRef } from './labelFacts';

/** The order of all labels of a data set, of which only some are known. */
export interface StoredOrder {
  nextWorst(after?: LabelRef): Promise<NextWorst | 'last' | undefined>;
}

/** Goes to labels in their files: where they stand now, unsaved edits included. */
export class LabelNavigation {
  constructor(
    private readonly documents: LabelDocuments,
    private readonly facts: LabelFactsSource,
    private readonly stored: StoredOrder,
  ) {}

  /** @param label with where it was written when it was analyzed, where nothing is known of its image */
  async goTo({ image, index, ...stored }: LabelRef & Partial<NextWorst>): Promise<void> {
    const source = this.facts.imageAt(image)?.labels.at(index)?.source ?? stored.source;
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
    if (written !== undefined) {
      return this.goToNextAfter({ image: written.image.image.file, index: written.index });
    }
    const stored = await this.stored.nextWorst();
    const file = document.uri.fsPath;
    const isHere = typeof stored === 'object' && stored.source?.file === file;
    const worst = isHere ? stored : this.worstOf(file);
    if (worst !== undefined) await this.goTo(worst);
    else void vscode.window.showInformationMessage(this.nothingLeft(false));
  }

  /** To the label whose rank follows: in the whole data set where that has been analyzed, as ranks are. */
  async goToNextAfter(label: LabelRef): Promise<void> {
    const stored = await this.stored.nextWorst(label);
    const next = stored ?? this.facts.nextWorst(label) ?? 'last';
    if (next !== 'last') await this.goTo(next);
    else void vscode.window.showInformationMessage(this.nothingLeft(true));
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
