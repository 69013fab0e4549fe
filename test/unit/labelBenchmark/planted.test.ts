import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { iou, toCorners, type XywhBox } from '../../../src/common/boxes';

interface Annotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: XywhBox;
}

interface Coco {
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly Annotation[];
}

interface PlantedError {
  readonly kind: string;
  readonly image_id: number;
  readonly file_name: string;
  readonly label_id: number | null;
  readonly bbox: XywhBox;
  readonly original: Pick<Annotation, 'id' | 'category_id' | 'bbox'> | null;
}

interface Planted {
  readonly counts: Readonly<Record<string, number>>;
  readonly untouchedImages: readonly number[];
  readonly errors: readonly PlantedError[];
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join('examples', 'harbour', name), 'utf8')) as T;
}

const planted = read<Planted>('planted.json');
const faulty = read<Coco>('labels.json');
const clean = read<Coco>('truth/labels.clean.json');
const byId = ({ annotations }: Coco) => new Map(annotations.map(label => [label.id, label]));
const [now, truth] = [byId(faulty), byId(clean)];

/** The label as it is in `labels.json`, and as it was. */
function changed({ label_id, original }: PlantedError): { readonly label: Annotation; readonly was: Annotation } {
  return {
    label: now.get(label_id ?? -1) ?? expect.fail(`no label ${label_id}`),
    was: truth.get(original?.id ?? -1) ?? expect.fail('no original'),
  };
}

function ofKind(kind: string): readonly PlantedError[] {
  return planted.errors.filter(error => error.kind === kind);
}

function overlap(a: XywhBox, b: XywhBox): number {
  return iou(toCorners(a), toCorners(b));
}

describe("the sample's planted errors", () => {
  it('are a fifth of the labels, of six kinds, as counted', () => {
    expect(planted.errors.length).toBe(Math.round(0.2 * clean.annotations.length));
    const kinds = ['missing', 'spurious', 'wrongClass', 'badBox', 'duplicate', 'degenerate'];
    expect(Object.keys(planted.counts)).toEqual(kinds);
    for (const kind of kinds) expect(ofKind(kind).length, kind).toBe(planted.counts[kind]);
    expect(new Set(planted.errors.map(({ kind }) => kind))).toEqual(new Set(kinds));
  });

  it('are all that tells the faulty labels from the true ones', () => {
    const touched = new Set(planted.errors.flatMap(({ label_id, original }) => [label_id, original?.id]));
    const rest = ({ annotations }: Coco) => annotations.filter(({ id }) => !touched.has(id));
    expect(rest(faulty)).toEqual(rest(clean));
    expect(faulty.images).toEqual(clean.images);
    const ids = planted.errors.map(({ label_id, original }) => label_id ?? original?.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { original } of planted.errors) {
      if (original !== null) expect(truth.get(original.id)).toMatchObject(original);
    }
  });

  it('leave a fifth of the images as they are', () => {
    expect(planted.untouchedImages.length).toBe(Math.round(0.2 * clean.images.length));
    expect(planted.errors.filter(({ image_id }) => planted.untouchedImages.includes(image_id))).toEqual([]);
    const of = ({ annotations }: Coco) =>
      annotations.filter(({ image_id }) => planted.untouchedImages.includes(image_id));
    expect(of(faulty)).toEqual(of(clean));
  });

  it('name their image', () => {
    const names = new Map(faulty.images.map(({ id, file_name }) => [id, file_name]));
    for (const { image_id, file_name, label_id, bbox } of planted.errors) {
      expect(names.get(image_id)).toBe(file_name);
      if (label_id !== null) expect(now.get(label_id)).toMatchObject({ image_id, bbox });
    }
  });

  it('move a badly placed box to an IoU of 0.4 to 0.7, and keep its size and class', () => {
    for (const { label, was } of ofKind('badBox').map(changed)) {
      const value = overlap(label.bbox, was.bbox);
      expect(value).toBeGreaterThanOrEqual(0.4);
      expect(value).toBeLessThan(0.7);
      expect([label.category_id, ...label.bbox.slice(2)]).toEqual([was.category_id, ...was.bbox.slice(2)]);
    }
  });

  it('change the class and nothing else', () => {
    for (const { label, was } of ofKind('wrongClass').map(changed)) {
      expect(label.category_id).not.toBe(was.category_id);
      expect({ ...label, category_id: was.category_id }).toEqual(was);
    }
  });

  it('put a duplicate beside its label, of the same class', () => {
    for (const { label, was } of ofKind('duplicate').map(changed)) {
      expect(truth.has(label.id)).toBe(false);
      expect(now.get(was.id)).toEqual(was);
      expect(label.category_id).toBe(was.category_id);
      expect(overlap(label.bbox, was.bbox)).toBeGreaterThanOrEqual(0.8);
    }
  });

  it('take the area of a degenerate box, or turn a side around', () => {
    for (const { label, was } of ofKind('degenerate').map(changed)) {
      const [, , width, height] = label.bbox;
      expect(Math.min(width, height)).toBeLessThanOrEqual(0);
      expect(label.category_id).toBe(was.category_id);
    }
  });

  it('take labels away, and put labels where no object of their size is', () => {
    for (const { original, label_id } of ofKind('missing')) {
      expect(label_id).toBeNull();
      expect(now.has(original?.id ?? -1)).toBe(false);
    }
    for (const { label_id, original, image_id, bbox } of ofKind('spurious')) {
      expect([original, truth.has(label_id ?? -1)]).toEqual([null, false]);
      const there = clean.annotations.filter(label => label.image_id === image_id);
      expect(Math.max(0, ...there.map(label => overlap(label.bbox, bbox)))).toBeLessThan(0.2);
    }
  });
});

describe('the table of planted errors', () => {
  it('counts those among the first and in the list, and gives the median of their ranks', async () => {
    const script = pathToFileURL(resolve('scripts', 'sample', 'plantedErrors.mjs')).href;
    const { plantedTable } = (await import(script)) as { plantedTable: (ranked: readonly object[]) => string };
    const ranked = [7, 2, undefined]
      .map(rank => ({ kind: 'badBox', rank }))
      .concat({ kind: 'missing', rank: undefined });
    const rows = plantedTable(ranked)
      .split('\n')
      .map(row => row.trim().split(/ {2,}/));
    expect(rows).toEqual([
      ['planted errors', 'planted', 'in first 4', 'in list', 'median rank'],
      ['badBox', '3', '1', '2', '7'],
      ['missing', '1', '0', '0', '-'],
      ['all', '4', '1', '2', '7'],
    ]);
  });
});
