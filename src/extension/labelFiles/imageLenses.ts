import * as vscode from 'vscode';
import { commandIds } from '../commandIds';
import { imageOfLabelFile } from '../imageOfLabelFile';
import { debounced } from '../debounced';
import { DisposableStore } from '../../common/disposables';
import type { CocoDocuments } from './cocoDocuments';
import { documentText } from './documentText';
import type { LabelFactsSource } from './labelFacts';
import { labelFileSection, readLabelFileSettings } from './labelFileSettings';
import type { LabelFormats } from './labelFormats';
import type { LabelLinks } from './labelLinks';
import { lossText } from './numbers';
import { visibleOffsets } from './visibleOffsets';

const maxLenses = 200;

/** Above each image of a label file: its loss, or a way to analyze it. */
export class ImageLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly again = this.store.add(debounced(250, () => this.changed.fire()));

  constructor(
    private readonly facts: LabelFactsSource,
    private readonly formats: LabelFormats,
    private readonly coco: CocoDocuments,
    private readonly links: LabelLinks,
  ) {
    this.store.add(facts.onDidChange(() => this.again.add(undefined)));
    this.store.add(
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor: { document } }) => {
        if (document.uri.scheme === 'file' && /\.json$/i.test(document.uri.path)) this.again.add(undefined);
      }),
    );
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.again.add(undefined)));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration(labelFileSection)) this.again.add(undefined);
      }),
    );
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[] | undefined> {
    if (!readLabelFileSettings(document.uri).codeLens || !vscode.workspace.isTrusted) return undefined;
    const format = await this.formats.of(document);
    if (format === undefined || token.isCancellationRequested) return undefined;
    if (format === 'coco') return this.cocoLenses(document, token);
    const image = imageOfLabelFile(document.uri.fsPath);
    return image === undefined ? [] : this.lensesOf(new vscode.Range(0, 0, 0, 0), image);
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Of the images whose entries are in sight. A line with several images gets none: they would stand in a row. */
  private async cocoLenses(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
    const places = visibleOffsets(document, /"file_name"\s*:/g);
    if (places.length === 0) return [];
    const scanned = await this.coco.scanned(document);
    const text = documentText(document);
    const lines = new Map<number, { readonly name: string; readonly count: number }>();
    for (const offset of places) {
      const entry = scanned?.imageAt(text, offset);
      if (entry === undefined) continue;
      const { line } = document.positionAt(entry.start);
      lines.set(line, { name: entry.image.name, count: (lines.get(line)?.count ?? 0) + 1 });
    }
    const lenses: vscode.CodeLens[] = [];
    for (const [line, { name, count }] of [...lines].slice(0, maxLenses)) {
      if (count > 1 || token.isCancellationRequested) continue;
      const image = await this.coco.imageFile(document.uri.fsPath, name).catch(() => undefined);
      if (image !== undefined) lenses.push(...this.lensesOf(new vscode.Range(line, 0, line, 0), image));
    }
    return lenses;
  }

  private lensesOf(range: vscode.Range, image: string): vscode.CodeLens[] {
    const { t } = vscode.l10n;
    const facts = this.facts.imageAt(image);
    const target = this.links.ticketFor({ image, index: undefined });
    const lens = (title: string, command: string) =>
      new vscode.CodeLens(range, { title, command, arguments: [target] });
    if (facts === undefined) return [lens(`$(flame)\u00a0${t('Analyze image')}`, commandIds.analyzeLabelImage)];
    const { labels, issues, classification } = facts;
    const summary = t('loss {0}', lossText(classification));
    const count = labels.length === 1 ? t('1 label') : t('{0} labels', labels.length);
    const suspicions = issues.length === 1 ? t('1 suspicion') : t('{0} suspicions', issues.length);
    const title = `$(flame)\u00a0${[summary, count, ...(issues.length > 0 ? [suspicions] : [])].join(' · ')}`;
    return [lens(title, commandIds.openLabelInLens), lens(t('Analyze again'), commandIds.analyzeLabelImage)];
  }
}
