import * as vscode from 'vscode';
import type { StoredIssue } from '../../protocol/dataset';
import type { ErrorMessages } from '../errorMessages';
import { dismissIssue } from '../labelFiles/dismissing';
import type { LensTarget } from '../lensTarget';
import { revealLabel } from '../revealLabel';
import { imageOf, isRow } from './explorerItems';
import type { ExplorerNode, RowNode } from './explorerNodes';
import type { ExplorerTree } from './explorerTree';
import type { Triage } from './triage';

export interface RowHost {
  /** Shows an image's lens, and in it a label or a place. */
  showInLens(image: vscode.Uri, target: LensTarget): Promise<void>;
}

/** Commands on a row of the explorer's tree; without one, on the row that is selected. */
export class RowCommands {
  constructor(
    private readonly tree: ExplorerTree,
    private readonly view: Pick<vscode.TreeView<ExplorerNode>, 'selection'>,
    private readonly triage: Triage,
    private readonly errors: ErrorMessages,
    private readonly host: RowHost,
  ) {}

  async open(argument: unknown): Promise<void> {
    const target = this.target(argument);
    if (target === undefined || !isRow(target)) return;
    await this.host.showInLens(vscode.Uri.file(imageOf(target)), targetOf(target));
  }

  async goToLabel(argument: unknown): Promise<void> {
    const target = this.target(argument);
    if (target?.type !== 'label' && target?.type !== 'issue') return;
    const { source } = target.row;
    if (source !== undefined) await revealLabel(source).catch((error: unknown) => this.errors.show(error));
  }

  /** Asks for the reason. */
  async dismiss(argument: unknown): Promise<void> {
    await this.onIssue(argument, issue => dismissIssue(issue, this.triage));
  }

  /** It is a label error, which somebody is to correct. */
  async confirm(argument: unknown): Promise<void> {
    await this.onIssue(argument, issue => this.triage.confirm(issue));
  }

  async markFixed(argument: unknown): Promise<void> {
    await this.onIssue(argument, issue => this.triage.markFixed(issue));
  }

  async restore(argument: unknown): Promise<void> {
    await this.onIssue(argument, issue => this.triage.restore(issue));
  }

  private async onIssue(argument: unknown, act: (issue: StoredIssue) => Promise<unknown>): Promise<void> {
    const target = this.target(argument);
    if (target?.type !== 'issue') return;
    try {
      await act(target.row);
    } catch (error) {
      this.errors.show(error);
    }
  }

  async loadMore(argument: unknown): Promise<void> {
    const target = this.target(argument);
    if (target?.type === 'more') await this.tree.loadMore(target);
  }

  /** A node that our own tree has made; anything else that a caller may pass counts for nothing. */
  private target(argument: unknown): ExplorerNode | undefined {
    return this.tree.isOwn(argument) ? argument : this.view.selection[0];
  }
}

/** What the lens of a row's image is to show. */
function targetOf(node: RowNode): LensTarget {
  if (node.type === 'image' || node.type === 'failed') return {};
  const { bbox } = node.row;
  const id = node.type === 'place' ? null : node.row.label;
  return { bbox, ...(id === null ? {} : { find: labels => labels.findIndex(label => label.id === id) }) };
}
