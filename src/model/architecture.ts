import { backboneName } from './architecture/backboneName';
import { countParameters } from './architecture/countParameters';
import { readLayout } from './architecture/readLayout';
import type { HeadBranchLayout, RetinaNetLayout } from './architecture/retinaNetLayout';
import type { Architecture, Checkpoint } from './types';

/**
 * Infers the network from the names and shapes of a checkpoint's tensors; reads no values.
 *
 * @throws UserError naming the tensor that is missing, unknown or of the wrong shape, or saying which other model the
 * checkpoint looks like
 */
export function inferArchitecture(checkpoint: Checkpoint): Architecture {
  const layout = readLayout(checkpoint);
  const { body, pyramid, classification, classes, anchorsPerCell } = layout;
  const backbone = backboneName(body);
  const headNorm = normOf(classification);
  return {
    name: `RetinaNet ${backbone} FPN ${headNorm === 'group' ? 'v2' : 'v1'}`,
    block: body.block,
    blocks: body.stages.map(stage => stage.length),
    fpnChannels: pyramid.channels,
    levels: pyramid.levels,
    p6From: pyramid.top.kind === 'maxPool' ? 'maxPool' : pyramid.top.from,
    headDepth: classification.convs.length,
    headNorm,
    classes,
    anchorsPerCell,
    parameters: countParameters(checkpoint),
    torchvisionCocoV1: isTorchvisionCocoV1(layout, backbone),
  };
}

function normOf({ convs }: HeadBranchLayout): Architecture['headNorm'] {
  return convs[0]?.norm?.kind ?? 'none';
}

/**
 * torchvision's `RetinaNet_ResNet50_FPN_Weights.COCO_V1`: ResNet-50 with FrozenBatchNorm, P6 from P5, 91 columns, in the
 * key layout from before torchvision 0.13, in which the file was published. Only for these weights torchvision sets the
 * eps of every FrozenBatchNorm to 0 (`overwrite_eps(model, 0.0)` in `retinanet_resnet50_fpn`).
 */
function isTorchvisionCocoV1(layout: RetinaNetLayout, backbone: string): boolean {
  const { body, pyramid, classification, regression, classes, anchorsPerCell } = layout;
  return (
    backbone === 'ResNet-50' &&
    body.frozenNorm &&
    pyramid.oldKeys &&
    pyramid.channels === 256 &&
    pyramid.laterals.length === 3 &&
    pyramid.top.kind === 'convs' &&
    pyramid.top.from === 'p5' &&
    [classification, regression].every(branch => branch.oldKeys && branch.convs.length === 4) &&
    classes === 91 &&
    anchorsPerCell === 9
  );
}
