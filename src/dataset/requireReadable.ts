import { UserError } from '../common/errors';
import type { ImageLabels } from './labels';

/** Not one of an image's entries can be read; what the rest of the file says is known all the same. */
export class UnreadableLabelsError extends UserError {
  constructor(
    what: string,
    where: string,
    readonly labels: ImageLabels,
  ) {
    super(what, { where, remedy: 'correct the file' });
  }
}

/**
 * Labels that an image may be analysed with: an image whose entries were all left out is none without objects.
 * @throws UnreadableLabelsError naming the first entry that was left out
 */
export function requireReadable<T extends ImageLabels | undefined>(labels: T): T {
  if (labels?.leftOut === undefined || labels.labels.length > 0) return labels;
  const { first, count } = labels.leftOut;
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  throw new UnreadableLabelsError(
    `${first.message}${more}: none of the image's entries can be read`,
    `${first.file}:${first.line + 1}`,
    labels,
  );
}
