import type { TensorDtype } from '../types';
import { PickleObject } from './pickle/values';

/** A storage in the archive: `<root>/data/<key>`. */
export class TorchStorage extends PickleObject {
  readonly typeName = 'torch.storage';

  constructor(
    readonly key: string,
    /** Bytes that the pickle announces. */
    readonly byteLength: number,
    /** Undefined for an untyped storage. */
    readonly dtype: TensorDtype | undefined,
  ) {
    super();
  }
}

/** A tensor as the pickle describes it; offset and strides count elements. */
export class TorchTensor extends PickleObject {
  readonly typeName = 'torch.Tensor';

  constructor(
    readonly storage: TorchStorage,
    readonly dtype: TensorDtype,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    super();
  }
}

/** `torch.float32` and its like. */
export class TorchDtype extends PickleObject {
  readonly typeName = 'torch.dtype';

  constructor(readonly dtype: TensorDtype) {
    super();
  }
}
