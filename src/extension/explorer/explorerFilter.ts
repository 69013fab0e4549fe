import type { IssueKind } from '../../protocol/analysis';
import type { ListFilter } from '../../protocol/dataset';
import { plainText } from '../labelFiles/markdownText';
import type { Translate } from '../labelFiles/translate';
import { issueKindTitle } from './explorerText';

/** What the explorer's lists are narrowed to. */
export interface ExplorerFilter extends ListFilter {
  /** Of suspicions: the other lists have none and are not shown. */
  readonly kind?: IssueKind;
}

/** What of it the store is asked for. */
export function listFilter({ category, image, level }: ExplorerFilter): ListFilter {
  return { category, image, level };
}

export function isFiltering({ category, image, level, kind }: ExplorerFilter): boolean {
  return category !== undefined || image !== undefined || level !== undefined || kind !== undefined;
}

/** `class boat · images named “0012”` */
export function filterText({ category, image, level, kind }: ExplorerFilter, t: Translate): string {
  const parts = [
    category === undefined ? undefined : t('class {0}', plainText(category)),
    kind === undefined ? undefined : issueKindTitle(kind, t),
    level === undefined ? undefined : t('level {0}', plainText(level)),
    image === undefined ? undefined : t('images named “{0}”', plainText(image)),
  ];
  return parts.filter(part => part !== undefined).join(' · ');
}
