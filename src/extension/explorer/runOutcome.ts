import type { DatasetRunResult } from '../../protocol/dataset';
import type { Translate } from '../labelFiles/translate';

/** What a user is told of a run that has ended. */
export interface RunOutcome {
  /** `error`: nothing was analyzed at all. */
  readonly severity: 'information' | 'warning' | 'error';
  readonly text: string;
  /** Whether the store lists images that failed. */
  readonly hasFailures: boolean;
}

/** @param firstFailure why an image failed, where that is known */
export function outcomeOf(
  { images, failed, missing, computed, reused, seconds }: DatasetRunResult,
  firstFailure: string | undefined,
  t: Translate,
): RunOutcome {
  const hasFailures = failed > 0;
  const of = images.toLocaleString();
  if (computed + reused === 0 && failed > 0) {
    const text = t('None of the {0} images could be analyzed.', of);
    return { severity: 'error', text: firstFailure === undefined ? text : `${text} ${firstFailure}`, hasFailures };
  }
  if (computed + reused === 0 && missing > 0) {
    const text = t('None of the {0} images of the dataset was found where its labels expect them.', of);
    return { severity: 'error', text, hasFailures };
  }
  const left = [
    failed > 0 ? t('{0} of {1} images could not be analyzed.', failed.toLocaleString(), of) : undefined,
    missing > 0 ? t('{0} of {1} images were not found.', missing.toLocaleString(), of) : undefined,
  ].filter(text => text !== undefined);
  if (left.length > 0) return { severity: 'warning', text: left.join(' '), hasFailures };
  const text = t('Focal Lens: {0} images analyzed in {1} s', of, seconds.toFixed(0));
  return { severity: 'information', text, hasFailures };
}
