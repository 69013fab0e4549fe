import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../common/errors';
import type { ModelInfo } from '../../protocol/analysis';
import { commandIds } from '../commandIds';
import type { CommandHandlers } from '../commands';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import { UntrustedError } from '../imageAnalysis';
import type { ModelPicker } from '../modelPicker';
import { readSettings } from '../settings';
import { benchmarkRuntimes } from './benchmarkRuntimes';
import { fallbackOf } from './fallback';
import { runtimeItems } from './runtimeItems';
import type { TensorFlowRuntime } from './tensorFlowRuntime';
import { tensorFlowPackages } from './tensorFlowRuntime';

const memoryKey = 'announcedFallback';

/** What runs the network: saying so, measuring it, and adding TensorFlow. */
export class RuntimeFeatures {
  /** The model last looked at for an announcement. */
  private considered: string | undefined;
  readonly handlers: Pick<
    CommandHandlers,
    `focalLens.${'showRuntime' | 'benchmarkRuntimes' | 'installTensorFlow' | 'removeTensorFlow'}`
  > = {
    [commandIds.showRuntime]: () => this.reporting(() => this.show()),
    [commandIds.benchmarkRuntimes]: () => this.reporting(() => this.benchmark()),
    [commandIds.installTensorFlow]: () => this.reporting(() => this.install()),
    [commandIds.removeTensorFlow]: () => this.reporting(() => this.remove()),
  };

  constructor(
    private readonly engine: Engine,
    private readonly models: ModelPicker,
    private readonly tensorFlow: TensorFlowRuntime,
    private readonly errors: ErrorMessages,
    private readonly log: vscode.LogOutputChannel,
    /** Remembers what was announced on this machine. */
    private readonly memory: vscode.Memento,
    /** The image of the lens that has the focus. */
    private readonly activeImage: () => vscode.Uri | undefined,
  ) {}

  /** Announces a fallback, once for the same outcome; called after every analysis. */
  async announce({ file, provider, providerReason }: ModelInfo): Promise<void> {
    const loaded = [file, provider, providerReason].join('\n');
    if (this.considered === loaded) return;
    this.considered = loaded;
    const report = await this.engine.client.request('describeRuntime', undefined);
    const fallback = report ? fallbackOf(report) : undefined;
    if (fallback === undefined || this.memory.get(memoryKey) === fallback.key) return;
    await this.memory.update(memoryKey, fallback.key);
    const show = vscode.l10n.t('Show Runtime');
    const said = vscode.l10n.t('Focal Lens runs on {0}: {1}.', provider, fallback.reason);
    void vscode.window.showInformationMessage(said, show).then(choice => {
      if (choice === show) void vscode.commands.executeCommand(commandIds.showRuntime);
    });
  }

  /** What became of every provider, and what can be done about it. */
  private async show(): Promise<void> {
    const report = await this.engine.client.request('describeRuntime', undefined);
    const title = report
      ? vscode.l10n.t('{0} on {1}, {2}', basename(report.checkpoint), report.runtime, report.provider)
      : vscode.l10n.t('No model is loaded');
    const items = runtimeItems(report, this.tensorFlow.installed !== undefined);
    const placeHolder = vscode.l10n.t('What runs the network, and what to do about it');
    const item = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDetail: true });
    if (item?.command !== undefined) await vscode.commands.executeCommand(item.command, ...(item.arguments ?? []));
  }

  private async benchmark(): Promise<void> {
    if (!vscode.workspace.isTrusted) throw new UntrustedError();
    const image = this.activeImage();
    const resource =
      image ?? vscode.window.activeTextEditor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!(await this.models.ensure(resource))) return;
    const checkpoint = this.models.current(resource);
    if (checkpoint === undefined) return;
    const { modelCard, maxPixels } = readSettings(resource);
    const model = { checkpoint, ...(modelCard === undefined ? {} : { card: modelCard }) };
    const title = vscode.l10n.t('Focal Lens: measuring runtimes');
    const content = await withCancel(title, (progress, signal) =>
      benchmarkRuntimes(
        this.engine.launch,
        { model, maxPixels, ...(image === undefined ? {} : { image: image.fsPath }) },
        {
          signal,
          onRuntime: choice => progress.report({ message: choice }),
          onRan: choice => this.engine.forgive([choice]),
        },
      ),
    );
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
  }

  private async install(): Promise<void> {
    const [cpu, gpu] = tensorFlowPackages;
    const items = [
      { label: cpu, description: vscode.l10n.t('TensorFlow on the CPU') },
      { label: gpu, description: vscode.l10n.t('TensorFlow on an NVIDIA GPU; CUDA and cuDNN must be installed') },
    ];
    const placeHolder = vscode.l10n.t('npm runs the install script of the package, which downloads TensorFlow');
    const chosen = await vscode.window.showQuickPick(items, { placeHolder });
    if (chosen === undefined) return;
    // The engine holds the libraries of what is replaced.
    this.engine.reload();
    await withCancel(vscode.l10n.t('Installing {0}', chosen.label), (progress, signal) =>
      this.tensorFlow.install(chosen.label, {
        signal,
        onLine: line => {
          this.log.info(`npm: ${line}`);
          progress.report({ message: line.slice(0, 80) });
        },
      }),
    );
    this.engine.reload();
    const use = vscode.l10n.t('Use It');
    const said = vscode.l10n.t('{0} is installed. The runtime "tensorflow" uses it.', chosen.label);
    void vscode.window.showInformationMessage(said, use).then(async choice => {
      const settings = vscode.workspace.getConfiguration('focalLens');
      if (choice === use) await settings.update('runtime', 'tensorflow', vscode.ConfigurationTarget.Global);
    });
  }

  private async remove(): Promise<void> {
    const { installed } = this.tensorFlow;
    if (installed === undefined) {
      throw new UserError(vscode.l10n.t('Focal Lens has no TensorFlow runtime installed'), {
        remedy: vscode.l10n.t('one in a folder of yours is yours to remove'),
      });
    }
    this.engine.reload();
    await this.tensorFlow.remove();
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} is removed.', installed));
  }

  private async reporting(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.errors.show(error);
    }
  }
}

/** Where a native TensorFlow.js may be: folders that the user trusts to run code. */
export function tensorFlowFolders(storage: string, setting: string | undefined): string[] {
  const workspace = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
  const folders = workspace.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
  return [...(setting === undefined ? [] : [setting]), storage, ...folders];
}

/** The folder of the extension's own TensorFlow. */
export function tensorFlowStorage(globalStorage: vscode.Uri): string {
  return join(globalStorage.fsPath, 'tensorflow');
}

function withCancel<T>(
  title: string,
  task: (progress: vscode.Progress<{ message?: string }>, signal: AbortSignal) => Promise<T>,
): Thenable<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    const listening = token.onCancellationRequested(() => abort.abort());
    try {
      return await task(progress, abort.signal);
    } finally {
      listening.dispose();
    }
  });
}
