import type { Disposable } from '../../common/disposables';
import type { LabelFileInfo } from '../../protocol/analysis';
import type { TriageState } from '../../protocol/gallery';
import type { IssuePlace } from './judgements';

/** A suspicion, and where it is suspected. What is read from a store of a data set is one. */
export interface IssueAt extends IssuePlace {
  /** The image's file. */
  readonly image: string;
  /** What names the data set of an image that may be of another one than the explorer's. */
  readonly labelFile?: LabelFileInfo;
}

/** Keeps what people have made of suspicions. Settled ones are listed nowhere but among each other. */
export interface IssueTriage {
  stateOf(issue: IssueAt): TriageState;
  /** It is no label error; kept beside the data set, so that a team shares it. */
  dismiss(issue: IssueAt, reason: string): Promise<void>;
  /** Takes back what was last made of it: what was confirmed before it was marked as fixed is confirmed again. */
  restore(issue: IssueAt): Promise<void>;
  /** States may be others now. */
  onDidChange(listener: () => void): Disposable;
}
