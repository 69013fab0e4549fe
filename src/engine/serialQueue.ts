import { throwIfCancelled } from '../common/errors';

/** Runs tasks one at a time in the order they came. A task cancelled while it waits never starts. */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const result = this.tail.then(() => {
      throwIfCancelled(signal);
      return task();
    });
    this.tail = result.catch(() => undefined);
    return result;
  }
}
