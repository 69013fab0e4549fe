/** What the overview in the side bar shows, and what its page asks for. */
import type { IssueKind } from './analysis';
import type { DatasetOverview, DatasetProgress, ListFilter } from './dataset';

/** What the explorer's lists are narrowed to: of all this, what is there holds. */
export interface ExplorerFilter extends ListFilter {
  /** Of suspicions: the other lists have none and are not shown. */
  readonly kind?: IssueKind;
}

export interface OverviewState {
  /** File or folder name of the data set; undefined where none is chosen. */
  readonly dataset: string | undefined;
  /** Of its labels: `COCO JSON`. */
  readonly format: string | undefined;
  /** Data sets found in the workspace; undefined where none were looked for. */
  readonly search:
    { readonly datasets: number; /** There may be others: it is too large. */ readonly isCut: boolean } | undefined;
  /** What the store holds; undefined before the first run. */
  readonly overview: DatasetOverview | undefined;
  /** Suspicions that are listed. */
  readonly issues: number;
  readonly filter: ExplorerFilter;
  /** While a run is under way. */
  readonly progress: DatasetProgress | undefined;
}

/** Parts of the overview that narrow the lists: one at a time is added to what holds, or taken out of it. */
export type OverviewPart = 'category' | 'level' | 'band';

/** Requests of the overview's page. */
export interface OverviewMethods {
  getState: { params: undefined; result: OverviewState };
  /** Narrows the explorer's lists to a class, level or band alone; without a value no longer. */
  filter: { params: { readonly part: OverviewPart; readonly value?: string }; result: null };
  analyzeDataset: { params: undefined; result: null };
  cancelRun: { params: undefined; result: null };
}

export interface OverviewSide {
  methods: OverviewMethods;
  events: { stateChanged: undefined };
}
