import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposables';
import type { ProviderChoice } from '../common/runtimeChoice';
import { endingWords, type ProviderInUse } from '../protocol/providerPhase';
import { EngineClient, type EngineClientOptions, type EngineExit, type EngineLogEntry } from './engineClient';
import { commandIds } from './commandIds';
import type { CrashMemory } from './runtime/crashMemory';
import { settingsCommand } from './runtime/runtimeItems';

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
    private readonly crashes: CrashMemory,
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

  /** Ends the engine; the next request starts another, which tries every provider again. What is pending is cancelled. */
  restart(): void {
    this.crashes.forget();
    this.reload();
  }

  /** Lets providers that crashed be tried again. */
  forgive(providers: readonly ProviderChoice[]): void {
    this.crashes.forget(providers);
  }

  /** {@link restart}, but for providers that crashed. */
  reload(): void {
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
      crashes: this.crashes,
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
    this.log.error(`The engine stopped unexpectedly (${endingWords(exit)}); the next request starts it afresh.`);
    this.crashed.fire(exit);
    const { message, actions } = crashNotice(exit.crashed);
    void vscode.window.showWarningMessage(message, ...actions.keys()).then(choice => {
      const [command, ...values] = (choice === undefined ? undefined : actions.get(choice)) ?? [];
      if (command !== undefined) void vscode.commands.executeCommand(command, ...values);
    });
  }
}

/** What is said of a crash, and commands with their arguments by the names of their buttons. */
function crashNotice(crashed: ProviderInUse | undefined) {
  const { t } = vscode.l10n;
  const log = [t('Show Log'), [commandIds.showLog]] as const;
  const notice = (message: string, ...actions: (readonly [string, readonly [string, ...unknown[]]])[]) => ({
    message,
    actions: new Map(actions),
  });
  if (crashed === undefined) return notice(t('The analysis engine stopped unexpectedly and starts afresh.'), log);
  const again = [t('Try {0} Again', crashed.provider), [commandIds.restartEngine]] as const;
  if (crashed.automatic) {
    const message = t(
      'The analysis engine stopped while it used or tried {0}. From now on it does without.',
      crashed.provider,
    );
    return notice(message, again, log);
  }
  const choose = [t('Choose Runtime'), [settingsCommand(), { query: 'focalLens.runtime' }]] as const;
  const message = t(
    'The analysis engine stopped while it used or tried {0}, the runtime chosen in the settings. It is not tried again until you ask for it.',
    crashed.provider,
  );
  return notice(message, choose, again, log);
}
