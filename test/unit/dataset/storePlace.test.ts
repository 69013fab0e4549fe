import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storePlace } from '../../../src/dataset/storePlace';

const root = resolve('/data/port');
const place = (format: 'coco' | 'yolo' | 'voc', ...path: string[]) =>
  storePlace({ format, root, path: resolve(root, ...path) });
const stored = (name: string) => join(root, '.focal-lens', name);

describe('the place of results', () => {
  it('is a file of its own for each data set of a folder', () => {
    expect(place('voc')).toBe(stored('dataset.sqlite'));
    expect(place('coco', 'labels.json')).toBe(stored('labels.json.sqlite'));
    expect(place('coco', 'annotations', 'val.json')).toBe(stored('annotations-val.json.sqlite'));
    expect(place('coco', 'annotations', 'train.json')).toBe(stored('annotations-train.json.sqlite'));
    expect(place('yolo', 'data.yaml')).toBe(stored('data.yaml.sqlite'));
  });

  it('stays in the folder for a file that lies elsewhere', () => {
    expect(place('yolo', '..', 'lists', 'data.yaml')).toBe(stored('lists-data.yaml.sqlite'));
  });
});
