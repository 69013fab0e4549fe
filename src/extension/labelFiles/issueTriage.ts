import type { Disposable } from '../../common/disposables';
import type { LabelFileInfo } from '../../protocol/analysis';
import type { IssuePlace } from './judgements';

/** A suspicion, and where it is suspected. What is read from a store of a data set is one. */
export interface IssueAt extends IssuePlace {
  /** The image's file. */
  readonly image: string;
  /** What names the data set of an image that may be of another one than the explorer's. */
  readonly labelFile?: LabelFileInfo;
}

/** What people have made of a suspicion. */
export type IssueState =
  | { readonly state: 'open' }
  /** A label error indeed, to be corrected by whoever edits the labels; the reason may be empty. */
  | { readonly state: 'confirmed'; readonly reason: string }
  | { readonly state: 'dismissed'; readonly reason: string }
  | { readonly state: 'fixed' };

/** What needs no looking at any more. */
export type SettledState = Extract<IssueState, { state: 'dismissed' | 'fixed' }>;

/** What was confirmed is an error until it has been fixed. */
export function isSettled(state: IssueState): state is SettledState {
  return state.state === 'dismissed' || state.state === 'fixed';
}

/** Keeps what people have made of suspicions. Settled ones are listed nowhere but among each other. */
export interface IssueTriage {
  stateOf(issue: IssueAt): IssueState;
  /** It is no label error; kept beside the data set, so that a team shares it. */
  dismiss(issue: IssueAt, reason: string): Promise<void>;
  /** Takes back what was last made of it: what was confirmed before it was marked as fixed is confirmed again. */
  restore(issue: IssueAt): Promise<void>;
  /** States may be others now. */
  onDidChange(listener: () => void): Disposable;
}
