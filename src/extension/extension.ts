import type * as vscode from 'vscode';
import type { AnchorInspection } from '../protocol/analysis';
import type { LensState } from '../protocol/messages';
import type { ClassMappingEditor } from './classMapping/classMappingEditor';
import type { ExplorerNode } from './explorer/explorerNodes';
import type { OverviewHost } from './explorer/overviewView';
import type { Gallery } from './gallery/gallery';
import { Session } from './session';

/** What a panel tells the integration tests. */
export interface LensView {
  readonly image: vscode.Uri;
  readonly state: LensState;
  /** Whether the webview has fetched `state`. */
  readonly isUpToDate: boolean;
  readonly onDidChangeState: vscode.Event<{ readonly state: LensState }>;
  revealLabel(label: number): Promise<void>;
  inspectAnchor(anchor: number, signal: AbortSignal): Promise<AnchorInspection>;
  cancel(): void;
  close(): void;
}

/** For the integration tests only: it changes without notice. */
export interface FocalLensTestApi {
  readonly lenses: readonly LensView[];
  readonly enginePid: number | undefined;
  readonly explorer: vscode.TreeDataProvider<ExplorerNode>;
  readonly overview: Pick<OverviewHost, 'overviewState'>;
  readonly classMapping: Pick<ClassMappingEditor, 'read' | 'save'>;
  readonly gallery: Pick<Gallery, 'view'>;
}

export function activate(context: vscode.ExtensionContext): FocalLensTestApi {
  const session = new Session(context);
  context.subscriptions.push(session);
  return {
    get lenses() {
      return session.lenses.all;
    },
    get enginePid() {
      return session.engine.pid;
    },
    explorer: session.explorer.tree,
    overview: session.explorer,
    classMapping: session.classMapping,
    gallery: session.gallery,
  };
}
