import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { IssueAt, IssueTriage } from './issueTriage';

const { t } = vscode.l10n;

/**
 * Asks why a suspicion is none, keeps the answer, and offers to take it back.
 * @returns whether it has been dismissed
 */
export async function dismissIssue(issue: IssueAt, triage: IssueTriage): Promise<boolean> {
  const reason = await askReason();
  if (reason === undefined) return false;
  await triage.dismiss(issue, reason);
  const undo = t('Undo');
  const message = t('Dismissed in {0}: {1}', basename(issue.image), reason);
  void vscode.window.showInformationMessage(message, undo).then(async choice => {
    if (choice === undo) await triage.restore(issue);
  });
  return true;
}

/** Undefined when the user thinks better of it. */
export async function askReason(): Promise<string | undefined> {
  const other = t('Another reason...');
  const reasons = [
    t('The label is right, the model is wrong'),
    t('Ambiguous: people would disagree'),
    t('As the labeling rules want it'),
    other,
  ];
  const picked = await vscode.window.showQuickPick(reasons, {
    placeHolder: t('Why is this no label error? The answer is kept beside the dataset.'),
  });
  if (picked !== other) return picked;
  const typed = await vscode.window.showInputBox({
    prompt: t('Why is this no label error?'),
    validateInput: text => (text.trim() === '' ? t('A reason is needed') : undefined),
  });
  return typed?.trim();
}
