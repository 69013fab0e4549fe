import type { Analysis } from '../../protocol/analysis';

/** How a note begins that tells of classes without a column; those left out on purpose are not noted. */
const note = 'The model has no class column for ';

/** Classes of an image's labels that the model has no column for, as far as that is worth a note. */
export function unmatchedClasses({ labels, notes }: Pick<Analysis, 'labels' | 'notes'>): string[] {
  if (!notes.some(text => text.startsWith(note))) return [];
  return [...new Set(labels.flatMap(({ category, column }) => (column < 0 ? [category] : [])))].sort();
}
