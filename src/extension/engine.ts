import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposables';
import { EngineClient, type EngineClientOptions, type EngineExit, type EngineLogEntry } from './engineClient';
import { commandIds } from './commandIds';

/** The engine process as this window sees it: its log goes to the output channel, its crashes to the user. */
export class Engine implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly crashed = this.store.add(new vscode.EventEmitter<EngineExit>());
  readonly onDidCrash = this.crashed.event;
  private current: EngineClient;
  /** Counts the engine processes that have ended: ids given out by an earlier one mean nothing any more. */
  private ended = 0;

  constructor(
    private readonly enginePath: string,
    private readonly log: vscode.LogOutputChannel,
    private readonly modelDefaults: EngineClientOptions['modelDefaults'] & {},
  ) {
    this.current = this.createClient();
  }

  /** What it takes to start an engine for a purpose of its own. */
  get launch(): Required<Pick<EngineClientOptions, 'enginePath' | 'modelDefaults' | 'onLog'>> {
    const { enginePath, modelDefaults } = this;
    return { enginePath, modelDefaults, onLog: entry => this.write(entry) };
  }

  get client(): Pick<EngineClient, 'request'> {
    return this.current;
  }

  get generation(): number {
    return this.ended;
  }

  /** Milliseconds until the engine may start again after repeated crashes; 0 where it may at once. */
  get heldBack(): number {
    return this.current.heldBack;
  }

  get pid(): number | undefined {
    return this.current.pid;
  }

  /** Ends the engine; the next request starts another. What is pending is cancelled. */
  restart(): void {
    this.log.info('Restarting the engine.');
    this.ended++;
    this.current.dispose();
    this.current = this.createClient();
  }

  dispose(): void {
    this.current.dispose();
    this.store.dispose();
  }

  private createClient(): EngineClient {
    return new EngineClient({
      enginePath: this.enginePath,
      modelDefaults: this.modelDefaults,
      onLog: entry => this.write(entry),
      onExit: exit => this.onExit(exit),
    });
  }

  private write({ level, message }: EngineLogEntry): void {
    switch (level) {
      case 'info':
        return this.log.info(message);
      case 'warn':
        return this.log.warn(message);
      case 'error':
        return this.log.error(message);
      default:
        return level satisfies never;
    }
  }

  private onExit(exit: EngineExit): void {
    if (!exit.unexpected) return;
    this.ended++;
    const ending = exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
    this.log.error(`The engine stopped unexpectedly (${ending}); the next request starts it afresh.`);
    this.crashed.fire(exit);
    const showLog = vscode.l10n.t('Show Log');
    const tryAgain = vscode.l10n.t('Try the GPU Again');
    const message = exit.gpuGivenUp
      ? vscode.l10n.t('The analysis engine stopped while it used or tried a GPU. From now on it runs on the CPU.')
      : vscode.l10n.t('The analysis engine stopped unexpectedly and starts afresh.');
    const choices = exit.gpuGivenUp ? [tryAgain, showLog] : [showLog];
    void vscode.window.showWarningMessage(message, ...choices).then(choice => {
      if (choice === showLog) void vscode.commands.executeCommand(commandIds.showLog);
      if (choice === tryAgain) void vscode.commands.executeCommand(commandIds.restartEngine);
    });
  }
}
