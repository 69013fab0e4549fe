import * as vscode from 'vscode';
import type { DatasetRunResult } from '../../protocol/dataset';
import { offerMapping } from '../classMapping/offerMapping';
import type { Engine } from '../engine';
import { outcomeOf } from './runOutcome';

/** Tells what has become of a run, with a way to the images that failed. */
export async function announceRun(
  result: DatasetRunResult,
  engine: Pick<Engine, 'client'>,
  showFailures: () => Promise<void>,
): Promise<void> {
  const { t } = vscode.l10n;
  offerMapping(result.unmatched);
  const { severity, text, hasFailures } = outcomeOf(result, await firstFailure(result, engine), t);
  if (severity === 'information') {
    vscode.window.setStatusBarMessage(text, 5_000);
    return;
  }
  const show = t('Show');
  const choices = hasFailures ? [show] : [];
  const { showErrorMessage, showWarningMessage } = vscode.window;
  const choice = await (severity === 'error' ? showErrorMessage : showWarningMessage)(text, ...choices);
  if (choice === show) await showFailures();
}

async function firstFailure(
  { store, failed }: DatasetRunResult,
  { client }: Pick<Engine, 'client'>,
): Promise<string | undefined> {
  if (failed === 0) return undefined;
  const page = await client.request('failedImages', { store, limit: 1 }).catch(() => undefined);
  return page?.rows[0]?.error;
}
