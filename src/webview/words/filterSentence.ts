import { breakdownGroups, type Analysis } from '../../protocol/analysis';
import { allGroups, distinct, everyShape, type AnchorFilter } from '../lens/anchorFilter';
import { labelName } from './anchorSentence';
import { aspect, sizeFactor } from './format';

/** What a filter keeps, in words: one phrase for each of its parts. */
export function filterWords(
  { labels, model, anchors }: Pick<Analysis, 'labels' | 'model' | 'anchors'>,
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
  const level = anchors.levels[0];
  const kept = (mask: number, values: readonly number[] = []) =>
    distinct(values).filter((_, i) => (mask & (1 << i)) !== 0);
  if (ratios !== everyShape) phrases.push(`aspect ratio ${listed(kept(ratios, level?.ratios).map(aspect))}`);
  if (sizes !== everyShape) {
    const smallest = level?.sizes[0];
    phrases.push(`size ${listed(kept(sizes, level?.sizes).map(size => sizeFactor(size, smallest)))}`);
  }
  return phrases;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
