import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../../src/common/errors';
import { CropQueue } from '../../../../src/webview/gallery/cropQueue';
import { pageSize, RowPages } from '../../../../src/webview/gallery/rowPages';

/** Requests that the test answers one by one. */
class Desk<T> {
  readonly open: { name: string; signal: AbortSignal; answer: (value: T) => void; refuse: (error: Error) => void }[] =
    [];
  readonly asked: string[] = [];

  ask(name: string, signal: AbortSignal): Promise<T> {
    this.asked.push(name);
    return new Promise((answer, refuse) => this.open.push({ name, signal, answer, refuse }));
  }

  async answerNext(value: T): Promise<void> {
    this.open.shift()?.answer(value);
    await settled();
  }
}

const settled = () => new Promise(resolve => setTimeout(resolve));

describe('CropQueue', () => {
  const queueOf = (desk: Desk<string>, maxSize = 1000) => {
    let changes = 0;
    const queue = new CropQueue<string>({
      load: (key, signal) => desk.ask(key, signal),
      sizeOf: text => text.length,
      onChange: () => changes++,
      atOnce: 2,
      maxSize,
    });
    return { queue, changes: () => changes };
  };

  it('loads in the order of importance, a few at once', async () => {
    const desk = new Desk<string>();
    const { queue, changes } = queueOf(desk);
    queue.want(['b', 'a', 'c']);
    expect(desk.asked).toEqual(['b', 'a']);
    await desk.answerNext('picture of b');
    expect(desk.asked).toEqual(['b', 'a', 'c']);
    expect(queue.get('b')).toBe('picture of b');
    expect(queue.get('a')).toBeUndefined();
    expect(changes()).toBe(1);
  });

  it('gives up what has scrolled away, and does not take its late answer', async () => {
    const desk = new Desk<string>();
    const { queue } = queueOf(desk);
    queue.want(['a', 'b', 'c']);
    const [a, b] = desk.open;
    queue.want(['b', 'd']);
    expect([a.signal.aborted, b.signal.aborted]).toEqual([true, false]);
    expect(desk.asked).toEqual(['a', 'b', 'd']);
    a.answer('too late');
    await settled();
    expect(queue.get('a')).toBeUndefined();
  });

  it('asks for nothing twice, not even for what cannot be had', async () => {
    const desk = new Desk<string>();
    const { queue } = queueOf(desk);
    queue.want(['a', 'b']);
    desk.open.shift()?.refuse(new Error('no such image'));
    await settled();
    await desk.answerNext('b');
    queue.want(['a', 'b']);
    expect(queue.get('a')).toBeNull();
    expect(desk.asked).toEqual(['a', 'b']);
  });

  it('asks again for what its host has cancelled, once it is wanted again', async () => {
    const desk = new Desk<string>();
    const { queue } = queueOf(desk);
    queue.want(['a', 'b', 'c']);
    desk.open.shift()?.refuse(new CancelledError());
    await settled();
    expect(queue.get('a')).toBeUndefined();
    expect(desk.asked).toEqual(['a', 'b', 'c']);
    await desk.answerNext('b');
    await desk.answerNext('c');
    queue.want(['a', 'b', 'c']);
    expect(desk.asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it('keeps within its bound, and always what is in view', async () => {
    const desk = new Desk<string>();
    const { queue } = queueOf(desk, 25);
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      queue.want([key]);
      await desk.answerNext('0123456789');
    }
    expect(['a', 'b', 'c', 'd', 'e'].filter(key => queue.get(key) !== undefined)).toEqual(['d', 'e']);
    queue.want(['d', 'e', 'f', 'g']);
    await desk.answerNext('0123456789');
    await desk.answerNext('0123456789');
    expect(['d', 'e', 'f', 'g'].every(key => queue.get(key) !== undefined)).toBe(true);
    queue.clear();
    expect(queue.get('d')).toBeUndefined();
  });
});

describe('RowPages', () => {
  const counts = [250, 0, 90];
  const pagesOf = (desk: Desk<string[]>, errors: unknown[] = []) =>
    new RowPages<string>(
      counts,
      (section, offset, limit, signal) => desk.ask(`${section}: ${offset}+${limit}`, signal),
      () => undefined,
      error => errors.push(error),
    );
  const rows = (section: number, offset: number, limit: number) =>
    Array.from({ length: limit }, (_, i) => `${section}/${offset + i}`);

  it('loads the pages of a range, each in its section, and finds rows by their place among all', async () => {
    const desk = new Desk<string[]>();
    const pages = pagesOf(desk);
    pages.want(195, 255);
    expect(desk.asked).toEqual(['0: 100+100', '0: 200+50']);
    await desk.answerNext(rows(0, 100, 100));
    await desk.answerNext(rows(0, 200, 50));
    expect(desk.asked.at(-1)).toBe('2: 0+90');
    await desk.answerNext(rows(2, 0, 90));
    expect([99, 100, 199, 249, 250, 339].map(index => pages.get(index))).toEqual([
      undefined,
      '0/100',
      '0/199',
      '0/249',
      '2/0',
      '2/89',
    ]);
    expect([...pages.items()]).toHaveLength(240);
    pages.map(text => `${text}!`);
    expect(pages.get(250)).toBe('2/0!');
    expect([...pages.items()].find(([, row]) => row === '2/89!')?.[0]).toBe(339);
  });

  it('gives up pages that are passed over by a scroll bar', async () => {
    const desk = new Desk<string[]>();
    const pages = pagesOf(desk);
    pages.want(0, 10);
    pages.want(240, 250);
    const [first, last] = desk.open;
    expect([first.signal.aborted, last.signal.aborted]).toEqual([true, false]);
    first.answer(rows(0, 0, 100));
    await settled();
    expect(pages.get(0)).toBeUndefined();
    pages.want(0, 10);
    expect(desk.asked).toEqual(['0: 0+100', '0: 200+50', '0: 0+100']);
  });

  it('tells of a failure once and leaves the page alone', async () => {
    const desk = new Desk<string[]>();
    const errors: unknown[] = [];
    const pages = pagesOf(desk, errors);
    pages.want(0, 10);
    desk.open.shift()?.refuse(new Error('disk'));
    await settled();
    pages.want(0, 10);
    expect(desk.asked).toHaveLength(1);
    expect(errors).toHaveLength(1);
  });

  it('keeps a bounded number of rows however far one scrolls', async () => {
    const desk = new Desk<string[]>();
    const pages = new RowPages<string>(
      [1_000_000],
      (_section, offset, limit, signal) => desk.ask(`${offset} ${limit}`, signal),
      () => undefined,
      () => undefined,
    );
    for (let offset = 0; offset < 20_000; offset += pageSize) {
      pages.want(offset, offset + 1);
      await desk.answerNext(rows(0, offset, pageSize));
    }
    const loaded = [...pages.items()];
    expect(loaded.length).toBeLessThanOrEqual(40 * pageSize);
    expect(pages.get(19_999)).toBe('0/19999');
    expect(pages.get(0)).toBeUndefined();
  });
});
