import { describe, expect, it } from 'vitest';
import { CocoDocument, type DocumentLabel } from '../../../src/dataset/coco/cocoDocument';
import { MovingRanges } from '../../../src/dataset/coco/movingRanges';
import { applyEdits } from '../../../src/dataset/edit/textEdit';
import { Random } from './support';

function cocoText(random: Random, count: number): string {
  const names = ['a.jpg', '猫 😀.png', '\u0122.png', 'é"\\.png'];
  const ids = [1, '猫', '\u0122', 'é'];
  const images = names.map((file_name, i) => ({ id: ids[i], file_name, width: 10, height: 20 }));
  const annotations = Array.from({ length: count }, (_, id) => ({
    id,
    image_id: random.pick([...ids, 'nowhere']),
    category_id: random.integer(3),
    bbox: [random.integer(100), 1, 2, 3],
    note: random.pick(['"]}', '猫{', '\u0122\\', '']),
  }));
  const categories = ['cat', '犬', 'x'].map((name, id) => ({ id, name }));
  return JSON.stringify({ info: '😀', images, annotations, categories }, null, random.pick([undefined, 2]));
}

/** What a text says, by JSON.parse. */
function truth(text: string) {
  interface Coco {
    images: { id: unknown; file_name: string }[];
    annotations: { id: number; image_id: unknown; category_id: number; bbox: number[] }[];
    categories: { name: string }[];
  }
  const { images, annotations, categories } = JSON.parse(text) as Coco;
  return annotations.map(({ id, image_id, category_id, bbox: [x] }) => ({
    id: String(id),
    category: categories[category_id].name,
    x,
    image: images.find(image => image.id === image_id)?.file_name,
  }));
}

async function allLabels(document: CocoDocument, text: string): Promise<DocumentLabel[]> {
  const labels: DocumentLabel[] = [];
  for await (const batch of document.labels(text)) labels.push(...batch);
  return labels;
}

const said = ({ label, image }: DocumentLabel) => ({
  id: label.id,
  category: label.category,
  x: label.box[0],
  image: image?.name,
});

describe('CocoDocument', () => {
  it.each([1, 2, 3, 4, 5, 6])('finds every label and image in any Unicode, seed %i', async seed => {
    const random = new Random(seed);
    const text = cocoText(random, 700);
    const document = await CocoDocument.open(text, '/d/x.json');
    const labels = await allLabels(document, text);
    expect(labels.map(said)).toEqual(truth(text));
    expect(document.nextAnnotationId).toBe('700');
    const list = document.annotationList;
    expect(text.slice(list?.start, list?.end)).toMatch(/^\[[^]*\]$/);
    for (const { start, end, label } of labels) {
      expect((JSON.parse(text.slice(start, end)) as { id: number }).id).toBe(Number(label.id));
      for (const offset of [start, end - 1, Math.floor((start + end) / 2)])
        expect(document.labelAt(text, offset)?.label.id).toBe(label.id);
    }
    expect(document.labelAt(text, 0)).toBeUndefined();
    expect(document.labelAt(text, text.length)).toBeUndefined();
    expect(document.imageAt(text, text.indexOf('猫 😀'))?.image).toMatchObject({ name: '猫 😀.png', width: 10 });
  });

  it.each([1, 2, 3, 4])('stays right while the text is edited, seed %i', async seed => {
    const random = new Random(seed);
    let text = cocoText(random, 40);
    const document = await CocoDocument.open(text, 'x.json');
    for (let round = 0; round < 60; round++) {
      const labels = await allLabels(document, text);
      // Inside strings, before the first entry, between entries: entries stay whole.
      const { start, end } = random.pick(labels);
      const note = text.indexOf('"note"', start);
      const inside = text.indexOf('"', text.indexOf(':', note)) + 1;
      expect(note).toBeLessThan(end);
      const offset = random.pick([inside, text.indexOf('😀'), start, end]);
      const change = { offset, length: 0, text: offset === start || offset === end ? ' \n'.repeat(2) : 'abc猫' };
      text = applyEdits(text, [change]);
      document.apply([change]);
      expect(document.isStale).toBe(true);
      expect((await allLabels(document, text)).map(said)).toEqual(truth(text));
    }
    const fresh = await CocoDocument.open(text, 'x.json');
    expect(fresh.isStale).toBe(false);
    expect(await allLabels(fresh, text)).toEqual(await allLabels(document, text));
  });

  it('forgets labels that are cut, and finds them again', async () => {
    const random = new Random(1);
    const text = cocoText(random, 30);
    const document = await CocoDocument.open(text, 'x.json');
    const labels = await allLabels(document, text);
    const change = { offset: labels[4].start + 3, length: labels[7].start - labels[4].start, text: '' };
    const after = applyEdits(text, [change]);
    document.apply([change]);
    const kept = (await allLabels(document, after)).map(({ ordinal }) => ordinal);
    expect(kept).toEqual([0, 1, 2, 3, ...Array.from({ length: 22 }, (_, i) => 8 + i)]);
    document.apply(Array.from({ length: 2000 }, () => ({ offset: 0, length: 0, text: '' })));
    expect(await allLabels(document, after)).toEqual([]);
  });

  it('is cancelled, and refuses what is no COCO file', async () => {
    const open = (text: string, signal?: AbortSignal) =>
      CocoDocument.open(text, '/d/x.json', signal === undefined ? {} : { signal });
    await expect(open('{}', AbortSignal.abort())).rejects.toMatchObject({ name: 'CancelledError' });
    await expect(open('{"a":1}')).rejects.toThrow('/d/x.json: is no COCO label file');
    await expect(open('{"images":[}')).rejects.toThrow('/d/x.json, character 12: is not valid JSON: found "}"');
  });

  it('lets other events have their turn', async () => {
    const random = new Random(1);
    const text = cocoText(random, 20_000);
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const document = await CocoDocument.open(text, 'x.json');
    const whileScanning = turns;
    await allLabels(document, text);
    clearInterval(timer);
    expect(whileScanning).toBeGreaterThan(2);
    expect(turns).toBeGreaterThan(whileScanning + 10);
  });
});

describe('MovingRanges', () => {
  it('agrees with following each character', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = new Random(seed);
      // Letters name the range that a character belongs to; dots belong to none.
      let text = Array.from(
        { length: 8 },
        (_, i) => '.'.repeat(random.integer(3)) + `<${'abcdefgh'[i].repeat(random.integer(4))}>`,
      ).join('');
      const starts: number[] = [];
      const lengths: number[] = [];
      for (const match of text.matchAll(/<\w*>/g)) {
        starts.push(match.index);
        lengths.push(match[0].length);
      }
      const ranges = new MovingRanges({ start: Float64Array.from(starts), length: Uint32Array.from(lengths) });
      let marks = starts.map((start, i): [number, number] | undefined => [start, start + lengths[i]]);
      for (let round = 0; round < 6; round++) {
        const offset = random.integer(text.length + 1);
        const length = random.integer(Math.min(6, text.length - offset + 1));
        const inserted = '.'.repeat(random.integer(4));
        const delta = inserted.length - length;
        marks = marks.map(range => {
          if (range === undefined || range[1] <= offset) return range;
          if (range[0] >= offset + length) return [range[0] + delta, range[1] + delta];
          return range[0] < offset && offset + length < range[1] ? [range[0], range[1] + delta] : undefined;
        });
        text = applyEdits(text, [{ offset, length, text: inserted }]);
        ranges.apply({ offset, length, text: inserted });
        expect(marks.map((_, i) => ranges.rangeOf(i))).toEqual(
          marks.map(range => range && { start: range[0], end: range[1] }),
        );
        for (let at = 0; at <= text.length; at++) {
          const holding = marks.flatMap((range, i) => (range && range[0] <= at && at <= range[1] ? [i] : []));
          const found = ranges.at(at);
          if (holding.length === 0) expect(found).toBeUndefined();
          else expect(holding).toContain(found);
        }
      }
    }
  });
});
