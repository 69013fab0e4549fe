/** `npm test` names what failed where only the end of its output is kept. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
}

interface OutcomesScript {
  vitestOutcome(report: unknown): Outcome;
  suiteOutcome(name: string, status: number | null, told: Outcome | undefined, errors?: string): Outcome;
  commandOutcome(command: string, status: number | null): Outcome;
  closingLines(outcomes: readonly Outcome[]): string[];
}

const root = join(import.meta.dirname, '..', '..', '..');
const green: Outcome = { passed: 3, failed: 0, skipped: 1, failures: [] };
let script: OutcomesScript;

beforeAll(async () => {
  script = (await import(pathToFileURL(join(root, 'scripts', 'testOutcomes.mjs')).href)) as OutcomesScript;
});

/** As vitest's JSON reporter writes it. */
const report = {
  numPassedTests: 1,
  numFailedTests: 1,
  numPendingTests: 2,
  testResults: [
    {
      name: join(root, 'test', 'unit', 'model', 'anchors.test.ts'),
      status: 'failed',
      assertionResults: [
        { ancestorTitles: ['anchors', 'of P6'], title: 'have the stride', status: 'failed' },
        { ancestorTitles: ['anchors'], title: 'are many', status: 'passed' },
      ],
    },
    { name: join(root, 'test', 'unit', 'broken.test.ts'), status: 'failed', assertionResults: [] },
  ],
};

describe('the outcome of vitest', () => {
  it('names failed tests in full, and files that fail as a whole', () => {
    expect(script.vitestOutcome(report)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 2,
      failures: [
        join('test', 'unit', 'model', 'anchors.test.ts > anchors > of P6 > have the stride'),
        'test/unit/broken.test.ts',
      ],
    });
  });
});

describe('the outcome of a suite', () => {
  it('is what the suite told', () => {
    expect(script.suiteOutcome('unit', 0, green)).toEqual(green);
    const told = { ...green, failed: 1, failures: ['explorer lists labels'] };
    expect(script.suiteOutcome('vscode', 1, told)).toEqual({ ...told, failures: ['vscode: explorer lists labels'] });
  });

  it('is a failure where the suite failed outside its tests, or told nothing', () => {
    expect(script.suiteOutcome('unit', 1, green)).toEqual({
      ...green,
      failed: 1,
      failures: ['unit: failed outside its tests'],
    });
    expect(script.suiteOutcome('e2e', null, undefined)).toMatchObject({
      failed: 1,
      failures: ['e2e: ended without a summary'],
    });
  });

  it('quotes the last thing that a suite without a summary wrote of errors', () => {
    const errors = 'Installing code-server ...\n\u001b[31mnpm error code E404\u001b[0m\n\n';
    expect(script.suiteOutcome('vscode', 1, undefined, errors).failures).toEqual([
      'vscode: ended without a summary (npm error code E404)',
    ]);
    expect(script.suiteOutcome('vscode', 1, undefined, 'x'.repeat(1000)).failures[0]).toHaveLength(334);
  });
});

describe('the end of the output', () => {
  it('is the line of counts alone where nothing failed', () => {
    expect(script.closingLines([green, script.commandOutcome('npm start', 0)])).toEqual([
      '4 passed, 0 failed, 1 skipped',
    ]);
  });

  it('names what failed right before the line of counts', () => {
    const outcomes = [
      script.suiteOutcome('unit', 1, script.vitestOutcome(report)),
      script.commandOutcome('npm start', 1),
    ];
    const lines = script.closingLines(outcomes);
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain('have the stride');
    expect(lines.slice(2)).toEqual([
      '  unit: test/unit/broken.test.ts',
      '  command: npm start',
      '1 passed, 3 failed, 2 skipped',
    ]);
  });
});
