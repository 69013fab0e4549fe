import * as vscode from 'vscode';
import type { TextEdit } from '../../dataset/edit/textEdit';
import { commandIds } from '../commandIds';
import type { ErrorMessages } from '../errorMessages';
import { editedSinceAnalysis, type FixEdits } from './fixEdits';
import type { LabelDocuments } from './labelDocuments';
import type { LabelProblems, ListedProblem } from './labelProblems';
import { proposedFixes, type ProposedFix } from './proposedFixes';
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
    this.command = { command: commandIds.labelFixed, title: fix.title };
  }
}

export interface LabelFixParts {
  readonly problems: LabelProblems;
  readonly documents: LabelDocuments;
  readonly edits: FixEdits;
  readonly tickets: Tickets<ListedProblem>;
  readonly errors: ErrorMessages;
}

/** Quick fixes of the problems that label files have: edits that can be undone, and dismissing. */
export class LabelFixes implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

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
      action.edit = workspaceEdit(action.document, await this.edits(action));
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

  private edits({ fix, problem: { image, issue }, document }: LabelFix): Promise<readonly TextEdit[]> {
    const place = {
      image: image.image,
      format: image.labelFile.format,
      labelRange: async () => {
        const index = image.labels.findIndex(label => label.id === issue.labelId);
        const written = (await this.parts.documents.settled(document))?.find(image.image.file, index);
        if (written?.isFresh !== true) throw editedSinceAnalysis(document.uri.fsPath);
        return written.range;
      },
    };
    return this.parts.edits.of(fix, place, document);
  }
}

/** Edits of a document's present text, as one step that can be undone. */
export function workspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { offset, length, text } of edits) {
    edit.replace(
      document.uri,
      new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)),
      text,
    );
  }
  return edit;
}
