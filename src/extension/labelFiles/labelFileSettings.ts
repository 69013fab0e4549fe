import * as vscode from 'vscode';
import { section } from '../settings';

export const labelFileSection = `${section}.labelFiles`;

/** What is shown in label files. A settings file may hold anything: what is of no use counts as the default. */
export interface LabelFileSettings {
  readonly hover: boolean;
  readonly analyzeOnHover: boolean;
  readonly gutterMarks: boolean;
  readonly lossText: boolean;
  readonly codeLens: boolean;
  readonly problems: boolean;
  /** Suspicions that score less are not listed. */
  readonly minimumScore: number;
}

export function readLabelFileSettings(resource: vscode.Uri | undefined): LabelFileSettings {
  const settings = vscode.workspace.getConfiguration(labelFileSection, resource);
  const flag = (key: string, otherwise: boolean) => {
    const value = settings.get<unknown>(key);
    return typeof value === 'boolean' ? value : otherwise;
  };
  const score = settings.get<unknown>('minimumScore');
  return {
    hover: flag('hover', true),
    analyzeOnHover: flag('analyzeOnHover', false),
    gutterMarks: flag('gutterMarks', true),
    lossText: flag('lossText', true),
    codeLens: flag('codeLens', true),
    problems: flag('problems', true),
    minimumScore: typeof score === 'number' && score >= 0 && score <= 1 ? score : 0.5,
  };
}
