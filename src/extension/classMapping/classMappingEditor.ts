import { normalize } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { MessageHandler, type PassiveSide } from '../../common/messageHandler';
import type {
  ClassChoice,
  ClassMappingRequest,
  DatasetClassMapping,
  MappingPageSide,
} from '../../protocol/classMapping';
import type { Analysis } from '../../protocol/analysis';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import type { CurrentDataset } from '../explorer/currentDataset';
import { UntrustedError } from '../imageAnalysis';
import { loadLensPage } from '../lensWebview';
import type { ModelPicker } from '../modelPicker';
import { readSettings } from '../settings';
import { webviewTransport } from '../webviewTransport';
import { openCardFile } from './cardFile';
import { mappingGuards } from './mappingMessages';
import { offerMapping } from './offerMapping';
import { unmatchedClasses } from './unmatchedClasses';

const viewType = 'focalLens.classMapping';

export interface ClassMappingHost {
  /** The card says something else: what was analyzed with it holds no longer. */
  onSaved(): void;
  analyzeDataset(): Promise<void>;
}

/** Shows how the data set's classes meet the model's columns, in one panel, and writes corrections to the model card. */
export class ClassMappingEditor implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private panel:
    { readonly view: vscode.WebviewPanel; readonly messages: MessageHandler<MappingPageSide, PassiveSide> } | undefined;
  private request: ClassMappingRequest | undefined;
  private latest: DatasetClassMapping | undefined;
  private readonly offered = new Set<string>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly engine: Engine,
    private readonly models: ModelPicker,
    private readonly dataset: CurrentDataset,
    private readonly errors: ErrorMessages,
    private readonly host: ClassMappingHost,
  ) {
    this.store.add(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.scheme !== 'file' || normalize(uri.fsPath) !== this.latest?.card) return;
        this.panel?.messages.emit('mappingChanged', undefined);
      }),
    );
  }

  /** For the data set and the model of the workspace, after asking for what is missing. */
  async open(): Promise<void> {
    try {
      if ((await this.choose()) === undefined) return;
      if (this.panel === undefined) this.panel = this.createPanel();
      else {
        this.panel.messages.emit('mappingChanged', undefined);
        this.panel.view.reveal();
      }
    } catch (error) {
      this.errors.show(error);
    }
  }

  /** Once a window for the same classes: an image was analyzed whose labels lack a class column. */
  offerFor(analysis: Pick<Analysis, 'labels' | 'notes'>): void {
    const unmatched = unmatchedClasses(analysis).filter(name => !this.offered.has(name));
    for (const name of unmatched) this.offered.add(name);
    offerMapping(unmatched);
  }

  /** How the classes are matched as of now. */
  async read(): Promise<DatasetClassMapping> {
    const request = this.request ?? (await this.choose());
    if (request === undefined) throw new Error('No data set or model is chosen');
    const mapping = await this.engine.client.request('classMapping', request);
    this.latest = mapping;
    return mapping;
  }

  /** Writes the model card and reads it again. Throws UserErrors and leaves the card as it was. */
  async save(choices: readonly ClassChoice[]): Promise<DatasetClassMapping> {
    if (!vscode.workspace.isTrusted) throw new UntrustedError();
    const { format, card } = this.latest ?? (await this.read());
    const { request } = this;
    if (request === undefined) throw new Error('No data set or model is chosen');
    const file = await openCardFile(card);
    const edit = { ...request, format, text: file.text, choices };
    const { text } = await this.engine.client.request('editClassMapping', edit);
    if (text !== file.text) {
      await file.write(text);
      this.host.onSaved();
    }
    return this.read();
  }

  dispose(): void {
    this.panel?.view.dispose();
    this.store.dispose();
  }

  private async choose(): Promise<ClassMappingRequest | undefined> {
    if (!vscode.workspace.isTrusted) throw new UntrustedError();
    const dataset = await this.dataset.ensure();
    if (dataset === undefined) return undefined;
    const resource = vscode.Uri.file(dataset.path);
    await this.models.ensure(resource);
    const checkpoint = this.models.current(resource);
    if (checkpoint === undefined) return undefined;
    const { modelCard: card } = readSettings(resource);
    this.request = {
      dataset: dataset.path,
      format: dataset.format,
      model: { checkpoint, ...(card === undefined ? {} : { card }) },
    };
    return this.request;
  }

  private createPanel() {
    const title = vscode.l10n.t('Class Mapping');
    const view = vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active, {
      retainContextWhenHidden: true,
    });
    view.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'icon.svg');
    const messages = new MessageHandler<MappingPageSide, PassiveSide>(webviewTransport(view.webview), {
      guards: mappingGuards,
      events: {},
      onError: error => this.errors.write(error),
      handlers: {
        getMapping: () => this.read(),
        saveMapping: ({ choices }) => this.save(choices),
        openCard: async () => {
          if (this.latest) await vscode.window.showTextDocument(vscode.Uri.file(this.latest.card));
          return null;
        },
        analyzeDataset: async () => {
          await this.host.analyzeDataset();
          return null;
        },
      },
    });
    view.onDidDispose(() => {
      messages.dispose();
      this.panel = undefined;
    });
    loadLensPage(view, this.extensionUri, [], { title, bundle: 'mapping' });
    return { view, messages };
  }
}
