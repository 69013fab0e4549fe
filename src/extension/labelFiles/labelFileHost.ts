import type * as vscode from 'vscode';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import type { ImageAnalysis } from '../imageAnalysis';
import type { LabelSummary } from '../../protocol/analysis';
import type { CurrentDataset } from '../explorer/currentDataset';
import type { IssueTriage } from './issueTriage';

/** What label files need of the window. */
export interface LabelFileHost {
  readonly engine: Engine;
  readonly analysis: ImageAnalysis;
  readonly errors: ErrorMessages;
  readonly triage: IssueTriage;
  readonly dataset: CurrentDataset;
  /** The checkpoint that a file of a data set is analyzed with, if one is known. */
  checkpoint(resource: vscode.Uri): string | undefined;
  readonly log: vscode.LogOutputChannel;
  /** Whether a run over a data set is under way. */
  isRunning(): boolean;
  /** Asks for a checkpoint where none is known; false when the user dismisses the question. */
  hasModel(image: vscode.Uri): Promise<boolean>;
  /** Shows an image in its lens, analyzing it where that has none yet, and one of its labels. */
  openInLens(image: vscode.Uri, find: (labels: readonly LabelSummary[]) => number): Promise<void>;
  /** Whether the image has a lens, which follows its label files by itself. */
  hasLens(image: vscode.Uri): boolean;
}
