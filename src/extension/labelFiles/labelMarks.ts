import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { debounced } from '../debounced';
import type { LabelDocument, WrittenLabel } from './labelDocument';
import type { LabelDocuments } from './labelDocuments';
import { issuesOf, type LabelFactsSource } from './labelFacts';
import { labelFileSection, readLabelFileSettings, type LabelFileSettings } from './labelFileSettings';
import { markIcon } from './markIcons';
import { markLevel, markText, type MarkLevel } from './markText';

/** Lines beyond the visible ones that are marked too, so that scrolling meets marks. */
const margin = 60;
/** Marks at most in one editor: a file of one line holds thousands of labels that nobody sees. */
const maxMarks = 600;

type MarkKind = MarkLevel | 'stale';

/** Marks in the gutter and texts behind the labels of the visible editors. */
export class LabelMarks implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly types = new Map<string, vscode.TextEditorDecorationType>();
  private readonly update = this.store.add(
    debounced(100, (editors: Iterable<vscode.TextEditor>) => {
      const visible = new Set(vscode.window.visibleTextEditors);
      for (const editor of editors) if (visible.has(editor)) this.draw(editor);
    }),
  );

  constructor(
    private readonly documents: LabelDocuments,
    private readonly facts: LabelFactsSource,
  ) {
    const draw = (editors: readonly vscode.TextEditor[]) => editors.forEach(editor => this.update.add(editor));
    this.store.add(
      documents.onDidChange(document =>
        draw(vscode.window.visibleTextEditors.filter(editor => editor.document === document)),
      ),
    );
    this.store.add(vscode.window.onDidChangeVisibleTextEditors(draw));
    this.store.add(vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => draw([textEditor])));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration(labelFileSection)) draw(vscode.window.visibleTextEditors);
      }),
    );
    draw(vscode.window.visibleTextEditors);
  }

  dispose(): void {
    this.store.dispose();
    for (const type of this.types.values()) type.dispose();
    this.types.clear();
  }

  private draw(editor: vscode.TextEditor): void {
    const labels = this.documents.get(editor.document);
    if (labels === undefined && this.types.size === 0) return;
    const settings = readLabelFileSettings(editor.document.uri);
    const marks = new Map<vscode.TextEditorDecorationType, vscode.DecorationOptions[]>();
    for (const type of this.types.values()) marks.set(type, []);
    const wanted = settings.gutterMarks || settings.lossText;
    if (labels !== undefined && wanted && vscode.workspace.isTrusted) {
      for (const [kind, option] of this.marksIn(editor, labels, settings)) {
        const type = this.typeOf(kind, settings.gutterMarks);
        const options = marks.get(type) ?? [];
        options.push(option);
        marks.set(type, options);
      }
    }
    for (const [type, options] of marks) editor.setDecorations(type, options);
  }

  private *marksIn(
    editor: vscode.TextEditor,
    labels: LabelDocument,
    { lossText }: LabelFileSettings,
  ): Generator<[MarkKind, vscode.DecorationOptions]> {
    const { document } = editor;
    const lines = new Map<number, number>();
    const placed = this.visible(editor, labels).map(written => ({
      written,
      range: labels.vscodeRange(written.range),
    }));
    for (const { range } of placed) lines.set(range.start.line, (lines.get(range.start.line) ?? 0) + 1);
    for (const { written, range } of placed) {
      const { start, end } = range;
      // Behind the line the label begins in; behind the label itself where others share that line.
      const shares = (lines.get(start.line) ?? 0) > 1;
      const at = shares ? end : document.lineAt(start.line).range.end;
      const text = lossText ? this.textOf(written) : undefined;
      const after = text === undefined ? {} : { renderOptions: { after: { contentText: text } } };
      const kind = written.isFresh ? markLevel(written.label, written.image.bands) : 'stale';
      yield [kind, { range: new vscode.Range(at, at), ...after }];
    }
  }

  private visible(editor: vscode.TextEditor, labels: LabelDocument): WrittenLabel[] {
    const { document } = editor;
    const found = new Map<string, WrittenLabel>();
    for (const { start, end } of editor.visibleRanges) {
      const first = document.offsetAt(new vscode.Position(Math.max(0, start.line - margin), 0));
      const last = document.offsetAt(new vscode.Position(end.line + margin, Number.MAX_SAFE_INTEGER));
      for (const written of labels.within({ start: first, end: last }).slice(0, maxMarks)) {
        found.set(`${written.index} ${written.image.image.file}`, written);
      }
    }
    return [...found.values()];
  }

  private textOf({ image, index, label, isFresh }: WrittenLabel): string {
    const { t } = vscode.l10n;
    if (!isFresh) return t('edited since the analysis');
    const standing = this.facts.standingOf({ image: image.image.file, index });
    return markText(label, standing, issuesOf(image, label), t);
  }

  private typeOf(kind: MarkKind, gutter: boolean): vscode.TextEditorDecorationType {
    const key = `${kind} ${gutter}`;
    const type = this.types.get(key) ?? createType(kind, gutter);
    this.types.set(key, type);
    return type;
  }
}

function createType(kind: MarkKind, gutter: boolean): vscode.TextEditorDecorationType {
  const icon = (theme: 'dark' | 'light') =>
    gutter && kind !== 'stale' ? { gutterIconPath: markIcon(kind, theme), gutterIconSize: 'contain' } : {};
  return vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor(`focalLens.mark.${kind}`), margin: '0 0 0 2.5em' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    dark: icon('dark'),
    light: icon('light'),
  });
}
