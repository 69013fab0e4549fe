import type { StoredIssue } from '../../protocol/dataset';
import type { TriageState } from '../../protocol/gallery';
import type { ChosenDataset } from '../explorer/currentDataset';
import type { Triage } from '../explorer/triage';
import type { LabelledImage } from '../../dataset/labels';
import { askReason } from '../labelFiles/dismissing';
import type { AppliedFix, GalleryFixes } from './galleryFixes';

/** Actions that can be taken back. */
const mostActions = 200;

interface Action {
  readonly issue: StoredIssue;
  readonly fix: AppliedFix | undefined;
  /** What had been made of it. */
  readonly before: TriageState;
}

/** What is made of suspicions in the gallery, and taken back, the last first. */
export class GalleryTriage {
  private readonly actions: Action[] = [];

  constructor(
    private readonly triage: Pick<Triage, 'stateOf' | 'confirm' | 'dismiss' | 'restore' | 'markFixed'>,
    private readonly fixes: Pick<GalleryFixes, 'apply' | 'revert'>,
  ) {}

  async applyFix(dataset: ChosenDataset, image: LabelledImage, issue: StoredIssue, which: number): Promise<true> {
    const before = this.triage.stateOf(issue);
    const fix = await this.fixes.apply(dataset, image, issue, which);
    this.remember({ issue, fix, before });
    // From now on it is nowhere listed; once the image has been analyzed anew, that tells what is left.
    await this.triage.markFixed(issue);
    return true;
  }

  /** False where it is confirmed already. */
  async confirm(issue: StoredIssue): Promise<boolean> {
    if (this.triage.stateOf(issue).state === 'confirmed') return false;
    await this.decide(issue, () => this.triage.confirm(issue));
    return true;
  }

  /** False where the user gives no reason. */
  async dismiss(issue: StoredIssue): Promise<boolean> {
    const reason = await askReason();
    if (reason === undefined) return false;
    await this.decide(issue, () => this.triage.dismiss(issue, reason));
    return true;
  }

  async markFixed(issue: StoredIssue): Promise<true> {
    await this.decide(issue, () => this.triage.markFixed(issue));
    return true;
  }

  async restore(issue: StoredIssue): Promise<true> {
    const action = this.actions.findLast(({ issue: other }) => isSame(other, issue));
    await this.takeBack(action ?? { issue, fix: undefined, before: { state: 'open' } });
    return true;
  }

  async undo(): Promise<boolean> {
    const action = this.actions.at(-1);
    if (action !== undefined) await this.takeBack(action);
    return action !== undefined;
  }

  private async decide(issue: StoredIssue, act: () => Promise<void>): Promise<void> {
    const before = this.triage.stateOf(issue);
    await act();
    this.remember({ issue, fix: undefined, before });
  }

  private remember(action: Action): void {
    this.actions.push(action);
    if (this.actions.length > mostActions) this.actions.shift();
  }

  private async takeBack(action: Action): Promise<void> {
    const { issue, fix, before } = action;
    const at = this.actions.indexOf(action);
    // A fix that cannot be taken back here any more is none that a second attempt should meet again.
    if (at >= 0) this.actions.splice(at, 1);
    if (fix !== undefined) await this.fixes.revert(fix);
    await this.triage.restore(issue);
    // A dismissal has taken the confirmation's place.
    if (before.state === 'confirmed' && this.triage.stateOf(issue).state !== 'confirmed') {
      await this.triage.confirm(issue, before.reason);
    }
  }
}

/** Ids are given anew when an image is analyzed again. */
function isSame(a: StoredIssue, b: StoredIssue): boolean {
  return a.image === b.image && a.kind === b.kind && a.label === b.label && a.bbox.every((v, i) => v === b.bbox[i]);
}
