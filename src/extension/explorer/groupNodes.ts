import type { DatasetOverview } from '../../protocol/dataset';
import type { Translate } from '../labelFiles/translate';
import { isFiltering, type ExplorerFilter } from './explorerFilter';
import type { ExplorerNode, IssueCount, StoredList } from './explorerNodes';
import { issueKindTitle } from './explorerText';

/**
 * The lists that a store has something to show in. Counts are of whole lists: of those that a filter narrows, and may
 * leave nothing of, there are none.
 */
export function listNodes(
  overview: DatasetOverview,
  filter: ExplorerFilter,
  kinds: readonly IssueCount[],
  decided: { readonly confirmed: number; readonly settled: number },
  t: Translate,
): ExplorerNode[] {
  const whole = !isFiltering(filter);
  const { confirmed, settled } = decided;
  const classes = overview.categories.filter(({ name }) => filter.category === undefined || name === filter.category);
  const uncovered = classes.reduce((sum, category) => sum + category.uncovered, 0);
  const list = (of: StoredList, title: string, count: number | undefined): ExplorerNode => ({
    ...{ type: 'list', list: of, title },
    count: whole ? count : undefined,
    // What was asked for is seen at once.
    expanded: !whole && (of.of === 'labels' || filter.level !== undefined || filter.band !== undefined),
  });
  const places = list({ of: 'places' }, t('Hardest Background'), undefined);
  const suspected: ExplorerNode[] =
    kinds.length > 0 ? [{ type: 'issueKinds', kinds, notes: overview.run?.notes ?? [] }] : [];
  if (filter.kind !== undefined) return suspected;
  const images = list({ of: 'images' }, t('Images by Loss'), overview.images);
  if (filter.level !== undefined) return [places, images];
  if (filter.band !== undefined) return [images];
  const all: (ExplorerNode | undefined)[] = [
    ...suspected,
    whole && confirmed > 0 ? list({ of: 'confirmed' }, t('Confirmed Label Errors'), confirmed) : undefined,
    list({ of: 'labels' }, t('Labels by Loss'), overview.labels),
    images,
    whole ? { type: 'categories', overview } : undefined,
    places,
    uncovered > 0 ? list({ of: 'uncovered' }, t('Labels No Anchor Covers'), uncovered) : undefined,
    whole && settled > 0 ? list({ of: 'settled' }, t('Dismissed or Fixed'), settled) : undefined,
    // What failed has no labels.
    overview.failed > 0 && filter.category === undefined
      ? list({ of: 'failed' }, t('Images That Failed'), overview.failed)
      : undefined,
  ];
  return all.filter(node => node !== undefined);
}

/** Tells of a run that did not come to its end, so that it can go on. */
export function unfinishedNodes({ run, images, failed }: DatasetOverview): ExplorerNode[] {
  return run === undefined || run.state === 'done' ? [] : [{ type: 'unfinished', run, done: images + failed }];
}

export function kindNodes(kinds: readonly IssueCount[], t: Translate): ExplorerNode[] {
  return kinds.map(({ kind, issues }) => ({
    type: 'list',
    list: { of: 'issues', kind },
    title: issueKindTitle(kind, t),
    count: issues,
  }));
}

export function categoryNodes(overview: DatasetOverview): ExplorerNode[] {
  const loss = (total: DatasetOverview['categories'][number]) => total.classification + total.boxRegression;
  const sum = overview.categories.reduce((all, total) => all + loss(total), 0);
  return overview.categories.map(total => ({ type: 'category', total, share: sum > 0 ? loss(total) / sum : 0 }));
}
