import * as vscode from 'vscode';
import { UserError } from '../../common/errors';
import { addCoco } from '../../dataset/edit/addCoco';
import { addVoc } from '../../dataset/edit/editVoc';
import { addYolo } from '../../dataset/edit/editYolo';
import { editLabel } from '../../dataset/edit/editLabel';
import type { EditContext } from '../../dataset/edit/labelChange';
import type { TextEdit } from '../../dataset/edit/textEdit';
import { LabelIndex } from '../../dataset/labelIndex';
import { findLabels } from '../../dataset/findLabels';
import { commandIds } from '../commandIds';
import type { ErrorMessages } from '../errorMessages';
import { readSettings } from '../settings';
import type { CocoDocuments } from './cocoDocuments';
import { documentText } from './documentText';
import type { LabelDocuments } from './labelDocuments';
import type { ImageFacts } from './labelFacts';
import type { LabelProblems, ListedProblem } from './labelProblems';
import { labelChange, newLabel, proposedFixes, type ProposedFix } from './proposedFixes';
import type { Tickets } from './tickets';

/** A quick fix whose edit is made when the user chooses it. */
class LabelFix extends vscode.CodeAction {
  constructor(
    readonly problem: ListedProblem,
    readonly fix: ProposedFix,
    readonly document: vscode.TextDocument,
  ) {
    super(fix.title, vscode.CodeActionKind.QuickFix);
    this.diagnostics = [problem.diagnostic];
  }
}

export interface LabelFixParts {
  readonly problems: LabelProblems;
  readonly documents: LabelDocuments;
  readonly coco: CocoDocuments;
  readonly tickets: Tickets<ListedProblem>;
  readonly errors: ErrorMessages;
}

/** Quick fixes of the problems that label files have: edits that can be undone, and dismissing. */
export class LabelFixes implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };
  private readonly index = new LabelIndex();

  constructor(private readonly parts: LabelFixParts) {}

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    if (!vscode.workspace.isTrusted) return [];
    return this.parts.problems.at(document.uri, range).flatMap(problem => {
      const fixes = proposedFixes(problem.issue, problem.image, vscode.l10n.t);
      return [...fixes.map(fix => new LabelFix(problem, fix, document)), this.dismissal(problem)];
    });
  }

  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    if (!(action instanceof LabelFix)) return action;
    try {
      const edits = await this.edits(action);
      action.edit = new vscode.WorkspaceEdit();
      const { document } = action;
      for (const { offset, length, text } of edits) {
        const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
        action.edit.replace(document.uri, range, text);
      }
    } catch (error) {
      this.parts.errors.show(error);
    }
    return action;
  }

  private dismissal(problem: ListedProblem): vscode.CodeAction {
    const title = vscode.l10n.t('Dismiss: the label is right...');
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [problem.diagnostic];
    action.command = {
      command: commandIds.dismissProblem,
      title,
      arguments: [this.parts.tickets.issue(problem)],
    };
    return action;
  }

  private async edits({ fix, problem, document }: LabelFix): Promise<readonly TextEdit[]> {
    const { image, issue } = problem;
    const { context, categories } = await this.contextOf(image, document);
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
      const index = image.labels.findIndex(label => label.id === issue.labelId);
      const written = (await this.parts.documents.settled(document))?.find(image.image.file, index);
      if (written?.isFresh !== true) {
        throw new UserError(vscode.l10n.t('the label was edited after its image was analyzed'), {
          where: file,
          remedy: vscode.l10n.t('save the file to analyze it again'),
        });
      }
      return editLabel(text, { file, ...written.range }, change, context);
    }
    const label = newLabel(fix, categories);
    if (label === undefined) throw noSuchClass(fix.category);
    switch (context.format) {
      case 'voc':
        return addVoc(document.getText(), file, label);
      case 'yolo':
        return addYolo(document.getText(), file, label, context);
      case 'coco': {
        const scanned = await this.parts.coco.scanned(document, true);
        if (scanned === undefined) {
          throw new UserError(vscode.l10n.t('the text is no valid COCO file at the moment'), { where: file });
        }
        return addCoco(text, scanned, image.image.file, label);
      }
    }
  }

  /** The data set's classes, and what the format needs to know to write a label. */
  private async contextOf({ image, labelFile }: ImageFacts, document: vscode.TextDocument) {
    const context: EditContext = { format: labelFile.format, width: image.width, height: image.height };
    if (labelFile.format === 'coco') {
      const scanned = await this.parts.coco.scanned(document);
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
