import { describe, expect, it } from 'vitest';
import { mapClasses } from '../../../src/analysis/classMapping';
import { imageLabels, makeLabel } from './analysisInput';

const named = { classes: ['__background__', 'cat', 'Dog', 'N/A', 'bird'], classesNamed: true, categoryIds: undefined };
const unnamed = {
  ...named,
  classesNamed: false,
  classes: ['__background__', 'class 1', 'class 2', 'class 3', 'class 4'],
};
const label = (category: string, categoryId?: number) => makeLabel('1', category, [0, 0, 9, 9], { categoryId });
const labels = (...names: string[]) => imageLabels(names.map(name => label(name)));
const columns = (...args: Parameters<typeof mapClasses>) => Array.from(mapClasses(...args).columns);

describe('mapClasses', () => {
  it('goes by exact names first, without a word', () => {
    const { columns: found, notes } = mapClasses(labels('bird', 'cat', 'Dog'), named);
    expect(Array.from(found)).toEqual([4, 1, 2]);
    expect(notes).toEqual([]);
  });

  it('ignores case and surrounding space next, and says so', () => {
    const { columns: found, notes } = mapClasses(labels(' dog', 'CAT'), named);
    expect(Array.from(found)).toEqual([2, 1]);
    expect(notes).toEqual(['Category " dog" is taken for class "Dog".', 'Category "CAT" is taken for class "cat".']);
  });

  it('does not choose between classes that differ in case only', () => {
    const config = { ...named, classes: ['__background__', 'dog', 'DOG'] };
    expect(columns(labels('Dog', 'DOG'), config)).toEqual([-1, 2]);
  });

  it('goes by category ids where the name is unknown', () => {
    const config = { ...named, categoryIds: [null, 17, 18, null, 16] };
    const dataset = imageLabels([label('pigeon', 16), label('cat', 99), label('horse', 5)]);
    const { columns: found, notes } = mapClasses(dataset, config);
    expect(Array.from(found)).toEqual([4, 1, -1]);
    expect(notes[0]).toBe('Category "pigeon" is class "bird" by its category id 16.');
    expect(notes[1]).toMatch(/no class column for "horse"/);
  });

  it("goes by the card's own word before all else, many classes to a column included", () => {
    const config = {
      ...named,
      categoryIds: [null, 1, 2, null, 4],
      categoryColumns: [
        ['cat', 2],
        ['kitten', 1],
        ['tomcat', 1],
        ['crowd', -1],
      ] as const,
    };
    const dataset = imageLabels(['cat', 'kitten', 'tomcat', 'crowd', 'bird'].map((name, i) => label(name, i + 1)));
    const { columns: found, notes } = mapClasses(dataset, config);
    expect(Array.from(found)).toEqual([2, 1, 1, -1, 4]);
    expect(notes).toEqual([]);
    expect(columns(labels('a', 'b'), { ...unnamed, categoryColumns: [['b', 3]] })).toEqual([-1, 3]);
  });

  it('never takes a category for background or for a gap', () => {
    expect(columns(labels('__background__', 'N/A'), named)).toEqual([-1, -1]);
  });

  it('does not fall back on order when the card names classes', () => {
    const dataset = imageLabels([label('a', 1)], { categories: [{ name: 'a', id: 1 }] });
    const { columns: found, notes } = mapClasses(dataset, named);
    expect(Array.from(found)).toEqual([-1]);
    expect(notes[0]).toMatch(/no class column for "a"/);
    expect(notes[1]).toBe('No category of the data set belongs to the model\'s "cat", "Dog", "bird".');
  });

  it('counts from column 1 in the order of the data set when the card names none', () => {
    const categories = ['w', 'x', 'y', 'z'].map((name, i) => ({ name, id: i * 10 }));
    const dataset = imageLabels([label('z', 30), label('w', 0)], { categories });
    const { columns: found, notes } = mapClasses(dataset, unnamed);
    expect(Array.from(found)).toEqual([4, 1]);
    expect(notes).toEqual([expect.stringMatching(/names no classes: categories are taken in their order/)]);
  });

  it('states differing counts, and leaves out what is beyond the last column', () => {
    const categories = ['v', 'w', 'x', 'y', 'z'].map((name, i) => ({ name, id: i }));
    const { columns: found, notes } = mapClasses(imageLabels([label('z', 4), label('v', 0)], { categories }), unnamed);
    expect(Array.from(found)).toEqual([-1, 1]);
    expect(notes).toContain('The data set has 5 categories, the model 4 class columns besides column 0.');
  });

  it("takes COCO's ids for columns where they fit, as torchvision's own training does", () => {
    const categories = [{ name: 'a', id: 1 }, { name: 'c', id: 4 }, { name: 'b', id: 2 }]; // prettier-ignore
    const dataset = imageLabels([label('a', 1), label('b', 2), label('c', 4)], { categories });
    expect(columns(dataset, unnamed)).toEqual([1, 2, 4]);
  });

  it('counts YOLO classes without names, and knows no order in Pascal VOC', () => {
    const yolo = imageLabels([label('0', 0), label('3', 3), label('4', 4)], { format: 'yolo' });
    expect(columns(yolo, unnamed)).toEqual([1, 4, -1]);
    const categories = [{ name: 'b', id: 1 }, { name: 'a', id: 0 }]; // prettier-ignore
    expect(columns(imageLabels([label('b', 1), label('a', 0)], { format: 'yolo', categories }), unnamed)).toEqual([
      2, 1,
    ]);
    const voc = imageLabels([label('a')], { format: 'voc', categories: [{ name: 'a', id: undefined }] });
    expect(columns(voc, unnamed)).toEqual([-1]);
  });

  it('shortens names, and knows no inherited ones', () => {
    const long = 'x'.repeat(1000);
    const { columns: found, notes } = mapClasses(labels('__proto__', 'constructor', long), named);
    expect(Array.from(found)).toEqual([-1, -1, -1]);
    expect(notes[0].length).toBeLessThan(300);
  });
});
