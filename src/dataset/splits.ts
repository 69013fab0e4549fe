import { UserError } from '../common/errors';
import type { Dataset } from './dataset';
import { quote } from './labelProblems';

/** The error for a split that a data set does not have. */
export function noSuchSplit(split: string | undefined, { path, splits }: Pick<Dataset, 'path' | 'splits'>): UserError {
  const names = splits.map(({ name }) => name);
  const there = names.length === 0 ? 'it has none' : `it has ${names.slice(0, 20).join(', ')}`;
  return new UserError(`has no split ${quote(split ?? '')}: ${there}`, { where: path, remedy: 'name one that it has' });
}
