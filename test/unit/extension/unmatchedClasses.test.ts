import { describe, expect, it } from 'vitest';
import { mapClasses } from '../../../src/analysis/classMapping';
import { unmatchedClasses } from '../../../src/extension/classMapping/unmatchedClasses';
import { imageLabels, makeLabel } from '../analysis/analysisInput';
import { label } from './labelFiles/support';

const names = ['cat', 'hound', 'crowd', 'hound'];
const dataset = imageLabels(names.map((name, i) => makeLabel(String(i), name, [0, 0, 9, 9])));

function unmatched(left: readonly string[]) {
  const config = {
    ...{ classes: ['__background__', 'cat'], classesNamed: true, categoryIds: undefined },
    categoryColumns: left.map(name => [name, -1] as const),
  };
  const { columns, notes } = mapClasses(dataset, config);
  return unmatchedClasses({ labels: names.map((category, i) => label({ category, column: columns[i] ?? 0 })), notes });
}

describe('unmatchedClasses', () => {
  it('names classes without a column once, and none where all that lack one are left out on purpose', () => {
    expect(unmatched([])).toEqual(['crowd', 'hound']);
    expect(unmatched(['hound', 'crowd'])).toEqual([]);
  });
});
