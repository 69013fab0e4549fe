import { UserError } from '../../common/errors';
import type { Checkpoint, TensorDtype, TensorInfo } from '../types';

/** One expected dimension: an exact size, or the name of a size that is free. */
export type ExpectedDimension = number | string;

const floatingPoint: ReadonlySet<TensorDtype> = new Set<TensorDtype>(['F16', 'BF16', 'F32', 'F64']);

export const retinaNetRemedy = 'choose a checkpoint of a torchvision RetinaNet with a ResNet-FPN backbone';

/**
 * The tensors of a checkpoint while a layout is read from them. Every tensor that belongs to the network is claimed
 * once with the shape it must have; what nobody claimed in the end is not part of a RetinaNet.
 */
export class TensorClaims {
  private readonly claimed = new Set<string>();

  constructor(private readonly checkpoint: Checkpoint) {}

  has(name: string): boolean {
    return this.checkpoint.tensors.has(name);
  }

  /** One more than the highest number that follows `prefix` in any tensor's name; 0 where there is none. */
  countBlocks(prefix: string): number {
    let count = 0;
    for (const name of this.checkpoint.tensors.keys()) {
      if (!name.startsWith(prefix)) continue;
      const index = Number.parseInt(name.slice(prefix.length), 10);
      if (index >= count) count = index + 1;
    }
    return count;
  }

  /** Whether any tensor's name fits. */
  some(pattern: RegExp): boolean {
    for (const name of this.checkpoint.tensors.keys()) if (pattern.test(name)) return true;
    return false;
  }

  /** The second dimension of a convolution's weight, before it is claimed. */
  inputChannels(name: string): number | undefined {
    return this.checkpoint.tensors.get(name)?.shape[1];
  }

  /** Claims a floating-point tensor and returns its shape, in which free dimensions are filled in. */
  claim(name: string, expected: readonly ExpectedDimension[]): readonly number[] {
    const tensor = this.checkpoint.tensors.get(name);
    if (tensor === undefined) throw this.missing(name, expected);
    if (!floatingPoint.has(tensor.dtype)) {
      throw new UserError(`found values of type ${tensor.dtype}, expected floating-point weights`, {
        where: this.place(name),
        remedy: 'quantised checkpoints cannot be read, save the original weights',
      });
    }
    if (!matches(tensor, expected)) {
      throw new UserError(`found shape ${describe(tensor.shape)}, expected ${describe(expected)}`, {
        where: this.place(name),
        remedy: retinaNetRemedy,
      });
    }
    this.claimed.add(name);
    return tensor.shape;
  }

  /** Claims a tensor that the network does not need, such as a counter; tells whether it was there. */
  skip(name: string): boolean {
    if (!this.has(name)) return false;
    this.claimed.add(name);
    return true;
  }

  /** Throws a UserError naming the tensors that are not part of the network. */
  finish(): void {
    const unknown = [...this.checkpoint.tensors.keys()].filter(name => !this.claimed.has(name));
    const [first] = unknown;
    if (first === undefined) return;
    const others = unknown.length === 1 ? '' : ` (and ${unknown.length - 1} more)`;
    throw new UserError(`unknown tensor${others}, expected only those of a torchvision RetinaNet`, {
      where: this.place(first),
      remedy: retinaNetRemedy,
    });
  }

  /** An error about one tensor. */
  fault(name: string, what: string): UserError {
    return new UserError(what, { where: this.place(name), remedy: retinaNetRemedy });
  }

  private missing(name: string, expected: readonly ExpectedDimension[]): UserError {
    return this.fault(name, `tensor is missing, expected shape ${describe(expected)}`);
  }

  private place(name: string): string {
    return `${this.checkpoint.file}: ${shorten(name)}`;
  }
}

function matches({ shape }: TensorInfo, expected: readonly ExpectedDimension[]): boolean {
  return (
    shape.length === expected.length &&
    expected.every((size, axis) => (typeof size === 'number' ? shape[axis] === size : (shape[axis] ?? 0) >= 1))
  );
}

function describe(shape: readonly ExpectedDimension[]): string {
  return `[${shape.join(', ')}]`;
}

/** Tensor names come from an untrusted file. */
export function shorten(name: string): string {
  return name.length <= 120 ? name : `${name.slice(0, 119)}…`;
}
