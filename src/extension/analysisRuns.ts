import { basename } from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../common/errors';
import type { AnalysisStage } from '../protocol/messages';
import type { ErrorMessages } from './errorMessages';
import type { LensPanel } from './lensPanel';

/** Runs analyses for panels, with progress where the user can see and cancel it. */
export class AnalysisRuns {
  constructor(
    private readonly errors: ErrorMessages,
    private readonly onFinished: (panel: LensPanel) => void,
  ) {}

  /** Because the user asked: a notification with a cancel button, and a message when it fails. One after another. */
  async asked(panels: readonly LensPanel[]): Promise<void> {
    const abort = new AbortController();
    const options: vscode.ProgressOptions = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Focal Lens'),
      cancellable: true,
    };
    await vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => abort.abort());
      for (const [index, panel] of panels.entries()) {
        const name = basename(panel.image.fsPath);
        const of = panels.length === 1 ? name : vscode.l10n.t('{0} ({1} of {2})', name, index + 1, panels.length);
        const onStage = (stage: AnalysisStage) => progress.report({ message: `${of}: ${stageName(stage)}` });
        onStage('model');
        await this.run(panel, { signal: abort.signal, onStage, quiet: false }, true);
      }
    });
  }

  /**
   * Because something changed, or in a panel in sight: a hint in the status bar; a result that is shown stays until the
   * new one is there.
   */
  async unasked(panels: readonly LensPanel[]): Promise<void> {
    if (panels.length === 0) return;
    const title = vscode.l10n.t('Focal Lens: analyzing');
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () => {
      const { signal } = new AbortController();
      for (const panel of panels) {
        await this.run(panel, { signal, onStage: () => undefined, quiet: true }, false);
      }
    });
  }

  private async run(panel: LensPanel, options: Parameters<LensPanel['analyze']>[0], show: boolean): Promise<void> {
    try {
      await panel.analyze(options);
      this.onFinished(panel);
    } catch (error) {
      if (error instanceof CancelledError) return;
      if (show) this.errors.show(error);
      else this.errors.write(error);
    }
  }
}

function stageName(stage: AnalysisStage): string {
  switch (stage) {
    case 'model':
      return vscode.l10n.t('loading the model');
    case 'decode':
      return vscode.l10n.t('reading the image');
    case 'labels':
      return vscode.l10n.t('finding labels');
    case 'forward':
      return vscode.l10n.t('running the network');
    case 'analyse':
      return vscode.l10n.t('computing losses');
    default:
      return stage satisfies never;
  }
}
