import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ModelInfo } from '../protocol/analysis';
import { commandIds } from './commandIds';

/** Says which model runs, on what, and why. Hidden until there is one. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('focalLens.model', vscode.StatusBarAlignment.Right, 90);

  constructor() {
    this.item.name = vscode.l10n.t('Focal Lens');
    this.item.command = commandIds.showRuntime;
  }

  showModel(model: ModelInfo): void {
    const running = `${model.runtime} · ${model.provider}`;
    this.item.text = `$(flame) ${running}`;
    // Plain text: names come from checkpoints and cards.
    this.item.tooltip = [
      vscode.l10n.t('Focal Lens runs {0} on {1}.', basename(model.file), running),
      model.providerReason,
      vscode.l10n.t('{0}, {1} parameters', model.architecture, model.parameters.toLocaleString()),
      ...model.notes,
      vscode.l10n.t('Select to see what each runtime does, or to choose another model.'),
    ].join('\n');
    this.item.accessibilityInformation = { label: vscode.l10n.t('Focal Lens runs on {0}', running), role: 'button' };
    this.item.backgroundColor = undefined;
    this.item.show();
  }

  showCrash(): void {
    this.item.text = `$(warning) ${vscode.l10n.t('Focal Lens engine stopped')}`;
    this.item.tooltip = vscode.l10n.t(
      'The analysis engine stopped unexpectedly. It starts afresh with the next analysis.',
    );
    this.item.accessibilityInformation = { label: vscode.l10n.t('Focal Lens engine stopped'), role: 'button' };
    this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
