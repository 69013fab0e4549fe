import type { Disposable } from '../../common/disposables';
import type { LabelFileInfo } from '../../protocol/analysis';
import type { IssuePlace } from './dismissals';

/** A suspicion, and where it is suspected. What is read from a store of a data set is one. */
export interface IssueAt extends IssuePlace {
  /** The image's file. */
  readonly image: string;
  /** What names the data set of an image that may be of another one than the explorer's. */
  readonly labelFile?: LabelFileInfo;
}

/** What people have made of a suspicion. */
export type IssueState =
  { readonly state: 'open' } | { readonly state: 'dismissed'; readonly reason: string } | { readonly state: 'fixed' };

/** Keeps what people have made of suspicions. Those that are not open are listed nowhere but among the settled ones. */
export interface IssueTriage {
  stateOf(issue: IssueAt): IssueState;
  /** It is no label error; kept beside the data set, so that a team shares it. */
  dismiss(issue: IssueAt, reason: string): Promise<void>;
  /** Takes back whatever was made of it. */
  restore(issue: IssueAt): Promise<void>;
  /** States may be others now. */
  onDidChange(listener: () => void): Disposable;
}
