/**
 * Numbers that stand for things in command links: what a link carries is made by us and means nothing elsewhere. The
 * oldest ones are forgotten.
 */
export class Tickets<T> {
  private readonly items = new Map<number, T>();
  private next = 1;

  constructor(private readonly limit = 1000) {}

  issue(item: T): number {
    const ticket = this.next++;
    this.items.set(ticket, item);
    for (const oldest of this.items.keys()) {
      if (this.items.size <= this.limit) break;
      this.items.delete(oldest);
    }
    return ticket;
  }

  /** @param ticket as a command's argument: anything */
  redeem(ticket: unknown): T | undefined {
    return typeof ticket === 'number' ? this.items.get(ticket) : undefined;
  }
}
