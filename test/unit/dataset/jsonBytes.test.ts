import { describe, expect, it } from 'vitest';
import { IdKeys, LargestId } from '../../../src/dataset/coco/idKeys';
import {
  incomplete,
  ObjectSkimmer,
  sentinel,
  skipBlanks,
  skipValue,
  stringValue,
} from '../../../src/dataset/coco/jsonBytes';
import { groupAnnotations } from '../../../src/dataset/coco/groupAnnotations';
import { Random } from './support';

/** The first `end` bytes of a text, with what may stand behind them in a window that is used again. */
function bytesOf(text: string, end = Buffer.byteLength(text)): Buffer {
  const bytes = Buffer.from(text);
  const behind = Buffer.from([sentinel, ...Buffer.from('"}]x')]);
  return Buffer.concat([bytes.subarray(0, end), behind]);
}

function randomJson(random: Random, depth = 0): string {
  const kind = random.integer(depth > 4 ? 3 : 5);
  const blank = random.pick(['', ' ', '\r\n\t']);
  const inner = () => blank + randomJson(random, depth + 1) + blank;
  const many = () => Array.from({ length: random.integer(4) }, inner);
  switch (kind) {
    case 0:
      return random.pick(['0', '-1.5e+10', 'true', 'null', '12345']);
    case 1:
      return JSON.stringify(random.pick(['', '"', '\\', '\\"', '}{][', '猫😀', 'a\nb', '\u2028']));
    case 2:
      return random.pick(['"\\u0022"', '"\\\\"', '"\\/"', '""']);
    case 3:
      return `[${many().join(',')}]`;
    default:
      return `{${many()
        .map((value, i) => `"k${i}"${blank}:${value}`)
        .join(',')}}`;
  }
}

describe('skipValue', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'ends where the value ends, and not before all of it is at hand (seed %i)',
    seed => {
      const random = new Random(seed);
      for (let round = 0; round < 40; round++) {
        const json = randomJson(random);
        JSON.parse(json);
        const length = Buffer.byteLength(json);
        expect(skipValue(bytesOf(`${json},1`), 0, length + 2)).toBe(length);
        const isScalar = !/^["{[]/.test(json);
        // A scalar ends where something else begins.
        for (let end = 0; end < length + (isScalar ? 1 : 0); end++)
          expect(skipValue(bytesOf(json, end), 0, end), `${json} to ${end}`).toBe(incomplete);
      }
    },
  );

  it('stops at blanks within what is at hand', () => {
    expect(skipBlanks(bytesOf(' \t\r\n'), 0, 4)).toBe(4);
    expect(skipBlanks(bytesOf('  x'), 0, 3)).toBe(2);
  });
});

describe('ObjectSkimmer', () => {
  it('notes where values lie, whatever surrounds them', () => {
    const skimmer = new ObjectSkimmer(['id', 'name']);
    const text = '{ "ids":1, "x":{"id":2}, "id" : [3, "}"] ,"name":"a\\"b" }';
    const bytes = bytesOf(text);
    expect(skimmer.skim(bytes, 0, text.length)).toBe(text.length);
    const [start, end, nameStart, nameEnd] = skimmer.ranges;
    expect(text.slice(start, end)).toBe('[3, "}"]');
    expect(stringValue(bytes, nameStart, nameEnd)).toBe('a"b');
    for (let cut = 1; cut < text.length; cut++)
      expect(skimmer.skim(bytesOf(text, cut), 0, cut), `to ${cut}`).toBe(incomplete);
  });

  it('forgets the object before', () => {
    const skimmer = new ObjectSkimmer(['id']);
    skimmer.skim(bytesOf('{"id":1}'), 0, 8);
    skimmer.skim(bytesOf('{"no":1}'), 0, 8);
    expect([...skimmer.ranges]).toEqual([-1, -1]);
  });
});

describe('IdKeys', () => {
  const keys = (ids: readonly string[]) => {
    const table = new IdKeys(stringValue);
    return ids.map(id => table.keyAt(Buffer.from(id), 0, id.length));
  };

  it('gives equal ids equal keys and others different ones', () => {
    expect(keys(['0', '7', '"7"', '123456789012345'])).toEqual([0, 7, 7, 123456789012345]);
    const [a, b, c, d, e] = keys(['9007199254740993', '9007199254740992', '"9007199254740993"', '"07"', '7']);
    expect(a).toBe(c);
    expect(new Set([a, b, d, e]).size).toBe(4);
    const [f, g, h] = keys(['1.0', '1e0', '1.5']);
    expect(f).toBe(g);
    expect(h).not.toBe(f);
  });

  it.each(['null', 'true', '{}', '[1]', '"\\x"', 'NaN', '-'])('takes %s for no id', id => {
    expect(keys([id])).toEqual([NaN]);
  });
});

describe('LargestId', () => {
  it.each([
    [[], '1'],
    [['0'], '1'],
    [['7', '12', '3'], '13'],
    [['"41"', '7', '"abc"', 'null', '1.5', '-3'], '42'],
    [['999999999999999'], '1000000000000000'],
    [['90071992547409931234', '12'], '90071992547409931235'],
  ])('of %j leaves %s', (ids, next) => {
    const largest = new LargestId();
    for (const id of ids) largest.add(Buffer.from(id), 0, id.length);
    largest.add(Buffer.from(''), -1, -1);
    expect(largest.next).toBe(next);
  });
});

describe('groupAnnotations', () => {
  it('agrees with filtering', async () => {
    const random = new Random(3);
    const images = Float64Array.from({ length: 50 }, (_, i) => (i % 9 === 0 ? NaN : random.integer(30) - 3));
    const annotations = Float64Array.from({ length: 400 }, () => (random.chance(0.1) ? NaN : random.integer(40) - 3));
    const { slotOfImage, first, order, unlisted } = await groupAnnotations(images, annotations);
    images.forEach((key, image) => {
      const slot = slotOfImage[image];
      const group = slot < 0 ? [] : [...order.subarray(first[slot], first[slot + 1])];
      expect(group).toEqual([...annotations.keys()].filter(i => annotations[i] === key));
    });
    const lost = [...annotations.keys()].filter(i => !images.includes(annotations[i]) || Number.isNaN(annotations[i]));
    expect(unlisted).toEqual({ count: lost.length, first: lost[0] });
  });
});
