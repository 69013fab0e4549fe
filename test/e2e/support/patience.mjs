/** Milliseconds within which anything that is waited for happens, on two busy cores. */
export const patience = Number(process.env.FOCAL_LENS_PATIENCE ?? 120) * 1000;

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
