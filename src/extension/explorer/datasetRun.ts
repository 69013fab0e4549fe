import * as vscode from 'vscode';
import type { DatasetProgress, DatasetRunResult } from '../../protocol/dataset';
import type { Engine } from '../engine';
import { UntrustedError } from '../imageAnalysis';
import type { ModelPicker } from '../modelPicker';
import { readSettings } from '../settings';
import type { ChosenDataset } from './currentDataset';
import { outliveEngine } from './outliveEngine';

export interface RunOptions {
  /** A hint in the status bar only; else progress that can be cancelled, and a model asked for where none is. */
  readonly quiet: boolean;
  /** Only these images are brought up to date, in what an earlier run has stored; else all of the data set. */
  readonly images?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DatasetProgress) => void;
}

/**
 * Analyzes a data set; what has not changed since the last run is kept. The run outlives an engine that dies under it.
 * @returns undefined when there is no model
 * @throws UserError that the user can act on, or CancelledError
 */
export async function runDataset(
  engine: Engine,
  models: ModelPicker,
  { path, format, store }: ChosenDataset,
  { quiet, images, signal, onProgress }: RunOptions,
): Promise<DatasetRunResult | undefined> {
  if (!vscode.workspace.isTrusted) throw new UntrustedError();
  const resource = vscode.Uri.file(path);
  if (!quiet) await models.ensure(resource);
  const checkpoint = models.current(resource);
  if (checkpoint === undefined) return undefined;
  const { modelCard, runtime, bands, maxPixels } = readSettings(resource);
  const model = { checkpoint, runtime, ...(modelCard === undefined ? {} : { card: modelCard }) };
  const some = images === undefined ? {} : { images };
  const request = { model, dataset: path, format, store, resume: true, bands, maxPixels, ...some };
  const options: vscode.ProgressOptions = quiet
    ? { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Focal Lens: updating the explorer') }
    : { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Focal Lens'), cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let shown = 0;
    const report = (state: DatasetProgress) => {
      onProgress(state);
      if (quiet) return;
      const percent = state.images === 0 ? 0 : (100 * state.done) / state.images;
      progress.report({ message: progressText(state), increment: Math.max(0, percent - shown) });
      shown = Math.max(shown, percent);
    };
    const either = AbortSignal.any([signal, abort.signal]);
    return outliveEngine(engine, either, onGain =>
      engine.client.request('analyzeDataset', request, {
        signal: either,
        onProgress: state => {
          if (state.computed > 0) onGain();
          report(state);
        },
      }),
    );
  });
}

function progressText({ stage, done, images, perSecond, secondsLeft }: DatasetProgress): string {
  const { t } = vscode.l10n;
  if (stage === 'dataset') return t('reading the dataset');
  if (stage === 'model') return t('loading the model');
  const count = t('{0} of {1} images', done.toLocaleString(), images.toLocaleString());
  if (perSecond === 0 || secondsLeft === undefined) return count;
  return t('{0}, {1} per second, {2} left', count, perSecond.toPrecision(2), durationText(secondsLeft));
}

function durationText(seconds: number): string {
  const { t } = vscode.l10n;
  if (seconds < 90) return t('{0} s', Math.ceil(seconds));
  return seconds < 5400 ? t('{0} min', Math.round(seconds / 60)) : t('{0} h', (seconds / 3600).toFixed(1));
}
