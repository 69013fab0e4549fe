import type { LabelledImage, LabelProblem } from './labels';

const maxProblems = 100;

/** Collects what is wrong with label files; after the first hundred only counts, so that a broken file stays readable. */
export class ProblemList {
  private readonly kept: LabelProblem[] = [];
  private dropped = 0;
  private last: LabelProblem | undefined;
  private unread: { readonly first: LabelProblem; readonly count: number } | undefined;

  /** @param line 0-based */
  add(file: string, line: number, message: string): void {
    const problem = { message, file, line };
    this.last = problem;
    if (this.kept.length < maxProblems) this.kept.push(problem);
    else this.dropped++;
  }

  /** Adds what is wrong with an entry of the image that cannot be used because of it. */
  leaveOut(file: string, line: number, message: string): void {
    const { first, count } = this.unread ?? { first: { message, file, line }, count: 0 };
    this.unread = { first, count: count + 1 };
    this.add(file, line, message);
  }

  /** Entries given to {@link leaveOut}, see `ImageLabels`. */
  get leftOut(): { readonly first: LabelProblem; readonly count: number } | undefined {
    return this.unread;
  }

  toArray(): readonly LabelProblem[] {
    if (this.dropped === 0 || this.last === undefined) return [...this.kept];
    return [...this.kept, { ...this.last, message: `${this.dropped} more problems, the last of them here` }];
  }
}

/** Text from a data set as it may stand in a message: quoted, control characters escaped, shortened. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return JSON.stringify(short);
}

/** What to say when a label file states another size than the image has, or undefined when they agree. */
export function sizeMismatch(stated: { width: number; height: number }, image: LabelledImage): string | undefined {
  if (stated.width === image.width && stated.height === image.height) return undefined;
  const swapped = stated.width === image.height && stated.height === image.width;
  return (
    `the image is ${image.width}x${image.height}, the labels state ${stated.width}x${stated.height}` +
    (swapped ? ' (swapped: they may refer to the image after EXIF rotation)' : '')
  );
}
