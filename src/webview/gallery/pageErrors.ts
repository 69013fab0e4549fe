import { CancelledError, messageOf } from '../../common/errors';

/** What went wrong last, for the user to read and close. What was overtaken by something else fails silently. */
export class PageErrors {
  private text: string | undefined;

  constructor(private readonly onChange: () => void) {}

  get message(): string | undefined {
    return this.text;
  }

  /** Undefined where it fails. */
  async ask<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      this.add(error);
      return undefined;
    }
  }

  add(error: unknown): void {
    if (error instanceof CancelledError) return;
    this.text = messageOf(error);
    this.onChange();
  }

  dismiss(): void {
    this.text = undefined;
    this.onChange();
  }
}
