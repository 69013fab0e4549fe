import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { UserError } from '../common/errors';
import { runtimeChoices, type RuntimeChoice } from '../common/runtimeChoice';
import type { BandThresholds } from '../protocol/analysis';
import { resolveSettingPath } from './settingPath';

export const section = 'focalLens';

export interface Settings {
  readonly model: string | undefined;
  readonly modelCard: string | undefined;
  readonly runtime: RuntimeChoice;
  readonly labels: string | undefined;
  readonly bands: BandThresholds;
  readonly maxPixels: number;
}

/** Whether analyses come out otherwise after a change of the settings. */
export function affectsAnalysis(change: vscode.ConfigurationChangeEvent): boolean {
  const keys = ['model', 'modelCard', 'runtime', 'labels', 'bands', 'maxPixels', 'tensorFlow'];
  return keys.some(key => change.affectsConfiguration(`${section}.${key}`));
}

/**
 * The settings as they apply to `resource`. Throws a UserError naming a setting whose value is of no use: a settings
 * file may hold anything.
 */
export function readSettings(resource: vscode.Uri | undefined): Settings {
  const settings = vscode.workspace.getConfiguration(section, resource);
  const easy = numberSetting(settings, 'bands.easy', 0, 1);
  const hard = numberSetting(settings, 'bands.hard', 0, 1);
  if (hard > easy) {
    throw new UserError(vscode.l10n.t('{0} is above focalLens.bands.easy, {1}', hard, easy), {
      where: `${section}.bands.hard`,
      remedy: vscode.l10n.t('an anchor counts as hard below the one and as easy from the other on: swap them'),
    });
  }
  return {
    model: pathSetting(settings, 'model', resource),
    modelCard: pathSetting(settings, 'modelCard', resource),
    runtime: runtimeSetting(settings),
    labels: pathSetting(settings, 'labels', resource),
    bands: { easy, hard },
    maxPixels: numberSetting(settings, 'maxPixels', 1, Number.MAX_SAFE_INTEGER),
  };
}

/** `focalLens.tensorFlow`: a folder with a native TensorFlow.js in its `node_modules`. */
export function tensorFlowSetting(): string | undefined {
  return pathSetting(vscode.workspace.getConfiguration(section), 'tensorFlow', undefined);
}

/** Sets `focalLens.model` where it is set now. */
export async function updateModelSetting(resource: vscode.Uri | undefined, file: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration(section, resource);
  const places = settings.inspect<string>('model');
  const target =
    places?.workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : places?.workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  await settings.update('model', file, target);
}

function pathSetting(settings: vscode.WorkspaceConfiguration, key: string, resource: vscode.Uri | undefined) {
  const value = settings.get<unknown>(key, '');
  if (typeof value !== 'string') throw unusable(key, vscode.l10n.t('is not a path'));
  const folder = resource && vscode.workspace.getWorkspaceFolder(resource);
  const workspace = (folder ?? vscode.workspace.workspaceFolders?.[0])?.uri.fsPath;
  return resolveSettingPath(value, { workspace, home: homedir() });
}

function runtimeSetting(settings: vscode.WorkspaceConfiguration): RuntimeChoice {
  const value = settings.get<unknown>('runtime', 'auto');
  const choice = runtimeChoices.find(candidate => candidate === value);
  if (choice === undefined) throw unusable('runtime', vscode.l10n.t('is none of {0}', runtimeChoices.join(', ')));
  return choice;
}

function numberSetting(settings: vscode.WorkspaceConfiguration, key: string, least: number, most: number): number {
  const value = settings.get<unknown>(key);
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw unusable(key, vscode.l10n.t('is not a number from {0} to {1}', least, most));
  }
  return value;
}

function unusable(key: string, what: string): UserError {
  return new UserError(what, { where: `${section}.${key}`, remedy: vscode.l10n.t('correct it in the settings') });
}
