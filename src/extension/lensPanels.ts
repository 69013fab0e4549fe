import { normalize } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposables';
import type { ImageAnalysis } from './imageAnalysis';
import type { LensPanelHost } from './lensHandlers';
import { LensPanel, lensViewType } from './lensPanel';

/** The open lens panels, one for each image. */
export class LensPanels implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly panels = new Map<string, LensPanel>();

  constructor(
    private readonly analysis: ImageAnalysis,
    private readonly extensionUri: vscode.Uri,
    private readonly host: LensPanelHost<LensPanel> & { onDidRestore(panel: LensPanel): void },
  ) {
    this.store.add(vscode.window.registerWebviewPanelSerializer(lensViewType, this.serializer()));
  }

  get all(): readonly LensPanel[] {
    return [...this.panels.values()];
  }

  get active(): LensPanel | undefined {
    return this.all.find(panel => panel.isActive);
  }

  /** Shows the panel of `image`, a new one where there is none. */
  open(image: vscode.Uri): LensPanel {
    const existing = this.panels.get(image.toString());
    if (existing) {
      existing.reveal();
      return existing;
    }
    const column = vscode.window.tabGroups.activeTabGroup.viewColumn;
    return this.add(vscode.window.createWebviewPanel(lensViewType, '', column), image);
  }

  /** Shows `image` in a panel that shows another one; the one that shows it already, where there is one. */
  move(panel: LensPanel, image: vscode.Uri): LensPanel {
    const existing = this.panels.get(image.toString());
    if (existing) {
      existing.reveal();
      return existing;
    }
    this.panels.delete(panel.image.toString());
    this.panels.set(image.toString(), panel);
    panel.setImage(image);
    return panel;
  }

  /** Panels whose labels are written in `file`. */
  showingLabelsOf(file: string): LensPanel[] {
    return this.all.filter(panel => panel.labelFiles.some(labels => normalize(labels) === normalize(file)));
  }

  dispose(): void {
    this.store.dispose();
    // The tabs stay: the window restores them when it opens again.
    for (const panel of this.all) panel.dispose();
    this.panels.clear();
  }

  private add(webviewPanel: vscode.WebviewPanel, image: vscode.Uri): LensPanel {
    const panel = new LensPanel(webviewPanel, image, this.analysis, this.extensionUri, this.host);
    this.panels.set(image.toString(), panel);
    panel.onDidDispose(() => this.panels.delete(panel.image.toString()));
    return panel;
  }

  private serializer(): vscode.WebviewPanelSerializer {
    return {
      deserializeWebviewPanel: (webviewPanel, state: unknown) => {
        const image = restoredImage(state);
        if (image === undefined || this.panels.has(image.toString())) webviewPanel.dispose();
        else this.host.onDidRestore(this.add(webviewPanel, image));
        return Promise.resolve();
      },
    };
  }
}

/** The image that a restored page showed. The page's state is not trusted: it must be a file, and an absolute one. */
function restoredImage(state: unknown): vscode.Uri | undefined {
  const image = typeof state === 'object' && state !== null ? (state as { restore?: unknown }).restore : undefined;
  if (typeof image !== 'string') return undefined;
  try {
    const uri = vscode.Uri.parse(image, true);
    return uri.scheme === 'file' ? uri : undefined;
  } catch {
    return undefined;
  }
}
