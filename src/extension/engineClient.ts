/** Starts the engine process on demand, speaks to it, and starts it afresh after a crash. */
import { fork, type ChildProcess } from 'node:child_process';
import { CrashBackoff, type CrashPolicy } from '../common/crashBackoff';
import { toDisposable, type Disposable } from '../common/disposables';
import { CancelledError, messageOf, UserError } from '../common/errors';
import {
  MessageHandler,
  type PassiveSide,
  type ProgressOf,
  type RequestOptions,
  type Transport,
} from '../common/messageHandler';
import type { ProviderChoice } from '../common/runtimeChoice';
import type { EngineEvents, EngineMethods, EngineSide } from '../protocol/messages';
import type { ModelRequest } from '../protocol/modelRequest';
import {
  crashedProvider,
  endingWords,
  type ProcessEnding,
  type ProviderInUse,
  type ProviderPhase,
} from '../protocol/providerPhase';

export type EngineLogEntry = EngineEvents['log'];

export interface EngineExit extends ProcessEnding {
  /** False when {@link EngineClient.dispose} ended it. */
  readonly unexpected: boolean;
  /** The provider that this crash is put down to: it is not tried any more. */
  readonly crashed: ProviderInUse | undefined;
}

/** The providers that took an engine down. */
export interface CrashedProviders {
  readonly providers: readonly ProviderChoice[];
  add(provider: ProviderChoice): void;
}

export interface EngineClientOptions {
  /** The engine's bundle. */
  readonly enginePath: string;
  /** Node or Electron binary; by default the one running this code. */
  readonly execPath?: string;
  /** Added to this process's environment. `FOCAL_LENS_ENGINE_INSPECT` (a port) lets a debugger attach. */
  readonly env?: NodeJS.ProcessEnv;
  /** Added to every request that names a model. */
  readonly modelDefaults?: () => Pick<ModelRequest, 'tensorFlowFolders'>;
  /** Which providers no request may use, and which are added when they crash; by default this client's own. */
  readonly crashes?: CrashedProviders;
  readonly onLog: (entry: EngineLogEntry) => void;
  readonly onExit: (exit: EngineExit) => void;
  readonly crashPolicy?: CrashPolicy;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
}

interface Connection {
  readonly process: ChildProcess;
  readonly messages: MessageHandler<PassiveSide, EngineSide>;
  /** Undefined before a model is loaded. */
  phase: ProviderPhase | undefined;
}

/** How long a disposed engine may take to leave by itself, milliseconds. */
const exitGrace = 2000;

export class EngineClient implements Disposable {
  private connection: Connection | undefined;
  private readonly backoff: CrashBackoff;
  private readonly now: () => number;
  private disposed = false;
  private readonly crashes: CrashedProviders;

  constructor(private readonly options: EngineClientOptions) {
    this.backoff = new CrashBackoff(options.crashPolicy);
    this.now = options.now ?? Date.now;
    this.crashes = options.crashes ?? ownCrashes();
  }

  /** The running engine's process id. */
  get pid(): number | undefined {
    return this.connection?.process.pid;
  }

  /** Milliseconds until the engine may start again after repeated crashes; 0 where it may at once. */
  get heldBack(): number {
    return this.connection === undefined ? this.backoff.pause(this.now()) : 0;
  }

  /** Starts the engine if it is not running. Throws a UserError while it is held back after repeated crashes. */
  start(): void {
    this.connect();
  }

  /**
   * Asks the engine, starting it if need be. Rejects with a UserError if the engine dies first; the next request
   * starts it afresh. Rejects with CancelledError when `signal` aborts or this client is disposed. A provider
   * that took the engine down is named in later requests as one not to be used.
   */
  async request<K extends keyof EngineMethods>(
    method: K,
    params: EngineMethods[K]['params'],
    options: RequestOptions<ProgressOf<EngineMethods, K>> = {},
  ): Promise<EngineMethods[K]['result']> {
    const { messages } = this.connect();
    // The compiler resolves the handler's conditional types for a known method only; K's entry is the same one.
    const request = messages.request.bind(messages) as (...values: unknown[]) => Promise<EngineMethods[K]['result']>;
    const crashed = this.crashes.providers;
    const additions = { ...this.options.modelDefaults?.(), ...(crashed.length === 0 ? {} : { crashed }) };
    return request(method, withModel(params, additions), options);
  }

  /** Ends the engine; what is pending rejects with CancelledError. */
  dispose(): void {
    this.disposed = true;
    const connection = this.connection;
    this.connection = undefined;
    if (connection === undefined) return;
    const { process: engine, messages } = connection;
    messages.dispose();
    if (engine.connected) engine.disconnect();
    const timer = setTimeout(() => engine.kill('SIGKILL'), exitGrace);
    timer.unref();
    engine.once('exit', () => clearTimeout(timer));
    engine.kill();
  }

  private connect(): Connection {
    if (this.disposed) throw new CancelledError();
    this.connection ??= this.launch();
    return this.connection;
  }

  private launch(): Connection {
    const pause = this.backoff.pause(this.now());
    if (pause > 0) {
      throw new UserError(
        `the analysis engine stopped ${this.backoff.recent(this.now())} times in a short while and is held back`,
        {
          remedy: `try again in ${Math.ceil(pause / 1000)} s; if it keeps stopping, choose the runtime "cpu" and see the Focal Lens output`,
        },
      );
    }
    const engine = fork(this.options.enginePath, [], {
      serialization: 'advanced',
      execPath: this.options.execPath ?? process.execPath,
      env: engineEnvironment({ ...process.env, ...this.options.env }),
      execArgv: engineArguments(this.options.env?.FOCAL_LENS_ENGINE_INSPECT ?? process.env.FOCAL_LENS_ENGINE_INSPECT),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const messages = new MessageHandler<PassiveSide, EngineSide>(processTransport(engine), {
      handlers: {},
      events: {
        log: entry => this.options.onLog(entry),
        provider: phase => {
          connection.phase = phase;
        },
      },
    });
    const connection: Connection = { process: engine, messages, phase: undefined };
    forwardLines(engine.stdout, line => this.options.onLog({ level: 'info', message: line }));
    forwardLines(engine.stderr, line => this.options.onLog({ level: 'warn', message: line }));

    engine.once('exit', (code, signal) => this.onExit(connection, code, signal));
    engine.on('error', error => {
      this.options.onLog({ level: 'error', message: `engine process: ${messageOf(error)}` });
      // A process that never started emits no exit.
      if (engine.pid === undefined) this.onExit(connection, null, null, messageOf(error));
    });
    // Without its channel the engine is of no use, even if it lives.
    engine.once('disconnect', () => engine.kill());
    return connection;
  }

  private onExit(connection: Connection, code: number | null, signal: NodeJS.Signals | null, reason?: string): void {
    const unexpected = this.connection === connection;
    if (unexpected) {
      this.connection = undefined;
      this.backoff.recordCrash(this.now());
    }
    const crashed = unexpected ? crashedProvider(connection.phase, { code, signal }) : undefined;
    if (crashed !== undefined) this.crashes.add(crashed.choice);
    const ending = reason ?? endingWords({ code, signal });
    connection.messages.dispose(
      new UserError(`the analysis engine stopped unexpectedly (${ending})`, {
        remedy: 'it starts afresh with the next analysis: run again; the Focal Lens output may say why',
      }),
    );
    this.options.onExit({ code, signal, unexpected, crashed });
  }
}

function ownCrashes(): CrashedProviders {
  const providers: ProviderChoice[] = [];
  return { providers, add: provider => providers.push(provider) };
}

/** The same request with more about its model, where it names one: such as providers not to be used. */
function withModel(params: unknown, additions: Partial<ModelRequest>): unknown {
  if (typeof params !== 'object' || params === null) return params;
  if ('checkpoint' in params && 'runtime' in params) return { ...additions, ...params };
  return 'model' in params ? { ...params, model: withModel(params.model, additions) } : params;
}

/** Runs Electron's binary as Node, and keeps an editor's debugger from attaching to (and pausing) the engine. */
function engineEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const adjusted: NodeJS.ProcessEnv = { ...env, ELECTRON_RUN_AS_NODE: '1' };
  delete adjusted.NODE_OPTIONS;
  delete adjusted.VSCODE_INSPECTOR_OPTIONS;
  return adjusted;
}

/** None of the host's own flags: an inspector port among them would clash. */
function engineArguments(inspectPort: string | undefined): string[] {
  return inspectPort !== undefined && /^\d{1,5}$/.test(inspectPort) ? [`--inspect=127.0.0.1:${inspectPort}`] : [];
}

function processTransport(engine: ChildProcess): Transport {
  return {
    send(message) {
      // A closed channel means that the process is going: its exit rejects what is pending.
      if (engine.connected) engine.send(message as object, () => undefined);
    },
    onMessage(listener) {
      engine.on('message', listener);
      return toDisposable(() => engine.off('message', listener));
    },
  };
}

/** Longest line of the engine's output that is passed on, characters. */
const longestLine = 10_000;

function forwardLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  const emit = (line: string) => {
    const text = line.trimEnd();
    if (text !== '') onLine(text.slice(0, longestLine));
  };
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    lines.forEach(emit);
  });
  stream?.on('end', () => emit(rest));
}
