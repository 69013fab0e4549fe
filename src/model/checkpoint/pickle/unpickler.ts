import { ByteReader, narrow } from './byteReader';
import { Opcode } from './opcodes';
import { PickleError } from './pickleError';
import { PickleGlobal, PickleObject, PickleTuple, type PickleValue, typeName } from './values';

/** What the names and persistent ids in a pickle stand for. Both throw a PickleError for what they do not know. */
export interface PickleHost {
  findGlobal(module: string, name: string): PickleValue;
  persistent(id: PickleValue): PickleValue;
}

const maxProtocol = 5;
const maxMarkDepth = 1000;
/** A state dict needs about thirty operations per tensor. */
const maxOperations = 2_000_000;

/**
 * Reads one pickle without executing anything: names are looked up in the host's table, never imported, and only
 * what the table's entries build can come out. Python's reference is Lib/pickle.py, class _Unpickler.
 * @throws PickleError for damage, for names outside the table and beyond the bounds above
 */
export function unpickle(bytes: Uint8Array, host: PickleHost): PickleValue {
  return new Unpickler(bytes, host).run();
}

class Unpickler {
  private readonly reader: ByteReader;
  private stack: PickleValue[] = [];
  /** Stacks set aside by MARK. */
  private readonly outer: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();
  private start = 0;

  constructor(
    bytes: Uint8Array,
    private readonly host: PickleHost,
  ) {
    this.reader = new ByteReader(bytes);
  }

  run(): PickleValue {
    for (let count = 0; ; count++) {
      this.start = this.reader.position;
      if (count >= maxOperations) throw this.error(`it has more than ${maxOperations} operations`);
      const opcode = this.reader.uint8();
      if (opcode === Opcode.STOP) return this.pop();
      try {
        this.step(opcode);
      } catch (error) {
        // Hosts do not know where they are called from.
        if (error instanceof PickleError && error.offset === undefined) {
          throw new PickleError(error.what, this.start, error.remedy);
        }
        throw error;
      }
    }
  }

  private step(opcode: number): void {
    const { reader } = this;
    switch (opcode) {
      case Opcode.PROTO: {
        const protocol = reader.uint8();
        if (protocol > maxProtocol) throw this.error(`pickle protocol ${protocol} is not known; expected 0 to 5`);
        return;
      }
      case Opcode.FRAME:
        reader.length64();
        return;

      case Opcode.NONE:
        return this.push(null);
      case Opcode.NEWTRUE:
        return this.push(true);
      case Opcode.NEWFALSE:
        return this.push(false);
      case Opcode.BININT:
        return this.push(reader.int32());
      case Opcode.BININT1:
        return this.push(reader.uint8());
      case Opcode.BININT2:
        return this.push(reader.uint16());
      case Opcode.LONG1:
        return this.push(reader.integer(reader.uint8()));
      case Opcode.LONG4:
        return this.push(reader.integer(reader.uint32()));
      case Opcode.INT:
        return this.push(this.textInteger(reader.line()));
      case Opcode.LONG:
        return this.push(this.textInteger(reader.line().replace(/L$/, '')));
      case Opcode.BINFLOAT:
        return this.push(reader.float64BigEndian());
      case Opcode.FLOAT:
        return this.push(this.textFloat(reader.line()));

      case Opcode.SHORT_BINUNICODE:
      case Opcode.SHORT_BINSTRING:
        return this.push(reader.text(reader.uint8()));
      case Opcode.BINUNICODE:
      case Opcode.BINSTRING:
        return this.push(reader.text(reader.uint32()));
      case Opcode.BINUNICODE8:
        return this.push(reader.text(reader.length64()));
      // Escapes in the text forms stay as written: torch's own names have none.
      case Opcode.UNICODE:
        return this.push(reader.line());
      case Opcode.STRING:
        return this.push(reader.line().replace(/^(['"])(.*)\1$/, '$2'));
      case Opcode.SHORT_BINBYTES:
        return this.push(reader.slice(reader.uint8()));
      case Opcode.BINBYTES:
        return this.push(reader.slice(reader.uint32()));
      case Opcode.BINBYTES8:
      case Opcode.BYTEARRAY8:
        return this.push(reader.slice(reader.length64()));

      case Opcode.EMPTY_LIST:
        return this.push([]);
      case Opcode.EMPTY_DICT:
        return this.push(new Map());
      case Opcode.EMPTY_SET:
        return this.push(new Set());
      case Opcode.EMPTY_TUPLE:
        return this.push(new PickleTuple([]));
      case Opcode.TUPLE1:
        return this.push(this.tupleOf(1));
      case Opcode.TUPLE2:
        return this.push(this.tupleOf(2));
      case Opcode.TUPLE3:
        return this.push(this.tupleOf(3));
      case Opcode.TUPLE:
        return this.push(new PickleTuple(this.popMark()));
      case Opcode.LIST:
        return this.push(this.popMark());
      case Opcode.FROZENSET:
        return this.push(new Set(this.popMark()));
      case Opcode.DICT: {
        const items = this.popMark();
        this.push(new Map());
        return this.setItems(items);
      }
      case Opcode.APPEND:
        return this.append([this.pop()]);
      case Opcode.APPENDS:
        return this.append(this.popMark());
      case Opcode.SETITEM: {
        const value = this.pop();
        return this.setItems([this.pop(), value]);
      }
      case Opcode.SETITEMS:
        return this.setItems(this.popMark());
      case Opcode.ADDITEMS: {
        const items = this.popMark();
        const set = this.top();
        if (!(set instanceof Set)) throw this.error(`it adds items to a ${typeName(set)}, not a set`);
        for (const item of items) set.add(item);
        return;
      }

      case Opcode.MARK:
        if (this.outer.length >= maxMarkDepth) throw this.error(`it nests deeper than ${maxMarkDepth} levels`);
        this.outer.push(this.stack);
        this.stack = [];
        return;
      case Opcode.POP:
        if (this.stack.length > 0) this.stack.pop();
        else this.popMark();
        return;
      case Opcode.POP_MARK:
        this.popMark();
        return;
      case Opcode.DUP:
        return this.push(this.top());

      case Opcode.PUT:
        return this.memoize(this.textIndex(reader.line()));
      case Opcode.BINPUT:
        return this.memoize(reader.uint8());
      case Opcode.LONG_BINPUT:
        return this.memoize(reader.uint32());
      case Opcode.MEMOIZE:
        return this.memoize(this.memo.size);
      case Opcode.GET:
        return this.recall(this.textIndex(reader.line()));
      case Opcode.BINGET:
        return this.recall(reader.uint8());
      case Opcode.LONG_BINGET:
        return this.recall(reader.uint32());

      case Opcode.GLOBAL: {
        const module = reader.line();
        return this.push(this.host.findGlobal(module, reader.line()));
      }
      case Opcode.STACK_GLOBAL: {
        const name = this.pop();
        const module = this.pop();
        if (typeof module !== 'string' || typeof name !== 'string') {
          throw this.error(`it names a global by ${typeName(module)} and ${typeName(name)} instead of two strings`);
        }
        return this.push(this.host.findGlobal(module, name));
      }
      case Opcode.REDUCE:
      case Opcode.NEWOBJ: {
        const args = this.pop();
        return this.push(this.call(this.pop(), args));
      }
      case Opcode.NEWOBJ_EX: {
        this.pop(); // keyword arguments: none of the known classes needs them
        const args = this.pop();
        return this.push(this.call(this.pop(), args));
      }
      case Opcode.INST: {
        const module = reader.line();
        const callee = this.host.findGlobal(module, reader.line());
        return this.push(this.call(callee, new PickleTuple(this.popMark())));
      }
      case Opcode.OBJ: {
        const [callee = null, ...args] = this.popMark();
        return this.push(this.call(callee, new PickleTuple(args)));
      }
      case Opcode.BUILD: {
        this.pop();
        const object = this.top();
        // An OrderedDict carries attributes such as a state dict's _metadata; nothing here needs them.
        if (!(object instanceof PickleObject || object instanceof Map)) {
          throw this.error(`it sets the state of a ${typeName(object)}, which no tensor needs`);
        }
        return;
      }
      case Opcode.BINPERSID:
        return this.push(this.host.persistent(this.pop()));
      case Opcode.PERSID:
        return this.push(this.host.persistent(reader.line()));

      case Opcode.EXT1:
      case Opcode.EXT2:
      case Opcode.EXT4:
        throw this.error("it uses Python's extension registry, which no checkpoint needs");
      case Opcode.NEXT_BUFFER:
      case Opcode.READONLY_BUFFER:
        throw this.error('it expects buffers from outside the pickle, which no checkpoint has');
      default:
        throw this.error(
          `0x${opcode.toString(16).padStart(2, '0')} is not a pickle operation`,
          'the file is damaged: copy or download it again',
        );
    }
  }

  private push(value: PickleValue): void {
    this.stack.push(value);
  }

  private pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined) throw this.underflow();
    return value;
  }

  private top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined) throw this.underflow();
    return value;
  }

  private popMark(): PickleValue[] {
    const items = this.stack;
    const outer = this.outer.pop();
    if (outer === undefined) throw this.underflow();
    this.stack = outer;
    return items;
  }

  private tupleOf(count: number): PickleTuple {
    if (this.stack.length < count) throw this.underflow();
    return new PickleTuple(this.stack.splice(this.stack.length - count));
  }

  private append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.error(`it appends to a ${typeName(list)}, not a list`);
    for (const item of items) list.push(item);
  }

  private setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw this.error(`it sets items of a ${typeName(dict)}, not a dict`);
    if (items.length % 2 !== 0) throw this.error('it sets a key without a value', damagedRemedy);
    for (let i = 0; i < items.length; i += 2) dict.set(items[i] ?? null, items[i + 1] ?? null);
  }

  private memoize(index: number): void {
    this.memo.set(index, this.top());
  }

  private recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.error(`it refers to memo entry ${index}, which was never set`, damagedRemedy);
    this.push(value);
  }

  private call(callee: PickleValue, args: PickleValue): PickleValue {
    if (!(args instanceof PickleTuple)) {
      throw this.error(`it calls ${typeName(callee)} with a ${typeName(args)}, not a tuple`, damagedRemedy);
    }
    if (!(callee instanceof PickleGlobal)) throw this.error(`it calls a ${typeName(callee)}`, damagedRemedy);
    if (!callee.call) throw this.error(`it calls ${callee.name}, which no tensor needs`);
    return callee.call(args.items);
  }

  private textInteger(text: string): boolean | number | bigint {
    // Protocol 0 writes booleans this way.
    if (text === '00') return false;
    if (text === '01') return true;
    if (!/^[-+]?\d{1,600}$/.test(text)) throw this.error('it holds a malformed integer', damagedRemedy);
    return narrow(BigInt(text.replace(/^\+/, '')));
  }

  private textFloat(text: string): number {
    const special = new Map([
      ['inf', Infinity],
      ['-inf', -Infinity],
      ['nan', NaN],
    ]).get(text);
    if (special !== undefined) return special;
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) {
      throw this.error('it holds a malformed float', damagedRemedy);
    }
    return Number(text);
  }

  private textIndex(text: string): number {
    if (!/^\d{1,10}$/.test(text)) throw this.error('it holds a malformed memo index', damagedRemedy);
    return Number(text);
  }

  private underflow(): PickleError {
    return this.error('an operation finds too few values before it', damagedRemedy);
  }

  private error(what: string, remedy?: string): PickleError {
    return new PickleError(what, this.start, remedy);
  }
}

const damagedRemedy = 'the file is damaged: copy or download it again';
