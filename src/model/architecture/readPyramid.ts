import { readBiasedConv, readConvNormActivation } from './convLayouts';
import type { ConvExpectation } from './convLayouts';
import type { BodyLayout, ConvLayout, PyramidLayout, TopLayout } from './retinaNetLayout';
import type { TensorClaims } from './tensorClaims';

const prefix = 'backbone.fpn';

/**
 * Reads torchvision's FeaturePyramidNetwork: its n lateral blocks take the body's last n stages (torchvision's RetinaNet
 * takes `layer2` to `layer4`, which become P3 to P5).
 */
export function readPyramid(claims: TensorClaims, body: BodyLayout): PyramidLayout {
  const oldKeys = claims.some(/^backbone\.fpn\.inner_blocks\.\d+\.(weight|bias)$/);
  const count = claims.countBlocks(`${prefix}.inner_blocks.`);
  // With none, or more than there are stages, what is missing or left over is the error.
  const firstStage = body.stages.length - Math.min(Math.max(1, count), body.stages.length);

  const laterals: { stage: number; inner: ConvLayout; layer: ConvLayout }[] = [];
  let channels: number | string = 'FPN channels';
  for (let stage = firstStage; stage < body.stages.length; stage++) {
    const index = stage - firstStage;
    const read = (block: string, expected: ConvExpectation): ConvLayout =>
      oldKeys
        ? readBiasedConv(claims, `${prefix}.${block}.${index}`, expected)
        : readConvNormActivation(claims, `${prefix}.${block}.${index}`, expected);
    const input = body.stageChannels[stage];
    const inner = read('inner_blocks', { out: channels, input, kernel: 1, stride: 1 });
    channels = inner.shape[0];
    const layer = read('layer_blocks', { out: channels, input: channels, kernel: 3, stride: 1 });
    laterals.push({ stage, inner, layer });
  }
  const width = Number(channels);
  const top = readTop(claims, width, body.stageChannels[body.stageChannels.length - 1]);
  const lateralLevels = laterals.map(({ stage }) => `P${stage + 2}`);
  const levels = [...lateralLevels, ...(top.kind === 'convs' ? ['P6', 'P7'] : ['P6'])];
  return { channels: width, laterals, top, levels, oldKeys };
}

/**
 * P6 is read from P5 when its input has the pyramid's width, else from C5: torchvision's LastLevelP6P7 decides the same
 * way (`use_P5 = in_channels == out_channels`), also where C5 happens to have that width. Without P6 and P7 the top is
 * LastLevelMaxPool, which has no tensors and is what `resnet_fpn_backbone` adds unless told otherwise.
 */
function readTop(claims: TensorClaims, channels: number, c5Channels: number): TopLayout {
  const p6 = `${prefix}.extra_blocks.p6`;
  const p7 = `${prefix}.extra_blocks.p7`;
  if (!claims.some(/^backbone\.fpn\.extra_blocks\./)) return { kind: 'maxPool' };
  const fromP5 = claims.inputChannels(`${p6}.weight`) === channels;
  return {
    kind: 'convs',
    from: fromP5 ? 'p5' : 'c5',
    p6: readBiasedConv(claims, p6, { out: channels, input: fromP5 ? channels : c5Channels, kernel: 3, stride: 2 }),
    p7: readBiasedConv(claims, p7, { out: channels, input: channels, kernel: 3, stride: 2 }),
  };
}
