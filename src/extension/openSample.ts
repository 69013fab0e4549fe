import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { messageOf } from '../common/errors';
import { copySample, existingSample } from './copySample';

/** Copies the sample dataset to a folder that the user picks, and opens it. Ends quietly where the user backs out. */
export async function openSample(extensionUri: vscode.Uri): Promise<void> {
  const [parent] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Choose where the sample dataset is to live'),
      openLabel: vscode.l10n.t('Copy Sample Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.Uri.file(homedir()),
    })) ?? [];
  if (parent === undefined) return;
  const folder = await sampleIn(parent.fsPath, vscode.Uri.joinPath(extensionUri, 'examples', 'harbour').fsPath);
  if (folder !== undefined) await openFolder(folder);
}

async function sampleIn(parent: string, source: string): Promise<string | undefined> {
  const existing = await existingSample(parent);
  if (existing !== undefined) {
    const open = vscode.l10n.t('Open It');
    const copy = vscode.l10n.t('Make Another Copy');
    const question = vscode.l10n.t('The sample is already there: {0}', existing);
    const answer = await vscode.window.showInformationMessage(question, { modal: true }, open, copy);
    if (answer !== copy) return answer === open ? existing : undefined;
  }
  try {
    return await copySample(source, parent);
  } catch (error) {
    const reason = vscode.l10n.t('The sample could not be copied to {0}: {1}', parent, messageOf(error));
    void vscode.window.showErrorMessage(reason);
    return undefined;
  }
}

/** Here where nothing is open yet, else where the user says. */
async function openFolder(folder: string): Promise<void> {
  let forceNewWindow = false;
  if (vscode.workspace.workspaceFolders !== undefined) {
    const here = vscode.l10n.t('Open Here');
    const apart = vscode.l10n.t('Open in New Window');
    const question = vscode.l10n.t('The sample is in {0}. Open it?', folder);
    const answer = await vscode.window.showInformationMessage(question, here, apart);
    if (answer === undefined) return;
    forceNewWindow = answer === apart;
  }
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), { forceNewWindow });
}
