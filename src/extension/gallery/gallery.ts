import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { Engine } from '../engine';
import type { ErrorMessages } from '../errorMessages';
import type { CurrentDataset } from '../explorer/currentDataset';
import type { DatasetExplorer } from '../explorer/datasetExplorer';
import type { Triage } from '../explorer/triage';
import type { FixEdits } from '../labelFiles/fixEdits';
import type { LensTarget } from '../lensTarget';
import type { ModelPicker } from '../modelPicker';
import { GalleryCrops } from './galleryCrops';
import { GalleryData } from './galleryData';
import { GalleryFixes } from './galleryFixes';
import { GalleryPanel, galleryViewType } from './galleryPanel';
import { GalleryTriage } from './galleryTriage';

export interface GalleryHost {
  readonly engine: Engine;
  readonly models: ModelPicker;
  readonly dataset: CurrentDataset;
  readonly explorer: Pick<DatasetExplorer, 'ready' | 'onDidRefresh'>;
  readonly triage: Triage;
  readonly edits: FixEdits;
  readonly errors: ErrorMessages;
  showInLens(image: vscode.Uri, target: LensTarget): Promise<void>;
}

/** The gallery of a data set's worst labels and places: one tab a window. */
export class Gallery implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly data: GalleryData;
  private readonly crops: GalleryCrops;
  private readonly fixes: GalleryFixes;
  private readonly triage: GalleryTriage;
  private panel: GalleryPanel | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly host: GalleryHost,
  ) {
    const { engine, models, dataset, explorer, triage, edits } = host;
    this.data = this.store.add(new GalleryData(engine, dataset, triage));
    this.crops = new GalleryCrops(engine, models);
    this.fixes = new GalleryFixes(edits);
    this.triage = new GalleryTriage(triage, this.fixes);
    const refresh = () => {
      if (this.panel !== undefined) void this.data.refresh();
    };
    this.store.add(explorer.onDidRefresh(refresh));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(refresh));
    const follow = () => {
      this.data.recount();
      this.panel?.triageChanged();
    };
    this.store.add(triage.onDidChange(follow));
    this.store.add(triage.onDidSettle(follow));
    this.store.add(
      vscode.window.registerWebviewPanelSerializer(galleryViewType, {
        deserializeWebviewPanel: panel => {
          if (this.panel === undefined) void this.show(panel);
          else panel.dispose();
          return Promise.resolve();
        },
      }),
    );
  }

  /** Shows the gallery, a new one where there is none. */
  async open(): Promise<void> {
    if (this.panel !== undefined) return this.panel.reveal();
    const column = vscode.window.tabGroups.activeTabGroup.viewColumn;
    // Its selection and its place survive in the page's own state; pictures are not kept for a hidden tab.
    await this.show(vscode.window.createWebviewPanel(galleryViewType, '', column));
  }

  /** For the integration tests. */
  get view(): { readonly data: GalleryData; readonly panel: GalleryPanel | undefined } {
    return { data: this.data, panel: this.panel };
  }

  dispose(): void {
    this.panel?.dispose();
    this.store.dispose();
  }

  private async show(panel: vscode.WebviewPanel): Promise<void> {
    const { errors, explorer } = this.host;
    const shown = new GalleryPanel(panel, this.extensionUri, {
      data: this.data,
      crops: this.crops,
      triage: this.triage,
      fixes: this.fixes,
      showInLens: (image, target) => this.host.showInLens(image, target),
      onError: error => errors.show(error),
      log: error => errors.write(error),
    });
    this.panel = shown;
    shown.onDidDispose(() => {
      if (this.panel === shown) this.panel = undefined;
    });
    // What is settled is known once the explorer has read the store.
    await explorer.ready();
    await this.data.refresh();
  }
}
