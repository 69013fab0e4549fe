import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/extension/explorer/runOutcome';
import type { DatasetRunResult } from '../../../src/protocol/dataset';
import { t } from './labelFiles/support';

/** `images` are all that are listed, whatever became of them. */
const result = (counts: Partial<DatasetRunResult>): DatasetRunResult => ({
  ...{ store: 's', state: 'done', images: 0, computed: 0, reused: 0, failed: 0, missing: 0, unmatched: [], seconds: 7 },
  ...counts,
});

describe('what is told of a run', () => {
  it.each([
    [{ images: 9, computed: 4, reused: 5 }, 'information', 'Focal Lens: 9 images analyzed in 7 s'],
    [{ images: 9, computed: 7, failed: 2 }, 'warning', '2 of 9 images could not be analyzed.'],
    // Listed are those that are missing, too.
    [{ images: 9, computed: 8, missing: 1 }, 'warning', '1 of 9 images were not found.'],
    [
      { images: 9, reused: 6, failed: 2, missing: 1 },
      'warning',
      '2 of 9 images could not be analyzed. 1 of 9 images were not found.',
    ],
    [{ images: 9, failed: 9 }, 'error', 'None of the 9 images could be analyzed. a.jpg: is no image'],
    [{ images: 9, failed: 8, missing: 1 }, 'error', 'None of the 9 images could be analyzed. a.jpg: is no image'],
    [{ images: 9, missing: 9 }, 'error', 'None of the 9 images of the dataset was found where its labels expect them.'],
    [{ images: 0 }, 'information', 'Focal Lens: 0 images analyzed in 7 s'],
  ] as const)('%j', (counts, severity, text) => {
    const outcome = outcomeOf(result(counts), 'a.jpg: is no image', t);
    expect(outcome).toEqual({ severity, text, hasFailures: 'failed' in counts });
  });
});
