// The suite reports to a file, one JSON object a line, since the two hosts hand its output on differently or not at all.
import { existsSync, readFileSync } from 'node:fs';

/** Prints results as they are written to `file`; `finish()` prints the rest and returns counts and what failed. */
export function followReport(file) {
  const summary = { passed: 0, failed: 0, skipped: 0, failures: [], started: false, ended: false };
  let read = 0;
  const poll = () => {
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    const complete = text.lastIndexOf('\n') + 1;
    for (const line of text.slice(read, complete).split('\n')) {
      if (line !== '') show(JSON.parse(line), summary);
    }
    read = complete;
  };
  const timer = setInterval(poll, 250);
  return {
    finish() {
      clearInterval(timer);
      poll();
      return summary;
    },
  };
}

function show(event, summary) {
  switch (event.type) {
    case 'start':
      summary.started = true;
      console.log(`VS Code ${event.vscode}, extension host on Node ${event.node}`);
      break;
    case 'pass':
      summary.passed++;
      console.log(`  ✓ ${event.title} (${event.milliseconds} ms)`);
      break;
    case 'fail':
      summary.failed++;
      summary.failures.push(event.title);
      console.log(`  ✗ ${event.title}\n${event.error.replace(/^/gm, '      ')}`);
      break;
    case 'pending':
      summary.skipped++;
      console.log(`  - ${event.title}`);
      break;
    case 'note':
      console.log(`    ${event.text}`);
      break;
    case 'end':
      summary.ended = true;
      break;
  }
}
