import type { IssueKind } from '../../protocol/analysis';
import type { ConfirmedIssue, SettledIssue } from './triage';
import type {
  CategoryTotal,
  DatasetOverview,
  FailedImage,
  PageCursor,
  RunInfo,
  StoredImage,
  StoredIssue,
  StoredLabel,
  StoredPlace,
} from '../../protocol/dataset';

/** A list of rows that is read from the store page by page. */
export type StoredList =
  | { readonly of: 'issues'; readonly kind: IssueKind }
  | { readonly of: 'labels'; readonly category?: number }
  /** `confirmed`, `settled`: suspicions that were confirmed; that were dismissed or marked as fixed. */
  | { readonly of: 'uncovered' | 'images' | 'places' | 'failed' | 'confirmed' | 'settled' };

/** A row of a list, and which kind it is. */
export type RowNode =
  | {
      readonly type: 'issue';
      readonly row: StoredIssue;
      readonly settled?: SettledIssue['state'];
      readonly confirmed?: ConfirmedIssue['state'];
      /** In the list of what was confirmed; it is in the one of its kind as well. */
      readonly again?: true;
    }
  | { readonly type: 'label'; readonly row: StoredLabel }
  | { readonly type: 'image'; readonly row: StoredImage }
  | { readonly type: 'place'; readonly row: StoredPlace }
  | { readonly type: 'failed'; readonly row: FailedImage };

/** How many suspicions of a kind are listed. */
export type IssueCount = DatasetOverview['issues'][number];

export type ExplorerNode =
  /** What the lists are narrowed to, and whether that leaves nothing of them. */
  | { readonly type: 'filter'; readonly text: string; readonly isEmpty: boolean }
  /** The latest run did not come to its end: so many of its images are stored. */
  | { readonly type: 'unfinished'; readonly run: RunInfo; readonly done: number }
  /** `notes`: what is to be known of the run that suspects them. */
  | { readonly type: 'issueKinds'; readonly kinds: readonly IssueCount[]; readonly notes: readonly string[] }
  | { readonly type: 'categories'; readonly overview: DatasetOverview }
  | {
      readonly type: 'list';
      readonly list: StoredList;
      readonly title: string;
      readonly count: number | undefined;
      readonly expanded?: boolean;
    }
  | { readonly type: 'category'; readonly total: CategoryTotal; readonly share: number }
  | RowNode
  | { readonly type: 'more'; readonly parent: ExplorerNode; readonly cursor: PageCursor };

/** The list whose rows are a node's children, if that is what they are. */
export function listOf(node: ExplorerNode): StoredList | undefined {
  if (node.type === 'list') return node.list;
  return node.type === 'category' ? { of: 'labels', category: node.total.id } : undefined;
}

/** Distinguishes nodes while the tree lives, so that what is expanded stays so. */
export function nodeId(node: ExplorerNode): string {
  switch (node.type) {
    case 'filter':
    case 'unfinished':
    case 'issueKinds':
    case 'categories':
      return node.type;
    case 'list':
      return `list ${JSON.stringify(node.list)}`;
    case 'category':
      return `category ${node.total.id}`;
    case 'more':
      return `more ${nodeId(node.parent)}`;
    case 'issue':
      return `${node.again === true ? 'confirmed ' : ''}issue ${node.row.id}`;
    default:
      return `${node.type} ${node.row.id}`;
  }
}
