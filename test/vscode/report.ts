import { appendFileSync } from 'node:fs';

export type ReportEvent =
  | { readonly type: 'start'; readonly vscode: string; readonly node: string }
  | { readonly type: 'pass'; readonly title: string; readonly milliseconds: number }
  | { readonly type: 'pending'; readonly title: string }
  | { readonly type: 'fail'; readonly title: string; readonly error: string }
  /** Something measured, shown under the results. */
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'end' };

/** Appends one line to the file that `scripts/vscode/run.mjs` follows. */
export function report(event: ReportEvent): void {
  const file = process.env.FOCAL_LENS_TEST_REPORT;
  if (file === undefined) throw new Error('Start the suite with `npm run test:vscode`');
  appendFileSync(file, `${JSON.stringify(event)}\n`);
}
