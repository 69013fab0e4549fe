import { breakdownGroups, type Analysis } from '../../protocol/analysis';
import { allGroups, everyShape, type AnchorFilter } from '../lens/anchorFilter';
import { labelName } from './anchorSentence';

/** What a filter keeps, in words: one phrase for each of its parts. */
export function filterWords(
  { labels, model }: Pick<Analysis, 'labels' | 'model'>,
  { groups, label, column, ratios, sizes }: AnchorFilter,
): string[] {
  const phrases: string[] = [];
  const matched = label === undefined ? undefined : labels[label];
  if (matched !== undefined) phrases.push(`matched to ${labelName(matched)}`);
  if (groups !== allGroups) {
    const names = breakdownGroups.filter((_, i) => (groups & (1 << i)) !== 0);
    phrases.push(names.map(name => name.replace('/', ' ')).join(', '));
  }
  if (column !== undefined) phrases.push(`class ${model.classes[column] ?? column}`);
  if (ratios !== everyShape) phrases.push('some aspect ratios');
  if (sizes !== everyShape) phrases.push('some sizes');
  return phrases;
}
