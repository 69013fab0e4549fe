import { patience } from '../../../scripts/vscode/codeServer.mjs';

export { patience };

/** Polls until `read` gives something true, and returns it; fails with `what` and what was read last. */
export async function eventually(what, read, limit = patience) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${limit / 1000} s (${JSON.stringify(value)})`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
