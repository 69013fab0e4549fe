/** Milliseconds without an answer after which a question first counts as lost; each time after that, twice as many. */
const patience = 5000;

/**
 * Asks again as long as nothing comes back: a page whose message was lost while it opened would wait for ever. The first
 * answer to any of the questions counts, the others are given up: a host may have been slow only.
 *
 * @param ask its signal says that an answer is not waited for any more
 */
export async function patientRequest<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const given = new AbortController();
  const asked: Promise<{ readonly answer: T }>[] = [];
  try {
    for (let wait = patience; ; wait *= 2) {
      asked.push(ask(given.signal).then(answer => ({ answer })));
      let timer: ReturnType<typeof setTimeout> | undefined;
      const silence = new Promise<undefined>(resolve => {
        timer = setTimeout(() => resolve(undefined), wait);
      });
      try {
        const settled = await Promise.race([...asked, silence]);
        if (settled !== undefined) return settled.answer;
      } finally {
        clearTimeout(timer);
      }
    }
  } finally {
    given.abort();
  }
}
