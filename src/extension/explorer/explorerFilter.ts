import type { ListFilter } from '../../protocol/dataset';
import type { ExplorerFilter } from '../../protocol/overview';
import { plainText } from '../labelFiles/markdownText';
import type { Translate } from '../labelFiles/translate';
import { groupTitle, issueKindTitle } from './explorerText';

export type { ExplorerFilter };

/** What of it the store is asked for. */
export function listFilter({ category, image, level, band }: ExplorerFilter): ListFilter {
  return { category, image, level, band };
}

export function isFiltering(filter: ExplorerFilter): boolean {
  return Object.values(filter).some(value => value !== undefined);
}

/** A filter with a part set, or taken out of it. Level and band take each other's place: both say whose loss counts. */
export function withPart<K extends keyof ExplorerFilter>(
  filter: ExplorerFilter,
  part: K,
  value: ExplorerFilter[K],
): ExplorerFilter {
  const dropped: readonly string[] = part === 'level' || part === 'band' ? ['level', 'band'] : [part];
  const kept = Object.entries(filter).filter(([key]) => !dropped.includes(key));
  return { ...Object.fromEntries(kept), ...(value === undefined ? {} : { [part]: value }) };
}

/** `class boat · images named “0012”` */
export function filterText({ category, image, level, band, kind }: ExplorerFilter, t: Translate): string {
  const parts = [
    category === undefined ? undefined : t('class {0}', plainText(category)),
    kind === undefined ? undefined : issueKindTitle(kind, t),
    level === undefined ? undefined : t('level {0}', plainText(level)),
    band === undefined ? undefined : t('loss of {0}', groupTitle(band, t)),
    image === undefined ? undefined : t('images named “{0}”', plainText(image)),
  ];
  return parts.filter(part => part !== undefined).join(' · ');
}
