import { describe, expect, it } from 'vitest';
import { JsonEntry } from '../../../src/dataset/coco/jsonEntry';
import { readUsualAnnotation } from '../../../src/dataset/coco/usualAnnotation';
import { Random } from './support';

describe('readUsualAnnotation', () => {
  it('says what the syntax nodes say, or nothing', () => {
    const random = new Random(11);
    const ids = [
      '1',
      '0',
      '12',
      '-3',
      '-0',
      '1.0',
      '1e2',
      '1.5',
      '9007199254740991',
      '9007199254740993',
      '"7"',
      'null',
    ];
    const boxes = [
      '[1,2,3,4]',
      '[1.5,-2,1e1,0.1]',
      '[1,2,3]',
      '[1,2,3,"4"]',
      '[1,2,3,1e999]',
      '{}',
      'null',
      '[1,2,3,4,]',
    ];
    let usual = 0;
    for (let i = 0; i < 5000; i++) {
      const fields = [
        `"id":${random.pick(ids)}`,
        `"category_id":${random.pick(ids)}`,
        `"bbox":${random.pick(boxes)}`,
        `"iscrowd":${random.pick(['0', '1', 'true', 'false', '"1"', 'null', '2'])}`,
        `"id":${random.pick(ids)}`,
      ].filter(() => random.chance(0.9));
      const text = `{${fields.join(random.pick([',', ', ', ',\n']))}}`;
      const read = readUsualAnnotation(text);
      if (read === undefined) continue;
      usual++;
      const entry = new JsonEntry(text);
      expect(entry.syntaxError()).toBeUndefined();
      expect(read.id).toBe(entry.id('id'));
      expect(read.categoryId).toBe(entry.id('category_id'));
      const [x, y, width, height] = (entry.get('bbox')?.children ?? []).map(({ value }) => Number(value));
      expect(read.box).toEqual([x, y, x + width, y + height]);
      const crowd: unknown = entry.get('iscrowd')?.value;
      expect(read.crowd).toBe(crowd === 1 || crowd === true || crowd === '1');
    }
    expect(usual).toBeGreaterThan(200);
  });

  it.each(['null', '[]', '3', '"x"', '{', ''])('has nothing to say of %s', text => {
    expect(readUsualAnnotation(text)).toBeUndefined();
  });
});
