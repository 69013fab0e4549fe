import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { MessageHandler, type PassiveSide } from '../../common/messageHandler';
import type { ExplorerFilter, OverviewMethods, OverviewSide, OverviewState } from '../../protocol/overview';
import type { ErrorMessages } from '../errorMessages';
import { loadLensPage } from '../lensWebview';
import { webviewTransport } from '../webviewTransport';
import { withPart } from './explorerFilter';
import { isGroup, overviewGuards } from './overviewGuards';

export const overviewViewType = 'focalLens.overview';

/** What the overview shows and commands. */
export interface OverviewHost {
  readonly overviewState: OverviewState;
  readonly onDidChangeOverview: vscode.Event<void>;
  /** Reads the store, where that has not been done yet. */
  ready(): Promise<void>;
  filter(filter: ExplorerFilter): void;
  analyze(): Promise<void>;
  cancelRun(): void;
}

/** The data set at a glance, in the side bar. */
export class OverviewView implements vscode.WebviewViewProvider {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly host: OverviewHost,
    private readonly errors: ErrorMessages,
  ) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    const store = new DisposableStore();
    const messages = store.add(
      new MessageHandler<OverviewSide, PassiveSide>(webviewTransport(view.webview), {
        guards: overviewGuards,
        events: {},
        onError: error => this.errors.write(error),
        handlers: {
          getState: async () => {
            await this.host.ready();
            return this.host.overviewState;
          },
          filter: params => this.filter(params),
          analyzeDataset: () => {
            void this.host.analyze();
            return null;
          },
          cancelRun: () => {
            this.host.cancelRun();
            return null;
          },
        },
      }),
    );
    // A view out of sight asks when it is shown again.
    store.add(this.host.onDidChangeOverview(() => messages.emit('stateChanged', undefined)));
    view.onDidDispose(() => store.dispose());
    loadLensPage(view, this.extensionUri, [], { title: vscode.l10n.t('Overview'), bundle: 'overview' });
  }

  private filter({ part, value }: OverviewMethods['filter']['params']): null {
    const { filter } = this.host.overviewState;
    // undefined becomes null on some channels.
    const chosen = value ?? undefined;
    if (part !== 'band') this.host.filter(withPart(filter, part, chosen));
    else if (chosen === undefined || isGroup(chosen)) this.host.filter(withPart(filter, part, chosen));
    return null;
  }
}
