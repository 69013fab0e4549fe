/** What a restricted pickle can hold. A Python dict is a Map, so that no key can touch a prototype. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | PickleTuple
  | PickleDict
  | PickleSet
  | PickleGlobal
  | PickleObject;

export type PickleDict = Map<PickleValue, PickleValue>;
export type PickleSet = Set<PickleValue>;

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A known Python class or function. `call` stands in for it and never runs anything else; without it, calling is refused. */
export class PickleGlobal {
  constructor(
    /** Such as `collections.OrderedDict`. */
    readonly name: string,
    readonly call?: (args: readonly PickleValue[]) => PickleValue,
  ) {}
}

/** An object of a known class. State that the pickle sets on it is dropped. */
export abstract class PickleObject {
  abstract readonly typeName: string;
}

/** An object whose content does not matter here, such as an `argparse.Namespace`. */
export class InertObject extends PickleObject {
  constructor(readonly typeName: string) {
    super();
  }
}

/** The Python type of a value, for messages. */
export function typeName(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'string') return 'str';
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) return 'list';
  if (value instanceof PickleTuple) return 'tuple';
  if (value instanceof Map) return 'dict';
  if (value instanceof Set) return 'set';
  if (value instanceof PickleGlobal) return value.name;
  return value.typeName;
}
