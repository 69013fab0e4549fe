import { readBiasedConv, readConvNormActivation } from './convLayouts';
import type { ConvLayout, HeadBranchLayout } from './retinaNetLayout';
import type { TensorClaims } from './tensorClaims';

const classificationPrefix = 'head.classification_head';
const regressionPrefix = 'head.regression_head';

export interface HeadLayout {
  readonly classification: HeadBranchLayout;
  readonly regression: HeadBranchLayout;
  readonly classes: number;
  readonly anchorsPerCell: number;
}

/**
 * Reads torchvision's RetinaNetHead over `channels` pyramid channels. The regression branch has four outputs per anchor
 * and so tells the anchors per cell; the classification branch then tells the classes.
 */
export function readHead(claims: TensorClaims, channels: number): HeadLayout {
  const classification = readBranch(claims, classificationPrefix, 'cls_logits', channels);
  const depth = classification.convs.length;
  const regression = readBranch(claims, regressionPrefix, 'bbox_reg', channels, depth);
  const deltas = regression.output.shape[0];
  const logits = classification.output.shape[0];
  const anchorsPerCell = deltas / 4;
  if (!Number.isInteger(anchorsPerCell)) {
    throw claims.fault(regression.output.weight, `found ${deltas} outputs, expected four per anchor`);
  }
  const classes = logits / anchorsPerCell;
  if (!Number.isInteger(classes)) {
    throw claims.fault(
      classification.output.weight,
      `found ${logits} outputs, expected a multiple of the ${anchorsPerCell} anchors per cell that the regression head has`,
    );
  }
  return { classification, regression, classes, anchorsPerCell };
}

function readBranch(
  claims: TensorClaims,
  prefix: string,
  output: string,
  channels: number,
  depth?: number,
): HeadBranchLayout {
  // Before torchvision 0.13 convolutions and ReLUs alternated in one Sequential: conv.0, conv.2, ...
  const oldKeys = [0, 2].some(index => claims.has(`${prefix}.conv.${index}.weight`));
  const step = oldKeys ? 2 : 1;
  const count = depth ?? Math.ceil(claims.countBlocks(`${prefix}.conv.`) / step);
  const expected = { out: channels, input: channels, kernel: 3, stride: 1 };
  const read = oldKeys ? readBiasedConv : readConvNormActivation;
  const convs: ConvLayout[] = [];
  while (convs.length < count) convs.push(read(claims, `${prefix}.conv.${convs.length * step}`, expected));
  const outputConv = readBiasedConv(claims, `${prefix}.${output}`, { ...expected, out: 'outputs' });
  return { convs, output: outputConv, oldKeys };
}
