import { UserError } from '../../common/errors';
import type { TensorDtype } from '../types';
import { elementSize, isFloat, toFloat32 } from './elementTypes';

/** Bytes of one storage, somewhere in the file. */
export interface ByteSource {
  readonly byteLength: number;
  /** Reads exactly `target.length` bytes from `start`, both relative to this storage. */
  readInto(target: Uint8Array, start: number): Promise<void>;
}

/** A tensor as a strided view of a storage; offset and strides count elements, as in torch. */
export interface StoredTensor {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly storage: ByteSource;
}

/** 1 GiB of float32: far above any layer of a detector, low enough that a bad file cannot exhaust memory. */
const maxElements = 2 ** 28;

export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= Math.max(1, shape[axis] ?? 1);
  }
  return strides;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Checks that every element of `tensor` lies within its storage and that its size is bounded.
 * @throws UserError naming file and tensor
 */
export function checkTensor(file: string, name: string, tensor: StoredTensor): void {
  const fail = (what: string, remedy: string) => new UserError(what, { where: `${file}: tensor ${name}`, remedy });
  const count = elementCount(tensor.shape);
  if (!(count <= maxElements)) {
    throw fail(
      `shape [${tensor.shape.join(', ')}] has more than the supported ${maxElements} elements`,
      'save the checkpoint again from a RetinaNet',
    );
  }
  if (count === 0) return;
  const end = (tensor.offset + span(tensor)) * elementSize[tensor.dtype];
  if (!(end <= tensor.storage.byteLength)) {
    throw fail(
      `its elements reach to byte ${end} of a storage of ${tensor.storage.byteLength} bytes`,
      'the file is cut off or damaged: copy or download it again',
    );
  }
  if (!isContiguous(tensor) && span(tensor) > maxElements) {
    throw fail(
      `its ${count} elements are spread over ${span(tensor)} elements of storage, more than the supported ${maxElements}`,
      'save it with .contiguous() or .clone()',
    );
  }
}

/**
 * The values of a floating-point tensor as float32 in row-major order, reading only the part of the storage
 * it covers. The tensor must have passed {@link checkTensor}.
 */
export async function readTensor(file: string, name: string, tensor: StoredTensor): Promise<Float32Array> {
  const { dtype } = tensor;
  if (!isFloat(dtype)) {
    throw new UserError(`has element type ${dtype}; expected F32, F16, BF16 or F64`, {
      where: `${file}: tensor ${name}`,
      remedy: 'convert the model with model.float() and save it again',
    });
  }
  const count = elementCount(tensor.shape);
  if (count === 0) return new Float32Array(0);
  const contiguous = isContiguous(tensor);
  const bytes = new Uint8Array((contiguous ? count : span(tensor)) * elementSize[dtype]);
  await tensor.storage.readInto(bytes, tensor.offset * elementSize[dtype]);
  const values = toFloat32(bytes, dtype);
  return contiguous ? values : gather(values, tensor.shape, tensor.strides);
}

/** Elements from the first to the last one, inclusive; strides are not negative. */
function span({ shape, strides }: StoredTensor): number {
  return shape.reduce((total, size, axis) => total + (size - 1) * (strides[axis] ?? 0), 1);
}

function isContiguous({ shape, strides }: StoredTensor): boolean {
  const expected = contiguousStrides(shape);
  return shape.every((size, axis) => size === 1 || strides[axis] === expected[axis]);
}

function gather(source: Float32Array, shape: readonly number[], strides: readonly number[]): Float32Array {
  const output = new Float32Array(elementCount(shape));
  const index = new Array<number>(shape.length).fill(0);
  let position = 0;
  for (let i = 0; i < output.length; i++) {
    output[i] = source[position] ?? 0;
    // Count up like an odometer, the last axis fastest.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      if (next < (shape[axis] ?? 1)) {
        index[axis] = next;
        position += stride;
        break;
      }
      index[axis] = 0;
      position -= (next - 1) * stride;
    }
  }
  return output;
}
