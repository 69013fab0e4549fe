import { basename, normalize } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import type { LabelIssue, LabelSummary } from '../../protocol/analysis';
import { isSettled } from '../../protocol/gallery';
import { debounced } from '../debounced';
import type { IssueAt, IssueTriage } from './issueTriage';
import type { LabelDocument } from './labelDocument';
import type { LabelDocuments } from './labelDocuments';
import type { ImageEntries } from './imageEntries';
import type { Coverage, ImageFacts, LabelFactsSource } from './labelFacts';
import { labelFileSection, readLabelFileSettings } from './labelFileSettings';
import { labelParts } from './labelParts';
import { problemText, relatedDetection, relatedLabel } from './problemText';
import { unitText } from './numbers';

/** VS Code shows 1000 problems of one file: these, and what is said about the rest. */
const maxProblems = 999;
/** Characters of a label that are marked where nobody can tell its first line's end. */
const markedLength = 200;

/** A suspicion that is listed in the Problems panel. */
export interface ListedProblem {
  readonly image: ImageFacts;
  readonly issue: LabelIssue;
  readonly diagnostic: vscode.Diagnostic;
}

/** A suspicion as it is dismissed: with its image. */
export function issueAt({ image, labelFile }: ImageFacts, issue: LabelIssue): IssueAt {
  return { ...issue, image: image.file, labelFile };
}

/** Suspicions about labels in the Problems panel, at the labels, for files that are open and for those that are not. */
export class LabelProblems implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('focal-lens'));
  private readonly entries: ImageEntries;
  private readonly listed = new Map<string, readonly ListedProblem[]>();
  private readonly update = this.store.add(
    debounced(150, (files: Iterable<string>) => {
      for (const file of files) this.list(file);
    }),
  );

  constructor(
    private readonly documents: LabelDocuments,
    private readonly facts: LabelFactsSource,
    private readonly triage: IssueTriage,
    makeEntries: (onFound: (labelFile: string) => void) => ImageEntries,
    private readonly coverageOf: (labelFile: string) => Coverage | undefined,
  ) {
    this.entries = makeEntries(file => this.update.add(normalize(file)));
    const again = () => {
      for (const file of this.listed.keys()) this.update.add(file);
    };
    this.store.add(
      facts.onDidChange(file => {
        this.entries.forget(file);
        this.update.add(file);
      }),
    );
    this.store.add(documents.onDidChange(({ uri }) => this.update.add(normalize(uri.fsPath))));
    this.store.add(triage.onDidChange(again));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration(labelFileSection)) again();
      }),
    );
  }

  /** What is listed for a part of a file. */
  at(uri: vscode.Uri, range: vscode.Range): readonly ListedProblem[] {
    const problems = this.listed.get(normalize(uri.fsPath)) ?? [];
    return problems.filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined);
  }

  dispose(): void {
    this.store.dispose();
    this.listed.clear();
  }

  private list(file: string): void {
    const uri = vscode.Uri.file(file);
    const settings = readLabelFileSettings(uri);
    const images = settings.problems && vscode.workspace.isTrusted ? this.facts.imagesOf(file) : [];
    const found = images.flatMap(image => {
      const issues = image.issues.filter(
        issue => issue.score >= settings.minimumScore && !isSettled(this.triage.stateOf(issueAt(image, issue))),
      );
      return issues.map(issue => ({ image, issue }));
    });
    found.sort((a, b) => b.issue.score - a.issue.score);
    const document = this.documents.ofFile(file);
    const problems: ListedProblem[] = [];
    for (const { image, issue } of found) {
      if (problems.length === maxProblems) break;
      const range =
        this.entryOf(file, document, image, issue) ??
        (document === undefined ? placeOnDisk(image, issue) : placeIn(document, image, issue));
      if (range !== undefined) problems.push({ image, issue, diagnostic: diagnosticOf(image, issue, range, uri) });
    }
    this.listed.set(file, problems);
    const note = problems.length === 0 ? undefined : restText(this.coverageOf(file), problems.length, found.length);
    this.collection.set(uri, [
      ...problems.map(({ diagnostic }) => diagnostic),
      ...(note === undefined ? [] : [restNote(note)]),
    ]);
  }

  /** Where a COCO file lists the image of an object without label. */
  private entryOf(
    file: string,
    document: LabelDocument | undefined,
    { image, labelFile }: ImageFacts,
    { labelId }: LabelIssue,
  ): vscode.Range | undefined {
    if (labelId !== null || labelFile.format !== 'coco') return undefined;
    if (document !== undefined) return this.entries.inDocument(document.document, image);
    const line = this.entries.onDisk(file, image);
    return line === undefined ? undefined : new vscode.Range(line, 0, line, markedLength);
  }
}

function diagnosticOf(image: ImageFacts, issue: LabelIssue, range: vscode.Range, uri: vscode.Uri): vscode.Diagnostic {
  const { t } = vscode.l10n;
  const { message, severity } = problemText(issue, t);
  const { Warning, Information } = vscode.DiagnosticSeverity;
  const diagnostic = new vscode.Diagnostic(range, message, severity === 'warning' ? Warning : Information);
  diagnostic.source = 'Focal Lens';
  diagnostic.code = issue.kind;
  const related: vscode.DiagnosticRelatedInformation[] = [];
  const other = relatedLabel(issue, image);
  if (other !== undefined) {
    const place = new vscode.Location(uri, startOf(other));
    related.push(new vscode.DiagnosticRelatedInformation(place, t('the other label')));
  }
  const detection = relatedDetection(issue, image);
  const seen = detection?.bbox ?? (image.analysisId === undefined ? issue.suggestedBbox : null);
  if (seen !== null) {
    const place = new vscode.Location(vscode.Uri.file(image.image.file), new vscode.Position(0, 0));
    const [x, y, width, height] = seen.map(value => value.toFixed(1));
    const box = `[${x}, ${y}, ${width}, ${height}]`;
    const category = detection?.category ?? issue.suggestedCategory ?? issue.category ?? '?';
    related.push(
      new vscode.DiagnosticRelatedInformation(
        place,
        detection === undefined
          ? t('the model sees {0} at {1}', category, box)
          : t('the model sees {0} with score {1} at {2}', category, unitText(detection.score), box),
      ),
    );
  }
  if (issue.labelId === null && image.labels.length > 0) {
    const place = new vscode.Location(uri, startOf(image.labels[0]));
    related.push(
      new vscode.DiagnosticRelatedInformation(place, t('the first label of {0}', basename(image.image.file))),
    );
  }
  if (related.length > 0) diagnostic.relatedInformation = related;
  return diagnostic;
}

/** What is listed of more suspicions than fit, or of a data set that is too large for all of it. */
function restText(coverage: Coverage | undefined, listed: number, found: number): string | undefined {
  const { t } = vscode.l10n;
  if (coverage !== undefined) {
    return t(
      'The {0} strongest suspicions about {1} of {2} images are listed. The Loss Explorer lists all.',
      listed.toLocaleString(),
      coverage.images.toLocaleString(),
      coverage.of.toLocaleString(),
    );
  }
  if (listed < maxProblems) return undefined;
  return t(
    'The {0} strongest of {1} suspicions are listed. The Loss Explorer lists all.',
    listed.toLocaleString(),
    found.toLocaleString(),
  );
}

function restNote(text: string): vscode.Diagnostic {
  const { Information } = vscode.DiagnosticSeverity;
  const diagnostic = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), text, Information);
  diagnostic.source = 'Focal Lens';
  diagnostic.code = 'partial';
  return diagnostic;
}

function startOf({ source }: LabelSummary): vscode.Position {
  return new vscode.Position(source?.line ?? 0, source?.column ?? 0);
}

/** In a document: where the label stands now. Undefined for one that has been edited, until it is analyzed again. */
function placeIn(document: LabelDocument, image: ImageFacts, issue: LabelIssue): vscode.Range | undefined {
  const index = labelIndex(image, issue);
  if (index === undefined) return undefined;
  const written = index < 0 ? undefined : document.find(image.image.file, index);
  if (issue.labelId === null) {
    const start = written === undefined ? 0 : document.vscodeRange(written.range).start.line;
    return document.document.lineAt(start).range;
  }
  if (written?.isFresh !== true) return undefined;
  const { start, end } = written.range;
  const { part } = problemText(issue, vscode.l10n.t);
  const inner = part === 'whole' ? undefined : labelParts(document.format, document.textOf(written.range))[part];
  if (inner !== undefined) return document.vscodeRange({ start: start + inner.start, end: start + inner.end });
  const range = document.vscodeRange({ start, end });
  return range.isSingleLine ? range : range.with(undefined, document.document.lineAt(range.start.line).range.end);
}

/** In a file that is not open: from the label's beginning. */
function placeOnDisk(image: ImageFacts, issue: LabelIssue): vscode.Range | undefined {
  const index = labelIndex(image, issue);
  if (index === undefined) return undefined;
  const source = index < 0 ? undefined : image.labels[index].source;
  if (source === undefined) return new vscode.Range(0, 0, 0, 0);
  const { line, column, start, end } = source;
  return new vscode.Range(line, column, line, column + Math.min(end - start, markedLength));
}

/**
 * Index of the label that an issue is about. An object without label is shown at the image's first label in a COCO
 * file, which holds many images, else at the file's beginning: -1. Undefined where there is no such label.
 */
function labelIndex(image: ImageFacts, { labelId }: LabelIssue): number | undefined {
  if (labelId === null) return image.labelFile.format === 'coco' && image.labels.length > 0 ? 0 : -1;
  const index = image.labels.findIndex(label => label.id === labelId);
  return index < 0 ? undefined : index;
}
