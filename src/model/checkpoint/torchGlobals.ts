import type { TensorDtype } from '../types';
import { elementSize } from './elementTypes';
import { PickleError } from './pickle/pickleError';
import type { PickleHost } from './pickle/unpickler';
import { InertObject, PickleGlobal, PickleTuple, type PickleValue, typeName } from './pickle/values';
import { TorchDtype, TorchStorage, TorchTensor } from './torchValues';

const saveStateDict = "torch.save(model.state_dict(), 'model.pth')";
const maxRank = 16;

/** `torch.FloatStorage` and its like; `torch.UntypedStorage` counts bytes. */
const storageTypes: Readonly<Record<string, TensorDtype | 'untyped'>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  ComplexDoubleStorage: 'C128',
  ComplexFloatStorage: 'C64',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
  UntypedStorage: 'untyped',
};

/** `torch.float32` and its like. */
const dtypes: Readonly<Record<string, TensorDtype>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  complex128: 'C128',
  complex64: 'C64',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};

/** Classes that training scripts save beside the weights; their content is dropped. */
const inertClasses = [
  'argparse.Namespace',
  'types.SimpleNamespace',
  'datetime.date',
  'datetime.datetime',
  'datetime.time',
  'datetime.timedelta',
  'datetime.timezone',
  ...['pathlib', 'pathlib._local'].flatMap(module =>
    ['Path', 'PurePath', 'PosixPath', 'PurePosixPath', 'WindowsPath', 'PureWindowsPath'].map(
      name => `${module}.${name}`,
    ),
  ),
  'numpy.dtype',
  'numpy.ndarray',
  ...['numpy.core.multiarray', 'numpy._core.multiarray'].flatMap(module => [
    `${module}.scalar`,
    `${module}._reconstruct`,
  ]),
  'torch.device',
  'torch.torch_version.TorchVersion',
  'torch.serialization._get_layout',
  // Turns a string into bytes; older protocols write bytes this way.
  '_codecs.encode',
  ...['builtins', '__builtin__'].flatMap(module =>
    ['set', 'frozenset', 'bytearray', 'complex', 'slice', 'range'].map(name => `${module}.${name}`),
  ),
];

/** Names that may be mentioned, for instance as a defaultdict's factory, but not called. */
const mentionedNames = [
  ...['builtins', '__builtin__'].flatMap(module =>
    ['object', 'list', 'dict', 'tuple', 'int', 'long', 'float', 'bool', 'str', 'unicode', 'bytes'].map(
      name => `${module}.${name}`,
    ),
  ),
  'torch.Tensor',
  'torch.nn.parameter.Parameter',
  'torch.nn.parameter.Buffer',
  ...['strided', 'contiguous_format', 'channels_last', 'preserve_format'].map(name => `torch.${name}`),
];

function knownGlobals(): Map<string, PickleGlobal> {
  const known = new Map<string, PickleGlobal>();
  const add = (name: string, call?: PickleGlobal['call']) => known.set(name, new PickleGlobal(name, call));

  // Containers are never copied: a pickle that calls a copy again and again would exhaust memory.
  const dict = (args: readonly PickleValue[]) => {
    const content = args.find(arg => arg instanceof Map);
    if (!content && args.some(arg => !(arg instanceof PickleGlobal || arg === null))) {
      throw new PickleError('it builds a dict from something other than a dict', undefined);
    }
    return content ?? new Map<PickleValue, PickleValue>();
  };
  add('collections.OrderedDict', dict);
  add('collections.defaultdict', dict);
  add('collections.Counter', dict);
  add('torch.Size', ([size]) => (size instanceof PickleTuple ? size : new PickleTuple([])));

  for (const name of inertClasses) add(name, () => new InertObject(name));
  for (const name of mentionedNames) add(name);
  for (const module of ['copyreg', 'copy_reg']) {
    add(`${module}._reconstructor`, ([cls]) => callAgain(cls, new PickleTuple([])));
  }
  for (const name of Object.keys(storageTypes)) {
    for (const module of ['torch', 'torch.cuda', 'torch.storage']) add(`${module}.${name}`);
  }

  add('torch._utils._rebuild_tensor', ([storage, ...view]) => rebuildTensor(storage, view));
  add('torch._utils._rebuild_tensor_v2', ([storage, ...view]) => rebuildTensor(storage, view));
  add('torch._utils._rebuild_tensor_v3', ([storage, offset, size, stride, , , dtype]) => {
    if (!(dtype instanceof TorchDtype)) throw malformed('dtype', dtype);
    return rebuildTensor(storage, [offset, size, stride], dtype.dtype);
  });
  add('torch._utils._rebuild_parameter', ([data]) => tensorOf(data));
  add('torch._utils._rebuild_parameter_with_state', ([data]) => tensorOf(data));
  add('torch._tensor._rebuild_from_type_v2', ([rebuild, , args]) => callAgain(rebuild, args));
  return known;
}

/** The names and storages of a torch checkpoint. Everything outside this table is refused by name. */
export function torchPickleHost(): PickleHost {
  const known = knownGlobals();
  return {
    findGlobal(module, name) {
      const fullName = `${module}.${name}`;
      const dtype = module === 'torch' && Object.hasOwn(dtypes, name) ? dtypes[name] : undefined;
      const value = dtype ? new TorchDtype(dtype) : known.get(fullName);
      if (!value) throw refusal(fullName);
      return value;
    },
    persistent: storageOf,
  };
}

/** A persistent id is ('storage', storage class, key, device, number of elements). */
function storageOf(id: PickleValue): TorchStorage {
  if (!(id instanceof PickleTuple)) throw malformed('persistent id', id);
  const [kind, type, key, , count] = id.items;
  if (kind !== 'storage') throw malformed('persistent id', kind);
  const className = type instanceof PickleGlobal ? type.name.slice(type.name.lastIndexOf('.') + 1) : '';
  const dtype = Object.hasOwn(storageTypes, className) ? storageTypes[className] : undefined;
  if (!dtype) throw malformed('storage class', type);
  if (typeof key !== 'string' && typeof key !== 'number') throw malformed('storage key', key);
  if (!isCount(count)) throw malformed('storage size', count);
  return dtype === 'untyped'
    ? new TorchStorage(String(key), count, undefined)
    : new TorchStorage(String(key), count * elementSize[dtype], dtype);
}

function rebuildTensor(
  storage: PickleValue | undefined,
  [offset, size, stride]: readonly (PickleValue | undefined)[],
  dtype?: TensorDtype,
): TorchTensor {
  if (!(storage instanceof TorchStorage)) throw malformed('storage of a tensor', storage);
  const type = dtype ?? storage.dtype;
  if (!type) throw malformed('dtype of a tensor', null);
  if (!isCount(offset)) throw malformed('offset of a tensor', offset);
  const shape = counts('shape', size);
  const strides = counts('strides', stride);
  if (shape.length !== strides.length) {
    throw new PickleError(`it builds a tensor of ${shape.length} axes with ${strides.length} strides`, undefined);
  }
  return new TorchTensor(storage, type, offset, shape, strides);
}

function counts(what: string, value: PickleValue | undefined): number[] {
  const items = value instanceof PickleTuple ? value.items : Array.isArray(value) ? value : undefined;
  if (!items) throw malformed(`${what} of a tensor`, value);
  if (items.length > maxRank) throw new PickleError(`it builds a tensor of ${items.length} axes`, undefined);
  return items.map(item => {
    if (!isCount(item)) throw malformed(`${what} of a tensor`, item);
    return item;
  });
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function tensorOf(value: PickleValue | undefined): TorchTensor {
  if (!(value instanceof TorchTensor)) throw malformed('tensor of a parameter', value);
  return value;
}

function callAgain(callee: PickleValue | undefined, args: PickleValue | undefined): PickleValue {
  if (!(callee instanceof PickleGlobal && callee.call)) throw malformed('function', callee);
  if (!(args instanceof PickleTuple)) throw malformed('arguments', args);
  return callee.call(args.items);
}

function malformed(what: string, found: PickleValue | undefined): PickleError {
  const value =
    typeof found === 'string'
      ? JSON.stringify(found.slice(0, 40))
      : typeof found === 'number' || typeof found === 'bigint'
        ? String(found)
        : typeName(found);
  return new PickleError(`the ${what} is malformed: found ${value}`, undefined);
}

const neverExecutes = 'opening a checkpoint never executes code';

function refusal(fullName: string): PickleError {
  const name = fullName.length > 200 ? `${fullName.slice(0, 200)}...` : fullName;
  if (/^torch\._utils\._rebuild_(qtensor|sparse|meta|nested|wrapper)/.test(name)) {
    return new PickleError(
      `it holds a quantised, sparse or empty tensor (${name}), which cannot be read`,
      undefined,
      `save the dense float model: ${saveStateDict}`,
    );
  }
  if (/^(torch\.nn\.|torchvision\.|torch\.fx\.|torch\.ao\.|torch\.optim\.)/.test(name)) {
    return new PickleError(
      `it holds a whole Python object of class ${name} rather than a state dict, and ${neverExecutes}`,
      undefined,
      `where torchvision is installed, load it and save only its tensors: ${saveStateDict}`,
    );
  }
  return new PickleError(
    `it asks for ${name}, which no state dict needs, and ${neverExecutes}`,
    undefined,
    `if you trust the file, load it in Python and save only its tensors: ${saveStateDict}`,
  );
}
