import type { DatasetDesk } from '../engine/dataset/datasetDesk';
import type { PageCursor, StoredIssue } from '../protocol/dataset';
import type { IssuesArguments } from './arguments';
import { issueDocument } from './datasetDocument';
import { issueLine, noteLines } from './datasetSummary';
import { plural } from './format';
import { palette, type Terminal } from './terminal';

const pageSize = 1000;

/** Lists suspicions about labels from a store, the most likely first; all of them where no limit is given. */
export async function issuesCommand(args: IssuesArguments, desk: DatasetDesk, terminal: Terminal): Promise<void> {
  const issues: StoredIssue[] = [];
  let after: PageCursor | undefined;
  do {
    const limit = Math.min(pageSize, (args.limit ?? Infinity) - issues.length);
    const page = await desk.query('storedIssues', {
      store: args.store,
      limit,
      ...(args.kind === undefined ? {} : { kind: args.kind }),
      ...(after === undefined ? {} : { after }),
    });
    issues.push(...page.rows);
    after = page.next;
  } while (after !== undefined && issues.length < (args.limit ?? Infinity));

  const { issues: totals, run } = await desk.query('datasetOverview', { store: args.store });
  const notes = run?.notes ?? [];
  const total = totals.reduce((sum, { kind, issues: count }) => sum + (kind === (args.kind ?? kind) ? count : 0), 0);
  if (args.json) {
    terminal.out(
      `${JSON.stringify({ store: args.store, total, issues: issues.map(issueDocument), notes }, null, 2)}\n`,
    );
    return;
  }
  const style = palette(terminal.colours);
  const kind = args.kind === undefined ? '' : ` of kind ${args.kind}`;
  const shown = issues.length < total ? `, the ${issues.length} most likely` : '';
  const title = `${plural(total, 'suspicion')} about labels${kind}${shown}${total === 0 ? '' : ':'}`;
  const lines = [title, ...issues.map(issue => issueLine(issue, style)), ...noteLines(notes, style)];
  terminal.out(`${lines.join('\n')}\n`);
}
