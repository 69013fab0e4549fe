import type { Checkpoint } from '../types';

/** What torch registers as buffers: never parameters. */
const bufferName = /\.(running_mean|running_var|num_batches_tracked)$/;

/**
 * torch's `sum(p.numel() for p in model.parameters())`. Scale and shift of a BatchNorm2d are parameters, those of a
 * FrozenBatchNorm2d are buffers; the first counts its batches (`num_batches_tracked`), the second does not. This gives
 * the numbers that torchvision documents: 34,014,999 for `retinanet_resnet50_fpn` (frozen), 38,198,935 for `_v2` (not).
 */
export function countParameters({ tensors }: Checkpoint): number {
  let parameters = 0;
  for (const { name, shape } of tensors.values()) {
    if (bufferName.test(name) || isFrozen(name, tensors)) continue;
    parameters += shape.reduce((product, size) => product * size, 1);
  }
  return parameters;
}

function isFrozen(name: string, tensors: Checkpoint['tensors']): boolean {
  const module = name.slice(0, name.lastIndexOf('.'));
  return tensors.has(`${module}.running_mean`) && !tensors.has(`${module}.num_batches_tracked`);
}
