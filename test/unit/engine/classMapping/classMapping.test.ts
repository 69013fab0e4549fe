import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editClassMapping } from '../../../../src/engine/classMapping/editMapping';
import { readClassMapping } from '../../../../src/engine/classMapping/readMapping';
import type { DatasetClassMapping } from '../../../../src/protocol/classMapping';
import { temporaryFolder } from '../../helpers/temporaryFolder';
import { writeTinyDataset } from '../../helpers/tinyDataset';
import { writeTinyModel, type TinyModelOptions } from '../../helpers/tinyModel';

const folder = await temporaryFolder();
const vocDataset = await writeTinyDataset(join(folder, 'voc'), 2);
const names = ['disc', 'square', 'ring'];
const coco = join(folder, 'labels.json');
await writeFile(
  coco,
  JSON.stringify({
    images: [{ id: 1, file_name: join('voc', 'JPEGImages', 's000.png'), width: 160, height: 120 }],
    annotations: [{ id: 1, image_id: 1, category_id: 30, bbox: [1, 1, 9, 9] }],
    categories: names.map((name, i) => ({ name, id: 10 * (i + 1) })),
  }),
);

let count = 0;
async function makeModel(options: TinyModelOptions = {}) {
  const written = await writeTinyModel(folder, { name: `model${count++}`, ...options });
  return { model: { checkpoint: written.checkpoint }, card: written.card };
}

/** How each class is matched. */
function matches({ categories }: DatasetClassMapping): string[] {
  return categories.map(({ name, column, by, labels }) => `${name} ${column} ${by} ${labels}`);
}

async function save(
  { model, card }: Awaited<ReturnType<typeof makeModel>>,
  dataset: string,
  columns: Record<string, number>,
) {
  const { format, categories } = await readClassMapping({ model, dataset });
  const choices = categories.map(({ name, id, column }) => ({ name, id, column: columns[name] ?? column }));
  const text = await readFile(card, 'utf8').catch(() => '');
  const edited = await editClassMapping({ model, dataset, format, text, choices });
  expect(edited.card).toBe(card);
  await writeFile(card, edited.text);
  return { text: edited.text, before: text, mapping: await readClassMapping({ model, dataset }) };
}

describe('the class mapping', () => {
  it('says how each class is matched, and how many labels that concerns', async () => {
    const mapping = await readClassMapping({ ...(await makeModel()), dataset: vocDataset });
    expect(matches(mapping)).toEqual(['disc 1 name 2', 'ring 3 name 2', 'square 2 name 2']);
    expect(mapping).toMatchObject({ format: 'voc', classesNamed: true, hasCard: true, notes: [] });
    expect(mapping.counted).toEqual({ images: 2, of: 2 });
    expect(mapping.columns.map(({ isPlaceholder }) => isPlaceholder)).toEqual([true, false, false, false]);
  });

  it('is saved as the difference from what names tell, without touching the rest of the card', async () => {
    const model = await makeModel({ classes: ['__background__', 'round', 'square', 'Ring'] });
    const first = await readClassMapping({ ...model, dataset: vocDataset });
    expect(matches(first)).toEqual(['disc -1 none 2', 'ring 3 similarName 2', 'square 2 name 2']);
    expect(first.notes.join()).toMatch(/no class column for "disc"/);
    const { text, before, mapping } = await save(model, vocDataset, { disc: 1 });
    expect(text).toBe(before.replace(/\n\}$/, ',\n  "categories": {\n    "disc": "round"\n  }\n}'));
    expect(matches(mapping)).toEqual(['disc 1 card 2', 'ring 3 similarName 2', 'square 2 name 2']);
    expect(mapping.categories[0]?.automatic).toEqual({ column: -1, by: 'none' });
    expect(mapping.notes.join()).not.toMatch(/no class column/);
    // Back to what it was: the entry goes, and with it the key.
    expect((await save(model, vocDataset, { disc: -1 })).text).toBe(before);
  });

  it('may leave a class out, swap two, and give two the same column', async () => {
    const model = await makeModel();
    const { text, mapping } = await save(model, coco, { disc: 2, square: 1, ring: -1 });
    expect(matches(mapping)).toEqual(['disc 2 card 0', 'square 1 card 0', 'ring -1 card 1']);
    expect(JSON.parse(text)).toMatchObject({ categories: { disc: 'square', square: 'disc', ring: null } });
    const shared = await save(model, coco, { disc: 1, square: 1, ring: 3 });
    expect(matches(shared.mapping)).toEqual(['disc 1 name 0', 'square 1 card 0', 'ring 3 name 1']);
  });

  it('names the columns of a model that nobody has named', async () => {
    const model = await makeModel({ card: null });
    const first = await readClassMapping({ ...model, dataset: coco });
    expect(first).toMatchObject({ classesNamed: false, hasCard: false, card: model.card });
    expect(matches(first)).toEqual(['disc 1 order 0', 'square 2 order 0', 'ring 3 order 1']);
    const { text, mapping } = await save(model, coco, { disc: 3, ring: 1, square: 1 });
    expect(JSON.parse(text)).toEqual({
      classes: ['__background__', 'square', 'class 2', 'disc'],
      categories: { ring: 'square' },
    });
    expect(matches(mapping)).toEqual(['disc 3 name 0', 'square 1 name 0', 'ring 1 card 1']);
  });

  it('keeps what the card says of other data sets', async () => {
    const model = await makeModel({ card: { categories: { lorry: 1, disc: null, pram: null } } });
    const { text } = await save(model, coco, { disc: 1, ring: 2 });
    expect(JSON.stringify((JSON.parse(text) as { categories: object }).categories)).toBe(
      '{"lorry":"disc","pram":null,"ring":"square"}',
    );
  });

  it('is not written into what is no card, nor beyond the columns', async () => {
    const model = await makeModel();
    const edit = { ...model, dataset: coco, format: 'coco', choices: [{ name: 'disc', id: 10, column: 1 }] } as const;
    await expect(editClassMapping({ ...edit, text: '{"epoch": 3}' })).rejects.toThrow(/none of a model card's keys/);
    await expect(editClassMapping({ ...edit, text: '{"minSize": "x"}' })).rejects.toThrow(/minSize must be/);
    await expect(editClassMapping({ ...edit, text: '{"minSize": ' })).rejects.toThrow(/not valid JSON/);
    for (const column of [0, 4, -2, 1.5, Number.NaN]) {
      const choices = [{ name: 'disc', id: 10, column }];
      await expect(editClassMapping({ ...edit, text: '{}', choices })).rejects.toThrow(/takes no class/);
    }
  });

  it('keeps a byte order mark', async () => {
    const model = await makeModel({ classes: ['__background__', 'round', 'square', 'ring'] });
    const text = `\uFEFF${await readFile(model.card, 'utf8')}`;
    const choices = [{ name: 'disc', id: 10, column: 1 }];
    const edited = await editClassMapping({ ...model, dataset: coco, format: 'coco', text, choices });
    expect(edited.text.charCodeAt(0)).toBe(0xfeff);
    expect(edited.text.lastIndexOf('\uFEFF')).toBe(0);
  });
});
