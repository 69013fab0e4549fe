import type { TextChange } from '../../dataset/edit/textEdit';

const maxChanges = 5000;
const maxCharacters = 2_000_000;

/** The edits of a document since it was last equal to its file, so that places in the file lead to places in it. */
export class UnsavedChanges {
  private batches: (readonly TextChange[])[] = [];
  private changes = 0;
  private characters = 0;

  /** Changes made together. */
  add(changes: readonly TextChange[]): void {
    this.changes += changes.length;
    for (const { text } of changes) this.characters += text.length;
    if (this.all === undefined) this.batches = [];
    else this.batches.push(changes);
  }

  clear(): void {
    this.batches = [];
    this.changes = this.characters = 0;
  }

  /** In the order they were made; undefined where there were too many to remember. */
  get all(): readonly (readonly TextChange[])[] | undefined {
    return this.changes > maxChanges || this.characters > maxCharacters ? undefined : this.batches;
  }
}
