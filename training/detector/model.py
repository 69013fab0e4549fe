"""torchvision's RetinaNet on a narrow ResNet-18; parameter names are torchvision's own."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torchvision.models.detection import RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import BackboneWithFPN
from torchvision.models.detection.retinanet import RetinaNetHead
from torchvision.models.resnet import BasicBlock
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

from .config import Config


class NarrowResNet18(nn.Module):
    """ResNet-18 with `width` channels in its first stage. torchvision's own class fixes them at 64."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = self._stage(width, width, 1)
        self.layer2 = self._stage(width, 2 * width, 2)
        self.layer3 = self._stage(2 * width, 4 * width, 2)
        self.layer4 = self._stage(4 * width, 8 * width, 2)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    @staticmethod
    def _stage(inputs: int, outputs: int, stride: int) -> nn.Sequential:
        shortcut = None
        if stride != 1 or inputs != outputs:
            shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        return nn.Sequential(BasicBlock(inputs, outputs, stride, shortcut), BasicBlock(outputs, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Only the stages are used: the pyramid taps them by name."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


def build_model(config: Config) -> RetinaNet:
    """A freshly initialised detector; `config.classes` are its columns, the background's included."""
    body = NarrowResNet18(config.width)
    stages = {"layer2": "0", "layer3": "1", "layer4": "2"}
    channels = [2 * config.width, 4 * config.width, 8 * config.width]
    top = LastLevelP6P7(config.pyramid, config.pyramid)
    backbone = BackboneWithFPN(body, stages, channels, config.pyramid, top)
    anchors = AnchorGenerator(config.anchor_sizes, (config.aspect_ratios,) * 5)
    head = RetinaNetHead(config.pyramid, anchors.num_anchors_per_location()[0], len(config.classes))
    for branch in (head.classification_head, head.regression_head):
        branch.conv = nn.Sequential(*list(branch.conv)[: config.head_depth])
    head.regression_head._loss_type = config.box_loss
    return RetinaNet(
        backbone,
        len(config.classes),
        min_size=config.min_size,
        max_size=config.max_size,
        anchor_generator=anchors,
        head=head,
    )


def losses(
    model: RetinaNet, images: list[Tensor], targets: list[dict[str, Tensor]], autocast: bool
) -> dict[str, Tensor]:
    """What `model(images, targets)` returns in training mode; with `autocast` the network runs in bfloat16 and the
    losses in float32."""
    batch, targets = model.transform(images, targets)
    device = batch.tensors.device.type
    with torch.autocast(device, dtype=torch.bfloat16, enabled=autocast):
        features = list(model.backbone(batch.tensors).values())
        outputs = model.head(features)
    outputs = {name: values.float() for name, values in outputs.items()}
    return model.compute_loss(targets, outputs, model.anchor_generator(batch, features))
