import { normalize } from 'node:path';
import * as vscode from 'vscode';
import type { LabelFormat } from '../../dataset/labels';
import type { LabelSummary, TextPosition } from '../../protocol/analysis';
import { Breather } from './breathe';
import { describesLabel } from './describesLabel';
import type { ImageFacts } from './labelFacts';
import type { TextChange } from '../../dataset/edit/textEdit';
import { TrackedRanges, type TextRange } from './trackedRanges';
import type { UnsavedChanges } from './unsavedChanges';

/** A label that is written in a document, with what is known about it. */
export interface WrittenLabel {
  readonly image: ImageFacts;
  readonly index: number;
  readonly label: LabelSummary;
  /** UTF-16 offsets in the document as it is now. */
  readonly range: TextRange;
  /** Whether the text is still the one that was analyzed: else nothing of what is known may be shown for it. */
  readonly isFresh: boolean;
}

interface Entry {
  readonly image: ImageFacts;
  readonly index: number;
  readonly label: LabelSummary;
  /** What was analyzed. */
  readonly text: string;
}

/** State of an entry's text against the document's. */
const [fresh, stale, unsure] = [0, 1, 2];

/** The analyzed labels of an open label file, and where they stand while it is being edited. */
export class LabelDocument {
  private entries: readonly Entry[] = [];
  private ranges = new TrackedRanges([]);
  private states = new Uint8Array(0);
  /** Counts up with every change of the text. */
  private changes = 0;

  constructor(
    readonly document: vscode.TextDocument,
    readonly format: LabelFormat,
  ) {}

  get size(): number {
    return this.entries.length;
  }

  /** Follows edits made together. Costs little however large the file: texts are compared when somebody asks. */
  apply(edits: readonly TextChange[]): void {
    this.changes++;
    for (const index of this.ranges.apply(edits)) this.states[index] = unsure;
  }

  /**
   * Takes what is known now. Positions are those of the file on disk, from which the unsaved edits lead to the document.
   * Works in pieces; false when the text changed meanwhile.
   */
  async anchor(images: readonly ImageFacts[], unsaved: UnsavedChanges): Promise<boolean> {
    const { document, changes } = this;
    const { isDirty } = document;
    const file = normalize(document.uri.fsPath);
    const breather = new Breather();
    const isOver = async () => {
      const pause = breather.pause();
      if (pause !== undefined) await pause;
      return this.changes !== changes || document.isClosed;
    };
    const known = new Map(this.entries.map((entry, i) => [entry.label, i]));
    const entries: Entry[] = [];
    const found: TextRange[] = [];
    const fromDisk: Omit<Entry, 'text'>[] = [];
    for (const image of images) {
      for (const [index, label] of image.labels.entries()) {
        if (await isOver()) return false;
        const before = known.get(label);
        // What was edited may be undone, until it is saved.
        if (before !== undefined && (this.isFresh(before) || isDirty)) {
          entries.push({ ...this.entries[before], image, index });
          found.push(this.ranges.rangeAt(before));
        } else if (label.source !== undefined && normalize(label.source.file) === file) {
          fromDisk.push({ image, index, label });
        }
      }
    }
    const ranges = new TrackedRanges(fromDisk.map(({ label: { source } }) => this.rangeOnDisk(source)));
    const { all } = unsaved;
    for (const edits of all ?? []) ranges.apply(edits);
    for (const [i, entry] of fromDisk.entries()) {
      if (await isOver()) return false;
      const range = ranges.rangeAt(i);
      const text = this.textOf(range);
      if (all === undefined || !describesLabel(this.format, text, entry.label, entry.image.image)) continue;
      entries.push({ ...entry, text });
      found.push(range);
    }
    const edited = isDirty ? this.entries.filter((_, i) => !this.isFresh(i)) : [];
    const staleLabels = new Set(edited.map(({ label }) => label));
    this.entries = entries;
    this.ranges = new TrackedRanges(found);
    this.states = Uint8Array.from(entries, ({ label }) => (staleLabels.has(label) ? stale : fresh));
    this.states.forEach((state, i) => {
      if (state === stale) this.ranges.fray(i);
    });
    return true;
  }

  /** The label whose text holds an offset, or ends right before it. */
  at(offset: number): WrittenLabel | undefined {
    for (const near of [offset, offset - 1, offset - 2]) {
      const index = this.ranges.at(near);
      if (index >= 0) return this.written(index);
    }
    return undefined;
  }

  /** The labels in a part of the document. */
  within(range: TextRange): WrittenLabel[] {
    return this.ranges.within(range).flatMap(index => {
      const written = this.written(index);
      return written.range.start === written.range.end ? [] : [written];
    });
  }

  /** The place of a label of an image; undefined where it is not known. */
  find(image: string, index: number): WrittenLabel | undefined {
    const found = this.entries.findIndex(entry => entry.index === index && entry.image.image.file === image);
    return found < 0 ? undefined : this.written(found);
  }

  vscodeRange({ start, end }: TextRange): vscode.Range {
    return new vscode.Range(this.document.positionAt(start), this.document.positionAt(end));
  }

  textOf(range: TextRange): string {
    return this.document.getText(this.vscodeRange(range));
  }

  private written(i: number): WrittenLabel {
    const { image, index, label } = this.entries[i];
    const isFresh = this.isFresh(i);
    return { image, index, label, range: this.ranges.rangeAt(i), isFresh };
  }

  private isFresh(i: number): boolean {
    if (this.states[i] === unsure) this.states[i] = this.compare(i) ? fresh : stale;
    return this.states[i] === fresh;
  }

  /** Whether the analyzed text stands where it was followed to, or within. */
  private compare(i: number): boolean {
    const range = this.ranges.rangeAt(i);
    const { text } = this.entries[i];
    // Text may have come in beside the label, at most a few screens of it.
    if (range.end - range.start > 4 * text.length + 10_000) return false;
    const at = this.textOf(range).indexOf(text);
    if (at < 0) return false;
    this.ranges.set(i, { start: range.start + at, end: range.start + at + text.length });
    return true;
  }

  /** Of a document without unsaved edits counted from the line: a byte order mark shifts the offsets of the file. */
  private rangeOnDisk(source: TextPosition | undefined): TextRange {
    if (source === undefined) return { start: 0, end: 0 };
    const { line, column, start, end } = source;
    if (this.document.isDirty) return { start, end };
    const from = this.document.offsetAt(new vscode.Position(line, column));
    return { start: from, end: from + end - start };
  }
}
