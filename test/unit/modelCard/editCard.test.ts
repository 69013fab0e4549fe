import { describe, expect, it } from 'vitest';
import { editCard } from '../../../src/model/modelCard/editCard';

const categories = [
  ['lorry', 'truck'],
  ['DontCare', null],
] as const;

describe('editCard', () => {
  it('adds keys in the layout of the card and leaves every other character', () => {
    const text = '{\n  "classes": ["__background__",   "car"],\n  "minSize":   800\n}\n';
    expect(editCard(text, { categories })).toBe(
      '{\n  "classes": ["__background__",   "car"],\n  "minSize":   800,\n  "categories": {\n' +
        '    "lorry": "truck",\n    "DontCare": null\n  }\n}\n',
    );
  });

  it('keeps tabs and Windows line ends', () => {
    const text = '{\r\n\t"minSize": 800\r\n}';
    expect(editCard(text, { classes: ['a', 'b'], categories })).toBe(
      '{\r\n\t"minSize": 800,\r\n\t"classes": ["a", "b"],\r\n\t"categories": {\r\n\t\t"lorry": "truck",\r\n\t\t"DontCare": null\r\n\t}\r\n}',
    );
  });

  it('keeps a card of one line in one line', () => {
    expect(editCard('{"minSize": 800}', { categories })).toBe(
      '{"minSize": 800, "categories": {"lorry": "truck", "DontCare": null}}',
    );
    expect(editCard('{"minSize":800}\n', { categories })).toBe(
      '{"minSize":800,"categories":{"lorry":"truck","DontCare":null}}\n',
    );
  });

  it('replaces a value where it stands, and nothing around it', () => {
    const text = '{\n    "categories": {"a": 1},\n    "focal":  {"gamma": 2}\n}\n';
    expect(editCard(text, { categories: [['b', 2]] })).toBe(
      '{\n    "categories": {\n        "b": 2\n    },\n    "focal":  {"gamma": 2}\n}\n',
    );
  });

  it.each([
    ['{"a": 1, "categories": {"x": 1}, "b": 2}', '{"a": 1, "b": 2}'],
    ['{"categories": {"x": 1}, "b": 2}', '{"b": 2}'],
    ['{"a": 1, "categories": {"x": 1}}', '{"a": 1}'],
    ['{\n  "categories": {"x": 1}\n}\n', '{\n  \n}\n'],
    ['{\n  "a": 1,\n  "categories": {\n    "x": 1\n  }\n}\n', '{\n  "a": 1\n}\n'],
    ['{"a": 1}', '{"a": 1}'],
  ])('removes from %j what is empty', (text, expected) => {
    expect(editCard(text, { categories: null })).toBe(expected);
  });

  it.each(['', ' \n', '{}', '{ }\n', '{\n}\n'])('makes %j a card', text => {
    const made = editCard(text, { classes: ['a'], categories });
    expect(JSON.parse(made)).toEqual({ classes: ['a'], categories: { lorry: 'truck', DontCare: null } });
    if (text === '') {
      expect(made).toBe(
        '{\n  "classes": ["a"],\n  "categories": {\n    "lorry": "truck",\n    "DontCare": null\n  }\n}\n',
      );
    }
  });

  it('writes a long list of classes one a line', () => {
    const classes = Array.from({ length: 30 }, (_, i) => `class ${i}`);
    const made = editCard('{\n  "minSize": 8\n}\n', { classes });
    expect((JSON.parse(made) as { classes: string[] }).classes).toEqual(classes);
    expect(made).toContain('  "classes": [\n    "class 0",\n    "class 1",\n');
  });

  it('writes any name', () => {
    const names = ['"quoted"', '__proto__', 'a\nb', '\u2028', '\u5e8a'];
    const made = editCard('', { categories: names.map(name => [name, 1] as const) });
    expect(Object.entries((JSON.parse(made) as { categories: object }).categories)).toEqual(
      names.map(name => [name, 1]),
    );
  });
});
