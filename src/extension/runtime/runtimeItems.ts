import * as vscode from 'vscode';
import type { PassTiming, ProviderCheck } from '../../common/providerCheck';
import { gpuChoices } from '../../common/runtimeChoice';
import type { RuntimeReport } from '../../protocol/messages';
import { commandIds } from '../commandIds';

export interface RuntimeItem extends vscode.QuickPickItem {
  readonly command?: string;
  readonly arguments?: readonly unknown[];
}

const icons: Readonly<Record<ProviderCheck['outcome'], string>> = {
  chosen: '$(check)',
  reference: '$(circle-outline)',
  refused: '$(circle-slash)',
  failed: '$(circle-slash)',
  skipped: '$(circle-slash)',
};

/** Every provider that was considered for the loaded model, then what can be done. */
export function runtimeItems(report: RuntimeReport | null, hasTensorFlow: boolean): RuntimeItem[] {
  const { t } = vscode.l10n;
  const separator = (label: string): RuntimeItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const providers: RuntimeItem[] = report
    ? [separator(t('Runtimes')), ...report.checks.map(providerItem), ...latestPassItem(report), memoryItem(report)]
    : [];
  return [
    ...providers,
    separator(t('Actions')),
    { label: t('Choose Model'), command: commandIds.chooseModel },
    { label: t('Choose Runtime'), command: settingsCommand(), arguments: [{ query: 'focalLens.runtime' }] },
    { label: t('Benchmark Runtimes'), command: commandIds.benchmarkRuntimes },
    hasTensorFlow
      ? { label: t('Remove TensorFlow Runtime'), command: commandIds.removeTensorFlow }
      : { label: t('Install TensorFlow Runtime'), command: commandIds.installTensorFlow },
    { label: t('Restart Engine and Try Every Runtime Again'), command: commandIds.restartEngine },
    { label: t('Show Log'), command: commandIds.showLog },
  ];
}

/** A runtime belongs to the machine that extensions run on: a remote window's settings have a page for that one. */
export function settingsCommand(): string {
  return vscode.env.remoteName === undefined ? 'workbench.action.openSettings' : 'workbench.action.openRemoteSettings';
}

function providerItem({
  choice,
  runtime,
  provider,
  devices,
  outcome,
  reason,
  difference,
  timing,
}: ProviderCheck): RuntimeItem {
  const { t } = vscode.l10n;
  const gpu = gpuChoices.some(known => known === choice) && outcome !== 'skipped' && outcome !== 'failed';
  const facts = [
    ...devices,
    ...(gpu && devices.length === 0 ? [t('device name not available on this platform')] : []),
    ...(timing ? [timeAndSize(timing)] : []),
    ...(difference === undefined || outcome === 'reference'
      ? []
      : [t('difference to the CPU {0}', difference.toExponential(1))]),
  ];
  return { label: `${icons[outcome]} ${runtime} · ${provider}`, description: facts.join(', '), detail: reason };
}

function latestPassItem({ latestPass }: RuntimeReport): RuntimeItem[] {
  if (latestPass === undefined) return [];
  return [{ label: `$(clock) ${vscode.l10n.t('Latest forward pass')}`, description: timeAndSize(latestPass) }];
}

function timeAndSize({ milliseconds, width, height }: PassTiming): string {
  return vscode.l10n.t('{0} ms at {1} x {2}', milliseconds.toFixed(milliseconds < 100 ? 1 : 0), width, height);
}

function memoryItem({ memory }: RuntimeReport): RuntimeItem {
  const [used, total] = [memory.process, memory.total].map(bytes => (bytes / 2 ** 30).toFixed(1));
  return {
    label: `$(server-process) ${vscode.l10n.t('System memory')}`,
    description: vscode.l10n.t("the engine takes {0} GB of this machine's {1} GB", used ?? '', total ?? ''),
  };
}
