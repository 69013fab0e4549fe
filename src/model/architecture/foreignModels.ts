import { UserError } from '../../common/errors';
import type { Checkpoint } from '../types';
import { retinaNetRemedy } from './tensorClaims';

interface ForeignModel {
  readonly name: string;
  /** Fits a tensor name that the model has and a torchvision RetinaNet has not. */
  readonly mark: RegExp;
}

// First match wins: the more specific marks come first. Names come without prefixes such as `model.`.
const foreignModels: readonly ForeignModel[] = [
  { name: 'a torchvision Faster R-CNN or Mask R-CNN', mark: /^(rpn\.head|roi_heads)\./ },
  { name: 'a torchvision FCOS', mark: /^head\.regression_head\.bbox_ctrness\./ },
  { name: 'a torchvision SSD', mark: /^head\.(classification|regression)_head\.module_list\./ },
  { name: 'a detectron2 model', mark: /^(backbone\.bottom_up|proposal_generator|head\.cls_score)\./ },
  { name: 'an MMDetection model', mark: /^(bbox_head|neck|rpn_head|roi_head)\./ },
  { name: 'a RetinaNet of the pytorch-retinanet package', mark: /^classificationModel\./ },
  { name: 'an EfficientDet', mark: /^(bifpn|backbone_net|class_net|fpn\.cell)\b/ },
  { name: 'a DETR', mark: /^(transformer\.|class_embed\.|query_embed\.|bbox_embed\.|decoder\.(layers|dec_))/ },
  { name: 'a YOLO', mark: /^(model\.)*\d+\.(conv|cv\d|m|dfl|bn)\b|^module_list\.\d+\.|^darknet\./i },
  { name: 'a torchvision ResNet classifier', mark: /^layer1\.0\.conv1\.weight$/ },
  {
    name: 'a vision transformer',
    mark: /^(vit|blocks\.\d+\.attn|encoder\.layers\.|patch_embed|cls_token|class_token)/,
  },
  { name: 'an image classifier', mark: /^(features\.\d+|classifier\.\d+|fc)\./ },
  {
    name: 'a torchvision RetinaNet whose backbone is not a ResNet',
    mark: /^backbone\.body\.(\d+|features|stem|encoder|s\d)\./,
  },
];

const requiredParts: readonly { readonly prefix: string; readonly meaning: string }[] = [
  { prefix: 'backbone.body.', meaning: 'a ResNet body' },
  { prefix: 'backbone.fpn.', meaning: 'a feature pyramid' },
  { prefix: 'head.classification_head.', meaning: 'a classification head' },
  { prefix: 'head.regression_head.', meaning: 'a regression head' },
];

/** Throws a UserError saying what the checkpoint looks like if it is clearly no torchvision RetinaNet. */
export function refuseForeignModels(checkpoint: Checkpoint): void {
  const names = [...checkpoint.tensors.keys()];
  const refuse = (found: string): never => {
    throw new UserError(`${found}, expected a torchvision RetinaNet`, {
      where: checkpoint.file,
      remedy: retinaNetRemedy,
    });
  };
  if (names.length === 0) refuse('the checkpoint holds no tensors');
  for (const { name, mark } of foreignModels) {
    if (names.some(tensor => mark.test(tensor))) refuse(`this looks like ${name}`);
  }
  const absent = requiredParts.filter(({ prefix }) => !names.some(name => name.startsWith(prefix)));
  if (absent.length > 0) {
    const parts = absent.map(({ prefix, meaning }) => `${meaning} (${prefix}*)`).join(', ');
    refuse(`the checkpoint has no tensors of ${parts}`);
  }
}
