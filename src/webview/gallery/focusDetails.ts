import type { GalleryDetails } from '../../protocol/gallery';

/** Milliseconds that the focus rests before more is asked about its tile. */
const rest = 120;

/** Names an item in requests. */
export interface ItemRef {
  readonly revision: number;
  readonly key: string;
}

type LoadDetails = (item: ItemRef, signal: AbortSignal) => Promise<GalleryDetails>;

/** More about the focused tile, asked for once the focus rests on it. */
export class FocusDetails {
  private known: { readonly item: ItemRef; readonly value: GalleryDetails } | undefined;
  private asked: { readonly item: ItemRef; readonly abort: AbortController } | undefined;

  constructor(
    private readonly load: LoadDetails,
    private readonly onChange: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  get(item: ItemRef | undefined): GalleryDetails | undefined {
    return isSame(this.known?.item, item) ? this.known?.value : undefined;
  }

  /** The focus is on an item. */
  follow(item: ItemRef | undefined): void {
    if (isSame(this.asked?.item, item)) return;
    this.askAgain();
    if (item === undefined) return;
    const abort = new AbortController();
    this.asked = { item, abort };
    setTimeout(() => {
      if (!abort.signal.aborted) void this.ask(item, abort.signal).catch(this.onError);
    }, rest);
  }

  /** At once, for who decides faster than that. */
  async now(item: ItemRef): Promise<GalleryDetails> {
    return this.get(item) ?? this.ask(item, new AbortController().signal);
  }

  /** What is known may have changed; it is shown until there is another answer. */
  askAgain(): void {
    this.asked?.abort.abort();
    this.asked = undefined;
  }

  private async ask(item: ItemRef, signal: AbortSignal): Promise<GalleryDetails> {
    const value = await this.load(item, signal);
    this.known = { item, value };
    this.onChange();
    return value;
  }
}

function isSame(a: ItemRef | undefined, b: ItemRef | undefined): boolean {
  return a?.key === b?.key && a?.revision === b?.revision;
}
