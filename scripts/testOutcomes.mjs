// What became of the parts of `npm test`: how many tests passed, failed and were skipped, and the failed ones' names.
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './setup.mjs';

/** Characters of a line that is quoted. */
const longestQuote = 300;

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} failures full names of what failed
 */

/**
 * The outcome that vitest's JSON report tells.
 * @returns {Outcome}
 */
export function vitestOutcome({ numPassedTests, numPendingTests, testResults }) {
  const failures = testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(root, name);
    const tests = assertionResults
      .filter(test => test.status === 'failed')
      .map(({ ancestorTitles, title }) => [file, ...ancestorTitles, title].join(' > '));
    // A file may fail as a whole: it does not load, or a hook fails.
    return status === 'failed' && tests.length === 0 ? [file] : tests;
  });
  return { passed: numPassedTests, failed: failures.length, skipped: numPendingTests, failures };
}

/**
 * The outcome of one suite, its names preceded by the suite's own. A suite that fails outside its tests (a crashed
 * worker, a host that did not start) must not look green.
 * @param {string} name of the suite
 * @param {number | null} status that its process ended with
 * @param {Outcome | undefined} told by the suite; undefined where it left no summary
 * @param {string} [errors] what its process wrote to standard error
 * @returns {Outcome}
 */
export function suiteOutcome(name, status, told, errors = '') {
  if (told === undefined) {
    const last =
      stripVTControlCharacters(errors)
        .trim()
        .split(/\s*[\r\n]+\s*/)
        .at(-1) ?? '';
    return failedSuite(name, `ended without a summary${last === '' ? '' : ` (${last.slice(0, longestQuote)})`}`);
  }
  const failures = told.failures.map(failure => `${name}: ${failure}`);
  if (status === 0 || told.failed > 0) return { ...told, failures };
  return { ...told, failed: 1, failures: [`${name}: failed outside its tests`] };
}

/**
 * The outcome of a suite that failed as a whole.
 * @returns {Outcome}
 */
export function failedSuite(name, why) {
  return { passed: 0, failed: 1, skipped: 0, failures: [`${name}: ${why}`] };
}

/**
 * The outcome of a command that counts as one test.
 * @returns {Outcome}
 */
export function commandOutcome(command, status) {
  return status === 0
    ? { passed: 1, failed: 0, skipped: 0, failures: [] }
    : { passed: 0, failed: 1, skipped: 0, failures: [`command: ${command}`] };
}

/**
 * What `npm test` prints last: the names of what failed, then one line of counts, since often only the end of an output
 * is kept.
 * @param {readonly Outcome[]} outcomes
 */
export function closingLines(outcomes) {
  const sum = key => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const failures = outcomes.flatMap(outcome => outcome.failures);
  return [
    ...(failures.length === 0 ? [] : ['Failed:', ...failures.map(failure => `  ${failure}`)]),
    `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`,
  ];
}
