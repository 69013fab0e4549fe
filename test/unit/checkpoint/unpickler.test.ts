import { describe, expect, it } from 'vitest';
import { PickleError } from '../../../src/model/checkpoint/pickle/pickleError';
import { unpickle } from '../../../src/model/checkpoint/pickle/unpickler';
import { PickleTuple } from '../../../src/model/checkpoint/pickle/values';
import { torchPickleHost } from '../../../src/model/checkpoint/torchGlobals';
import { seededRandom } from '../helpers/random';
import { Call, Global, pickleBytes, type PickleInput, Tuple } from './pickleBytes';

const load = (text: string | Uint8Array) =>
  unpickle(typeof text === 'string' ? Buffer.from(text, 'latin1') : text, torchPickleHost());

describe('restricted unpickler', () => {
  it.each<[string, string, unknown]>([
    ['None', 'N.', null],
    ['booleans', '\x80\x02\x88.', true],
    ['protocol 0 booleans', 'I01\n.', true],
    ['text integers', 'I-42\n.', -42],
    ['text longs', 'L123456789012345678901L\n.', 123456789012345678901n],
    ['text floats', 'F-1.5e3\n.', -1500],
    ['infinity', 'F-inf\n.', -Infinity],
    ['BININT', 'J\xff\xff\xff\xff.', -1],
    ['BININT2', 'M\x00\x01.', 256],
    ['LONG1', '\x8a\x01\xff.', -1],
    ['LONG1 of no bytes', '\x8a\x00.', 0],
    ['LONG4 beyond 2^53', '\x8b\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x40.', 2n ** 62n],
    ['BINFLOAT', 'G\x3f\xf8\x00\x00\x00\x00\x00\x00.', 1.5],
    ['UTF-8', 'X\x02\x00\x00\x00\xc3\xa9.', 'é'],
    ['BINUNICODE8', '\x8d\x01\x00\x00\x00\x00\x00\x00\x00a.', 'a'],
    ['quoted strings', "S'abc'\n.", 'abc'],
    ['UNICODE', "V'a'\n.", "'a'"],
    ['bytes', 'C\x02ab.', new Uint8Array([97, 98])],
    ['BYTEARRAY8', '\x96\x01\x00\x00\x00\x00\x00\x00\x00a.', new Uint8Array([97])],
    ['LIST', '(K\x01K\x02l.', [1, 2]],
    ['APPEND', ']K\x01a.', [1]],
    ['DICT', '(K\x01K\x02d.', new Map([[1, 2]])],
    ['SETITEM', '}K\x01K\x02s.', new Map([[1, 2]])],
    ['TUPLE3', 'K\x01K\x02K\x03\x87.', new PickleTuple([1, 2, 3])],
    ['sets', '\x8f(K\x01K\x01\x90.', new Set([1])],
    ['FROZENSET', '(K\x01\x91.', new Set([1])],
    ['POP, DUP and POP_MARK', 'K\x01K\x020(K\x0312\x86.', new PickleTuple([1, 1])],
    ['text memo', ']p0\n0g0\n.', []],
    ['binary memo', ']q\x050h\x05.', []],
    ['long memo', ']r\x00\x01\x00\x000j\x00\x01\x00\x00.', []],
    ['MEMOIZE', ']\x940h\x00.', []],
    ['FRAME', '\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00N.', null],
    ['INST', '(icollections\nOrderedDict\n.', new Map()],
    ['OBJ', '(ccollections\nOrderedDict\no.', new Map()],
    ['a list that holds itself', ']q\x00h\x00a0N.', null],
  ])('reads %s', (_, pickle, value) => {
    expect(load(pickle)).toEqual(value);
  });

  const random = (next: () => number, depth: number): PickleInput => {
    const pick = Math.floor(next() * (depth > 3 ? 5 : 8));
    const children = () => Array.from({ length: Math.floor(next() * 4) }, () => random(next, depth + 1));
    switch (pick) {
      case 0:
        return null;
      case 1:
        return next() < 0.5;
      case 2:
        return Math.floor((next() - 0.5) * 2 ** 50);
      case 3:
        return next() * 1e10 + 0.5;
      case 4:
        return `text ${next()} é\u0000`;
      case 5:
        return children();
      case 6:
        return new Tuple(children());
      default:
        return new Map(children().map((value, index) => [`key ${index}`, value]));
    }
  };
  const asRead = (value: PickleInput): unknown => {
    if (value instanceof Tuple) return new PickleTuple(value.items.map(asRead) as never);
    if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, asRead(item as PickleInput)]));
    if (Array.isArray(value)) return value.map(asRead);
    return value;
  };
  it.each([2, 3, 4, 5] as const)('round trip of random values, protocol %d', protocol => {
    const next = seededRandom(protocol);
    for (let round = 0; round < 200; round++) {
      const value = random(next, 0);
      expect(load(pickleBytes(value, protocol))).toEqual(asRead(value));
    }
  });

  const command = [new Call(new Global('os', 'system'), ['touch /tmp/pwned'])];
  it.each<[string, string | Uint8Array, RegExp]>([
    ['GLOBAL', pickleBytes(command, 2), /asks for os\.system, which no state dict needs, .*never executes code/],
    ['STACK_GLOBAL', pickleBytes(command, 4), /asks for os\.system/],
    ['INST', '(Vid\nios\nsystem\n.', /asks for os\.system/],
    ['a name from the memo', 'Vos\nq\x000Vsystem\nq\x010h\x00h\x01\x93.', /asks for os\.system/],
    ['eval', 'cbuiltins\neval\n.', /asks for builtins\.eval/],
    ['getattr', 'cbuiltins\ngetattr\n.', /asks for builtins\.getattr/],
    ['dotted names', '\x80\x04\x8c\x05torch\x8c\x10serialization.os\x93.', /asks for torch\.serialization\.os/],
    ['nested torch.load', 'ctorch.storage\n_load_from_bytes\n.', /asks for torch\.storage\._load_from_bytes/],
    ['names of Object.prototype', 'ctorch\n__proto__\n.', /asks for torch\.__proto__/],
    ['constructor', 'ctorch\nconstructor\n.', /asks for torch\.constructor/],
    ['a class that may only be mentioned', 'cbuiltins\nint\nVx\n\x85R.', /calls builtins\.int, which no tensor needs/],
    ['a storage class called', 'ctorch\nFloatStorage\n)R.', /calls torch\.FloatStorage/],
    ['calls of values', 'K\x01)R.', /calls a int/],
    ['arguments that are no tuple', 'ccollections\nOrderedDict\nK\x01R.', /calls collections\.OrderedDict with a int/],
    ['an indirect call', 'ctorch._tensor\n_rebuild_from_type_v2\n(cos\nsystem\nNNNtR.', /asks for os\.system/],
    ['BUILD on a number', 'K\x01}b.', /sets the state of a int/],
    ['BUILD on a function', 'ctorch._utils\n_rebuild_tensor_v2\n}b.', /sets the state of a torch\._utils/],
    ['the extension registry', '\x80\x02\x82\x01.', /extension registry/],
    ['outside buffers', '\x80\x05\x97.', /buffers from outside/],
    ['an unknown protocol', '\x80\x06.', /protocol 6 is not known/],
    ['an unknown operation', '\x80\x02\xff.', /0xff is not a pickle operation/],
    ['an empty stack', '.', /too few values/],
    ['a missing mark', 't.', /too few values/],
    ['a missing memo entry', 'h\x07.', /memo entry 7, which was never set/],
    ['a key without value', '}(K\x01u.', /key without a value/],
    ['items of a list', '](K\x01K\x02u.', /sets items of a list/],
    ['appending to a dict', '}K\x01a.', /appends to a dict/],
    ['deep nesting', '('.repeat(2000), /nests deeper than 1000/],
    ['too many operations', '0'.padStart(5_000_000, 'N'), /more than 2000000 operations/],
    ['a huge integer', '\x8b\x00\x10\x00\x00.', /integer of 4096 bytes/],
    ['a huge text integer', `I${'9'.repeat(10_000)}\n.`, /malformed integer/],
    ['an overlong line', `c${'a'.repeat(100_000)}`, /overlong text line/],
    [
      'a string beyond the end',
      'X\xff\xff\xff\x7fabc',
      /ends after 8 bytes but 2147483647 more were expected at byte 5/,
    ],
    ['bytes beyond every file', '\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc', /ends after 12 bytes/],
    ['no end', 'N', /ends after 1 bytes but 1 more were expected at byte 1/],
    ['no line end', 'cos', /ends after 3 bytes/],
  ])('refuses %s', (_, pickle, message) => {
    expect(() => load(pickle)).toThrow(PickleError);
    expect(() => load(pickle)).toThrow(message);
  });

  it('says at which byte', () => {
    const error = (() => {
      try {
        return load('NNN0cos\nsystem\n.');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ offset: 4 });
  });

  it('does not multiply memory: containers are not copied', () => {
    // A dict, then a hundred Counters over it.
    const call = 'ccollections\nCounter\nh\x00\x85R';
    expect(load(`}q\x00K\x01K\x02s0]${`${call}a`.repeat(100)}.`)).toEqual(
      Array.from({ length: 100 }, () => new Map([[1, 2]])),
    );
    const list = load(`}q\x00K\x01K\x02s0]${`${call}a`.repeat(2)}.`);
    expect(Array.isArray(list) && list[0] === list[1]).toBe(true);
  });
});
