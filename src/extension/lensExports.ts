import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { messageOf, UserError } from '../common/errors';
import type { Analysis } from '../protocol/analysis';
import type { Engine } from './engine';
import { readSettings } from './settings';

/** Writes what a lens shows to files that the user names. */
export class LensExports {
  constructor(private readonly engine: Engine) {}

  /** The interactive report of `own`, or, where several lenses are open and the user wants so, of all. */
  async report(own: Analysis, open: readonly Analysis[]): Promise<void> {
    const analyses = open.length > 1 ? await chooseAnalyses(own, open) : [own];
    if (analyses === undefined) return;
    const name = analyses.length === 1 ? stem(own) : vscode.l10n.t('focal-lens-report');
    const target = await askWhere(own, `${name}.html`, { [vscode.l10n.t('HTML report')]: ['html'] });
    if (target === undefined) return;
    const { maxPixels } = readSettings(vscode.Uri.file(own.image.file));
    await this.write(target, () =>
      this.engine.client.request('exportReport', { file: target.fsPath, analyses, maxPixels }),
    );
  }

  async anchors(analysis: Analysis): Promise<void> {
    const filters = { Parquet: ['parquet'], CSV: ['csv'] };
    const target = await askWhere(analysis, `${stem(analysis)}.parquet`, filters);
    if (target === undefined) return;
    await this.write(target, () => this.engine.client.request('exportAnchors', { file: target.fsPath, analysis }));
  }

  async picture(analysis: Analysis, png: ArrayBuffer): Promise<void> {
    const target = await askWhere(analysis, `${stem(analysis)}-lens.png`, { PNG: ['png'] });
    if (target === undefined) return;
    await this.write(target, () => writeWhole(target.fsPath, new Uint8Array(png)));
  }

  private async write(target: vscode.Uri, task: () => Promise<unknown>): Promise<void> {
    const title = vscode.l10n.t('Writing {0}', basename(target.fsPath));
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, task);
    const open = vscode.l10n.t('Open');
    const reveal = vscode.l10n.t('Reveal in Explorer');
    const said = vscode.l10n.t('Wrote {0}.', basename(target.fsPath));
    // Does not wait for the user.
    void vscode.window.showInformationMessage(said, open, reveal).then(async choice => {
      if (choice === open) await vscode.env.openExternal(target);
      else if (choice === reveal) await vscode.commands.executeCommand('revealFileInOS', target);
    });
  }
}

async function chooseAnalyses(own: Analysis, open: readonly Analysis[]): Promise<readonly Analysis[] | undefined> {
  const one = { label: vscode.l10n.t('This Image'), description: basename(own.image.file), analyses: [own] };
  const all = { label: vscode.l10n.t('All Open Lenses'), description: String(open.length), analyses: open };
  const placeHolder = vscode.l10n.t('What should the report hold?');
  return (await vscode.window.showQuickPick([one, all], { placeHolder }))?.analyses;
}

/** A folder of the workspace is proposed before the image's own, where data sets do not want reports. */
async function askWhere(
  { image }: Analysis,
  name: string,
  filters: Record<string, string[]>,
): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(image.file))?.uri.fsPath ?? dirname(image.file);
  return vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(join(folder, name)), filters });
}

function stem({ image }: Analysis): string {
  return basename(image.file, extname(image.file));
}

/** Beside the target first: what was there stays until the new content is whole. */
async function writeWhole(file: string, content: Uint8Array): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new UserError(vscode.l10n.t('cannot be written: {0}', messageOf(cause)), {
      where: file,
      remedy: vscode.l10n.t('check permissions and free space'),
      cause,
    });
  }
}
