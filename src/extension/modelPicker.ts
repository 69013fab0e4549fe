import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { readSettings, updateModelSetting } from './settings';
import { pickFile } from './workspaceFiles';

const memoryKey = 'model';

/** Knows which checkpoint to analyse with: `focalLens.model`, else the one last chosen in this workspace. */
export class ModelPicker {
  constructor(private readonly memory: vscode.Memento) {}

  /** The checkpoint to analyse `resource` with, if one is known. */
  current(resource: vscode.Uri | undefined): string | undefined {
    const setting = readSettings(resource).model;
    if (setting !== undefined) return setting;
    const remembered = this.memory.get<unknown>(memoryKey);
    return typeof remembered === 'string' && existsSync(remembered) ? remembered : undefined;
  }

  /** Asks for a checkpoint where none is known. False when the user dismisses the question. */
  async ensure(resource: vscode.Uri | undefined): Promise<boolean> {
    return this.current(resource) !== undefined || (await this.choose(resource)) !== undefined;
  }

  /** Asks for a checkpoint and keeps it: in the setting where that is set, else in the workspace's memory. */
  async choose(resource: vscode.Uri | undefined): Promise<string | undefined> {
    const current = this.current(resource);
    const uri = await pickFile({
      placeholder: vscode.l10n.t('Choose a RetinaNet checkpoint'),
      extensions: ['pth', 'pt', 'safetensors'],
      filterName: vscode.l10n.t('Checkpoints'),
      limit: 200,
      order: 'newest',
      current,
    });
    if (uri === undefined) return undefined;
    if (readSettings(resource).model !== undefined) {
      await updateModelSetting(resource, uri.fsPath);
    } else {
      await this.memory.update(memoryKey, uri.fsPath);
    }
    return uri.fsPath;
  }
}
