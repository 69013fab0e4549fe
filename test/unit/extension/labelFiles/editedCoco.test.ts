import { describe, expect, it } from 'vitest';
import { CocoDocument } from '../../../../src/dataset/coco/cocoDocument';
import { editedCoco } from '../../../../src/extension/labelFiles/editedCoco';

const images = ['a.jpg', 'b.jpg', 'c.jpg'].map((file_name, id) => ({ id, file_name, width: 10, height: 20 }));
const annotations = [0, 1, 2, 0].map((image_id, id) => ({ id, image_id, category_id: 1, bbox: [id, 1, 2, 3] }));
const text = JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'cat' }] }, null, 1);

/** Replaces parts of the text together, as an editor does, and tells whose labels that concerns. */
async function edited(parts: readonly (readonly [string, string])[]): Promise<string[]> {
  const document = await CocoDocument.open(text, '/d/labels.json');
  const changes = parts
    .map(([before, after]) => ({ offset: text.indexOf(before), length: before.length, text: after }))
    .sort((a, b) => b.offset - a.offset);
  document.apply(changes);
  const now = changes.reduce(
    (all, { offset, length, text: added }) => all.slice(0, offset) + added + all.slice(offset + length),
    text,
  );
  return [...editedCoco(document, now, changes)].sort();
}

/** What a label of the text begins with, up to the first number of its box. */
const boxOf = (id: number) => `"bbox": [\n    ${id},`;

describe('images whose labels are edited in a COCO file', () => {
  it('are those of the labels that were typed into', async () => {
    expect(await edited([[boxOf(1), '"bbox": [\n    123.5,']])).toEqual(['b.jpg']);
    expect(
      await edited([
        [boxOf(3), '"bbox": [\n 7,'],
        [boxOf(2), '"bbox": [\n    2222,'],
      ]),
    ).toEqual(['a.jpg', 'c.jpg']);
  });

  it('are those whose own entries were', async () => {
    expect(await edited([['"b.jpg"', '"b.jpg" ']])).toEqual(['b.jpg']);
  });

  it('are none where the edit concerns no label', async () => {
    expect(await edited([['"cat"', '"dog"']])).toEqual([]);
  });
});
