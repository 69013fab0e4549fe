/** A global, such as `torch._utils._rebuild_tensor_v2`. */
export class Global {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}

/** `callee(*args)` by REDUCE. */
export class Call {
  constructor(
    readonly callee: Global,
    readonly args: readonly PickleInput[],
  ) {}
}

/** A persistent id. */
export class Persistent {
  constructor(readonly id: PickleInput) {}
}

/** A Python tuple; arrays become lists, Maps dicts. */
export class Tuple {
  constructor(readonly items: readonly PickleInput[]) {}
}

export type PickleInput =
  | null
  | boolean
  | number
  | string
  | readonly PickleInput[]
  | ReadonlyMap<PickleInput, PickleInput>
  | Global
  | Call
  | Persistent
  | Tuple;

/** Writes a pickle as Python does: GLOBAL in protocol 2 and 3, FRAME, STACK_GLOBAL and MEMOIZE from protocol 4. */
export function pickleBytes(value: PickleInput, protocol: 2 | 3 | 4 | 5 = 2): Buffer {
  const parts: Buffer[] = [];
  const memo = new Map<PickleInput, number>();
  const op = (...bytes: (number | string)[]) => {
    for (const part of bytes) parts.push(typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]));
  };
  const u32 = (number: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(number);
    parts.push(bytes);
  };
  const memoize = (input: PickleInput) => {
    memo.set(input, memo.size);
    if (protocol >= 4) return op(0x94);
    op('r');
    u32(memo.size - 1);
  };
  const write = (input: PickleInput): void => {
    const index = memo.get(input);
    if (index !== undefined) {
      op('j');
      return u32(index);
    }
    if (input === null) return op('N');
    if (typeof input === 'boolean') return op(input ? 0x88 : 0x89);
    if (typeof input === 'number') return writeNumber(input);
    if (typeof input === 'string') {
      op('X');
      u32(Buffer.byteLength(input));
      op(input);
      return memoize(input);
    }
    if (input instanceof Global) {
      if (protocol >= 4) {
        write(input.module);
        write(input.name);
        op(0x93);
      } else {
        op(`c${input.module}\n${input.name}\n`);
      }
      return;
    }
    if (input instanceof Call) {
      write(input.callee);
      write(new Tuple(input.args));
      return op('R');
    }
    if (input instanceof Persistent) {
      write(input.id);
      return op('Q');
    }
    if (input instanceof Tuple) {
      op('(');
      input.items.forEach(write);
      return op('t');
    }
    if (input instanceof Map) {
      op('}');
      memoize(input);
      op('(');
      for (const [key, item] of input as Map<PickleInput, PickleInput>) {
        write(key);
        write(item);
      }
      return op('u');
    }
    op(']');
    memoize(input);
    op('(');
    (input as readonly PickleInput[]).forEach(write);
    op('e');
  };
  const writeNumber = (number: number) => {
    const bytes = Buffer.alloc(9);
    if (Number.isInteger(number) && Math.abs(number) < 2 ** 31) {
      bytes.write('J');
      bytes.writeInt32LE(number, 1);
      parts.push(bytes.subarray(0, 5));
    } else if (Number.isInteger(number)) {
      op(0x8a, 8);
      bytes.writeBigInt64LE(BigInt(number));
      parts.push(bytes.subarray(0, 8));
    } else {
      bytes.write('G');
      bytes.writeDoubleBE(number, 1);
      parts.push(bytes);
    }
  };
  write(value);
  op('.');
  const body = Buffer.concat(parts);
  const frame = Buffer.alloc(protocol >= 4 ? 9 : 0);
  if (protocol >= 4) {
    frame[0] = 0x95;
    frame.writeBigUInt64LE(BigInt(body.length), 1);
  }
  return Buffer.concat([Buffer.from([0x80, protocol]), frame, body]);
}
