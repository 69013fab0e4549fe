import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hoverPatience, HoverPictures, type CropSource } from '../../../../src/extension/labelFiles/hoverPictures';
import type { ImageCrop } from '../../../../src/protocol/messages';

const crop = (uri: string, heat: boolean): ImageCrop => ({ uri, width: 10, height: 10, heat });
const plain = crop('plain', false);
const heat = crop('heat', true);

/** What was asked of a source whose heatmaps take so many milliseconds; without a number no model is loaded. */
class Source implements CropSource<string> {
  readonly asked: string[] = [];
  readonly finished: string[] = [];
  busy = false;
  /** Labels whose analysis is in memory. */
  readonly memory = new Set<string>();

  constructor(private readonly milliseconds: number | undefined) {}

  isBusy(): boolean {
    return this.busy;
  }

  plain(label: string): Promise<ImageCrop> {
    this.asked.push(`plain ${label}`);
    return Promise.resolve(this.memory.has(label) ? heat : plain);
  }

  async heated(label: string, signal: AbortSignal): Promise<ImageCrop | undefined> {
    this.asked.push(`heat ${label}`);
    if (this.memory.has(label)) return heat;
    if (this.milliseconds === undefined) return plain;
    await new Promise(resolve => setTimeout(resolve, this.milliseconds));
    if (signal.aborted) return undefined;
    this.finished.push(label);
    this.memory.add(label);
    return heat;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function passing<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  return work;
}

describe('the picture of a label that the pointer rests on', () => {
  it('has its heatmap where that takes a moment', async () => {
    const source = new Source(hoverPatience - 1);
    const pictures = new HoverPictures(source);
    const shown = await passing(hoverPatience, pictures.of('a.jpg', 'first', false));
    expect(shown).toEqual({ crop: heat, heatFollows: false });
    expect(source.asked).toEqual(['heat first']);
  });

  it('is plain where that takes longer, and has its heatmap the next time', async () => {
    const source = new Source(3 * hoverPatience);
    const pictures = new HoverPictures(source);
    const first = await passing(hoverPatience, pictures.of('a.jpg', 'first', false));
    expect(first).toEqual({ crop: plain, heatFollows: true });
    await vi.advanceTimersByTimeAsync(2 * hoverPatience);
    expect(source.finished).toEqual(['first']);
    expect(await passing(0, pictures.of('a.jpg', 'first', false))).toEqual({ crop: heat, heatFollows: false });
  });

  it('is plain at once where no model is loaded', async () => {
    const shown = await passing(0, new HoverPictures(new Source(undefined)).of('a.jpg', 'first', false));
    expect(shown).toEqual({ crop: plain, heatFollows: false });
  });

  it('is plain at once during a run, which is not disturbed', async () => {
    const source = new Source(1);
    source.busy = true;
    expect(await passing(0, new HoverPictures(source).of('a.jpg', 'first', false))).toEqual({
      crop: plain,
      heatFollows: false,
    });
    expect(source.asked).toEqual(['plain first']);
  });

  it('comes from the analysis in memory, or from another one where that was forgotten', async () => {
    const source = new Source(1);
    const pictures = new HoverPictures(source);
    source.memory.add('first');
    expect((await passing(0, pictures.of('a.jpg', 'first', true))).crop).toBe(heat);
    expect(source.asked).toEqual(['plain first']);
    source.memory.clear();
    expect((await passing(1, pictures.of('a.jpg', 'first', true))).crop).toBe(heat);
    expect(source.asked).toEqual(['plain first', 'plain first', 'heat first']);
  });

  it('is plain where the heatmap fails', async () => {
    const source = new Source(1);
    const failing: CropSource<string> = {
      plain: label => source.plain(label),
      heated: () => Promise.resolve(undefined),
      isBusy: () => false,
    };
    const shown = await passing(0, new HoverPictures(failing).of('a.jpg', 'first', false));
    expect(shown).toEqual({ crop: plain, heatFollows: false });
  });
});

describe('an analysis for a hover', () => {
  it('goes on while the pointer stays in the image, and is given up where it rests on another', async () => {
    const source = new Source(3 * hoverPatience);
    const pictures = new HoverPictures(source);
    await passing(hoverPatience, pictures.of('a.jpg', 'first', false));
    await passing(hoverPatience, pictures.of('a.jpg', 'second', false));
    const other = pictures.of('b.jpg', 'third', false);
    expect(await passing(4 * hoverPatience, other)).toEqual({ crop: plain, heatFollows: true });
    expect(source.finished).toEqual(['third']);
  });

  it('promises nothing where the pointer has gone to another image meanwhile', async () => {
    const pictures = new HoverPictures(new Source(3 * hoverPatience));
    const first = pictures.of('a.jpg', 'first', false);
    pictures.turnTo('b.jpg');
    expect(await passing(hoverPatience, first)).toEqual({ crop: plain, heatFollows: false });
  });

  it('is given up with the window', async () => {
    const source = new Source(3 * hoverPatience);
    const pictures = new HoverPictures(source);
    await passing(hoverPatience, pictures.of('a.jpg', 'first', false));
    pictures.dispose();
    await vi.advanceTimersByTimeAsync(5 * hoverPatience);
    expect(source.finished).toEqual([]);
  });
});
