import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposables';
import { LabelIndex } from '../../dataset/labelIndex';
import { commandIds } from '../commandIds';
import { CocoDocuments } from './cocoDocuments';
import { dismissIssue } from './dismissing';
import { EditedImages } from './editedImages';
import { FixEdits } from './fixEdits';
import { HoverPictures } from './hoverPictures';
import { ImageLenses } from './imageLenses';
import { LabelAnalyses } from './labelAnalyses';
import { LabelCrops } from './labelCrops';
import { LabelDocuments } from './labelDocuments';
import { labelFileSection, readLabelFileSettings } from './labelFileSettings';
import { ImageEntries } from './imageEntries';
import { labelFileSelector, LabelFormats } from './labelFormats';
import { LabelFixes } from './labelFixes';
import type { LabelFileHost } from './labelFileHost';
import { LabelHovers } from './labelHovers';
import { LabelLinks } from './labelLinks';
import { LabelMarks } from './labelMarks';
import { labelPlace } from './labelPlaces';
import { LabelNavigation } from './labelNavigation';
import { issueAt, LabelProblems, type ListedProblem } from './labelProblems';
import { SessionFacts } from './sessionFacts';
import { StoredFactsReader } from './storedFacts';
import { StoredFactsLoader } from './storedFactsLoader';
import { Tickets } from './tickets';

/** The commands of label files, with what runs them. */
export type LabelFileHandlers = Readonly<Record<LabelFileCommand, (...values: unknown[]) => unknown>>;
type LabelFileCommand =
  | typeof commandIds.analyzeLabelImage
  | typeof commandIds.openLabelInLens
  | typeof commandIds.nextWorstLabel
  | typeof commandIds.dismissProblem
  | typeof commandIds.labelFixed
  | typeof commandIds.toggleMarks;

/** What analyses tell, shown in the files that hold the labels. */
export class LabelFileFeatures implements vscode.Disposable {
  private readonly store = new DisposableStore();
  readonly facts = new SessionFacts();
  private readonly links = new LabelLinks();
  private readonly tickets = new Tickets<ListedProblem>();
  private readonly analyses: LabelAnalyses;
  private readonly navigation: LabelNavigation;
  private readonly formats = new LabelFormats();
  private readonly coco = this.store.add(new CocoDocuments());
  private readonly index = new LabelIndex();
  readonly edits = new FixEdits(this.coco, this.index);
  private readonly stored: StoredFactsLoader;

  constructor(private readonly host: LabelFileHost) {
    const { facts, links, tickets, formats, coco, edits } = this;
    const pictures = this.store.add(new HoverPictures(new LabelCrops(host)));
    const documents = this.store.add(new LabelDocuments(facts, formats));
    this.analyses = this.store.add(new LabelAnalyses(host, facts, this.store.add(new EditedImages(coco))));
    this.store.add(new LabelMarks(documents, facts));
    const reader = new StoredFactsReader(
      host.engine,
      () => host.dataset.value,
      resource => host.checkpoint(resource),
      this.index,
    );
    this.navigation = new LabelNavigation(documents, facts, reader);
    this.stored = this.store.add(new StoredFactsLoader(facts, reader, host.dataset, formats, coco, host.errors));
    const problems = this.store.add(
      new LabelProblems(
        documents,
        facts,
        host.triage,
        onFound => new ImageEntries(coco, this.index, onFound),
        file => this.stored.coverageOf(file),
      ),
    );
    const hovers = new LabelHovers({
      facts,
      documents,
      coco,
      formats,
      pictures,
      links,
      problems,
      analyses: this.analyses,
    });
    const lenses = this.store.add(new ImageLenses(facts, formats, coco, links));
    const fixes = new LabelFixes({ problems, documents, edits, tickets, errors: host.errors });
    this.store.add(vscode.languages.registerHoverProvider(labelFileSelector, hovers));
    this.store.add(vscode.languages.registerCodeLensProvider(labelFileSelector, lenses));
    this.store.add(vscode.languages.registerCodeActionsProvider(labelFileSelector, fixes, LabelFixes.metadata));
  }

  /** Every handler checks its arguments: a command can be called by anyone. */
  get handlers(): LabelFileHandlers {
    return {
      [commandIds.analyzeLabelImage]: async ticket => {
        const target = this.links.target(ticket);
        if (target !== undefined) await this.analyses.analyze(vscode.Uri.file(target.image));
      },
      [commandIds.openLabelInLens]: ticket =>
        this.reporting(async () => {
          const target = this.links.target(ticket);
          if (target === undefined) return;
          const id =
            target.index === undefined ? undefined : this.facts.imageAt(target.image)?.labels[target.index]?.id;
          await this.host.openInLens(vscode.Uri.file(target.image), labels =>
            labels.findIndex(label => label.id === id),
          );
        }),
      [commandIds.nextWorstLabel]: ticket =>
        this.reporting(async () => {
          const from = this.links.target(ticket);
          const editor = vscode.window.activeTextEditor;
          if (from?.index !== undefined) await this.navigation.goToNextAfter(from);
          else if (editor !== undefined) await this.navigation.goToNextWorst(editor);
        }),
      [commandIds.dismissProblem]: ticket =>
        this.reporting(async () => {
          const problem = this.tickets.redeem(ticket);
          if (problem !== undefined) await dismissIssue(issueAt(problem.image, problem.issue), this.host.triage);
        }),
      [commandIds.labelFixed]: () => tellToSave(),
      [commandIds.toggleMarks]: () => toggleMarks(),
    };
  }

  /** The image whose label is written at a place, analyzed or not; undefined where no label or no image is found. */
  async imageAt(document: vscode.TextDocument, position: vscode.Position): Promise<string | undefined> {
    const format = await this.formats.of(document);
    return format === undefined ? undefined : (await labelPlace(document, format, position, this.coco))?.image;
  }

  get onDidFollow(): LabelAnalyses['onDidFollow'] {
    return this.analyses.onDidFollow;
  }

  /** A label file may have been written, by whomever. */
  follow(file: string): void {
    this.analyses.follow(file);
  }

  /** The data set's store has been read: what it says about labels is of interest, whatever is open. */
  storeRead(): void {
    this.stored.storeRead();
  }

  /** What was analyzed holds no longer: with another model or card, or other settings. */
  forgetFacts(): void {
    this.facts.clear();
    this.stored.reload();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async reporting(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.host.errors.show(error);
    }
  }
}

/** A fix counts once it is in the file. */
function tellToSave(): void {
  if (vscode.window.activeTextEditor?.document.isDirty !== true) return;
  vscode.window.setStatusBarMessage(vscode.l10n.t('Save the file to have its image analyzed again.'), 5_000);
}

/** Switches marks and texts off where any is on, else both on; for the user, in all windows. */
async function toggleMarks(): Promise<void> {
  const { gutterMarks, lossText } = readLabelFileSettings(vscode.window.activeTextEditor?.document.uri);
  const on = !gutterMarks && !lossText;
  const settings = vscode.workspace.getConfiguration(labelFileSection);
  for (const key of ['gutterMarks', 'lossText']) await settings.update(key, on, vscode.ConfigurationTarget.Global);
}
