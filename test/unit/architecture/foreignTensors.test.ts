import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/common/errors';
import { inferArchitecture } from '../../../src/model/architecture';
import type { MemoryTensor } from '../helpers/memoryCheckpoint';
import { memoryCheckpoint } from '../helpers/memoryCheckpoint';
import { retinaNetTensors } from '../helpers/retinaNetTensors';

function refusal(tensors: Map<string, MemoryTensor>): string {
  try {
    inferArchitecture(memoryCheckpoint(tensors, 'model.pth'));
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('Expected a refusal.');
}

function tensor(...shape: number[]): MemoryTensor {
  return { shape, values: new Float32Array(shape.reduce((product, size) => product * size, 1)) };
}

describe('tensors of a RetinaNet that do not fit', () => {
  const complete = retinaNetTensors({ headNorm: 'group', fpn: 32 });
  const needed = [...complete.keys()].filter(name => !name.endsWith('num_batches_tracked'));

  it.each(needed)('refuses a checkpoint without %s and names it', name => {
    const tensors = new Map(complete);
    tensors.delete(name);
    expect(refusal(tensors)).toContain(`model.pth: ${name}: tensor is missing, expected shape [`);
  });

  it('names a missing tensor and the shape it should have', () => {
    const tensors = retinaNetTensors();
    tensors.delete('backbone.body.layer3.1.conv2.weight');
    expect(refusal(tensors)).toBe(
      'model.pth: backbone.body.layer3.1.conv2.weight: tensor is missing, expected shape [12, 12, 3, 3]; ' +
        'choose a checkpoint of a torchvision RetinaNet with a ResNet-FPN backbone',
    );
  });

  it.each([
    ['backbone.body.conv1.weight', tensor(4, 3, 3, 3), '[4, 3, 3, 3], expected [channels, 3, 7, 7]'],
    ['backbone.body.bn1.running_var', tensor(5), '[5], expected [4]'],
    ['backbone.body.layer2.0.downsample.0.weight', tensor(8, 8, 1, 1), '[8, 8, 1, 1], expected [8, 4, 1, 1]'],
    ['backbone.fpn.inner_blocks.1.0.weight', tensor(8, 8, 1, 1), '[8, 8, 1, 1], expected [8, 12, 1, 1]'],
    ['backbone.fpn.extra_blocks.p6.weight', tensor(8, 9, 3, 3), '[8, 9, 3, 3], expected [8, 16, 3, 3]'],
    ['head.regression_head.conv.2.0.weight', tensor(8, 8, 1, 1), '[8, 8, 1, 1], expected [8, 8, 3, 3]'],
    ['backbone.body.layer1.0.conv1.weight', tensor(0, 4, 3, 3), '[0, 4, 3, 3], expected [channels, 4, 3, 3]'],
  ])('names %s with a wrong shape', (name, wrong, expected) => {
    const message = refusal(retinaNetTensors().set(name, wrong));
    expect(message).toContain(`model.pth: ${name}: found shape ${expected}`);
  });

  it('refuses outputs that are no whole number of anchors or classes', () => {
    const odd = retinaNetTensors({ anchors: 1.25, classes: 4 });
    expect(refusal(odd)).toContain('head.regression_head.bbox_reg.weight: found 5 outputs, expected four per anchor');
    const uneven = retinaNetTensors({ classes: 10 / 9 });
    expect(refusal(uneven)).toContain('cls_logits.weight: found 10 outputs, expected a multiple of the 9 anchors');
  });

  it('refuses groups that do not divide the channels', () => {
    const tensors = retinaNetTensors({ block: 'bottleneck', blocks: [1, 1, 1, 1], channels: [16, 16, 16, 16] });
    expect(refusal(tensors.set('backbone.body.layer1.0.conv2.weight', tensor(4, 3, 3, 3)))).toContain(
      'found shape [4, 3, 3, 3], expected a second dimension that divides 4 input channels',
    );
  });

  it("refuses a group norm that torchvision's 32 groups do not divide", () => {
    expect(refusal(retinaNetTensors({ headNorm: 'group', fpn: 8 }))).toContain("a multiple of torchvision's 32 groups");
  });

  it('refuses quantised weights', () => {
    const name = 'backbone.body.conv1.weight';
    const tensors = retinaNetTensors().set(name, { ...tensor(4, 3, 7, 7), dtype: 'I8' });
    expect(refusal(tensors)).toContain(`${name}: found values of type I8, expected floating-point weights`);
  });

  it('names unknown tensors, shortened if they are endless', () => {
    const tensors = retinaNetTensors().set('head.mask_head.weight', tensor(1));
    expect(refusal(tensors)).toContain('model.pth: head.mask_head.weight: unknown tensor, expected only those of');
    const endless = refusal(retinaNetTensors().set('a\n'.repeat(10_000), tensor(1)));
    expect(endless.length).toBeLessThan(400);
  });

  it('is not held up by absurd block numbers', () => {
    const tensors = retinaNetTensors().set('backbone.body.layer1.999999999999.conv1.weight', tensor(1));
    expect(refusal(tensors)).toContain('backbone.body.layer1.2.conv1.weight: tensor is missing');
  });
});

describe('other models', () => {
  it.each([
    ['torchvision Faster R-CNN or Mask R-CNN', ['backbone.body.conv1.weight', 'rpn.head.conv.0.0.weight']],
    ['torchvision FCOS', ['backbone.body.conv1.weight', 'head.regression_head.bbox_ctrness.weight']],
    ['torchvision SSD', ['backbone.features.0.weight', 'head.classification_head.module_list.0.weight']],
    ['torchvision ResNet classifier', ['conv1.weight', 'layer1.0.conv1.weight', 'fc.weight']],
    ['backbone is not a ResNet', ['backbone.body.0.0.weight', 'head.classification_head.cls_logits.weight']],
    ['YOLO', ['0.conv.weight', '22.cv2.0.0.conv.weight', '22.dfl.conv.weight']],
    ['YOLO', ['model.model.0.conv.weight']],
    ['DETR', ['transformer.encoder.layers.0.norm1.weight', 'query_embed.weight']],
    ['detectron2', ['backbone.bottom_up.stem.conv1.weight']],
    ['MMDetection', ['backbone.conv1.weight', 'bbox_head.retina_cls.weight']],
    ['pytorch-retinanet', ['conv1.weight', 'classificationModel.conv1.weight', 'layer1.0.conv1.weight']],
    ['vision transformer', ['patch_embed.proj.weight', 'blocks.0.attn.qkv.weight']],
    ['image classifier', ['features.0.weight', 'classifier.6.weight']],
  ])('says that a checkpoint looks like a %s: %j', (name, names) => {
    const message = refusal(new Map(names.map(key => [key, tensor(1)])));
    expect(message).toMatch(/^model\.pth: this looks like an? /);
    expect(message).toContain(name);
    expect(message).toContain('expected a torchvision RetinaNet');
  });

  it('names the parts that are absent from anything else', () => {
    expect(refusal(new Map([['weights', tensor(1)]]))).toContain(
      'no tensors of a ResNet body (backbone.body.*), a feature pyramid (backbone.fpn.*), a classification head',
    );
    expect(refusal(new Map())).toContain('the checkpoint holds no tensors, expected a torchvision RetinaNet');
  });
});
