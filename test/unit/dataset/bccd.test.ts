import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLabels } from '../../../src/dataset/findLabels';
import { LabelIndex } from '../../../src/dataset/labelIndex';

const root = resolve('../shared/data/bccd');

describe.skipIf(!existsSync(root))('BCCD (skipped where ../shared/data/bccd is not at hand)', () => {
  it('has the labels that a text search counts, with their text', async () => {
    const index = new LabelIndex();
    const names = readdirSync(join(root, 'Annotations')).filter(name => name.endsWith('.xml'));
    expect(names).toHaveLength(364);
    let labelCount = 0;
    const degenerate: string[] = [];
    for (const name of names) {
      const file = join(root, 'JPEGImages', name.replace('.xml', '.jpg'));
      const found = await findLabels({ file, width: 640, height: 480 }, undefined, index);
      const text = readFileSync(join(root, 'Annotations', name), 'utf8');
      const objects = text.match(/<object>[^]*?<\/object>/g) ?? [];
      expect(found?.problems).toEqual([]);
      expect(found?.labels.map(({ source }) => text.slice(source.start, source.end))).toEqual(objects);
      found?.labels.forEach(({ box, category, source }, i) => {
        const number = (tag: string) => Number(new RegExp(`<${tag}>(.*?)<`).exec(objects[i])?.[1]);
        expect(box).toEqual(['xmin', 'ymin', 'xmax', 'ymax'].map(number));
        expect(objects[i]).toContain(`<name>${category}</name>`);
        expect(text.split('\n')[source.line].slice(source.column)).toBe('<object>');
        if (box[2] <= box[0] || box[3] <= box[1]) degenerate.push(`${name} ${box.join(' ')}`);
      });
      labelCount += objects.length;
    }
    expect(labelCount).toBe(4888);
    expect(degenerate).toEqual(['BloodImage_00338.xml 504 337 504 337', 'BloodImage_00343.xml 181 329 181 329']);
  });
});
