"""Trains the detectors that the calibration of label issues is tuned with, on a data set's own training images, so that
its validation images are new to them while the reported model and images stay out of the tuning.

    /usr/bin/python3 bench/labels/train_tuning_model.py --data BCCD --images train --out tuning.pth

Writes OUT at the end and OUT with `-early` before its suffix half-way: a weak model beside a good one. The same small
RetinaNet as the reported one: ResNet-18 from scratch, 64 pyramid channels, 240 x 320 pixels.
"""

from __future__ import annotations

import argparse
import json
import random
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torchvision.models import resnet18
from torchvision.models.detection import RetinaNet
from torchvision.models.detection.backbone_utils import BackboneWithFPN
from torchvision.models.detection.retinanet import _default_anchorgen
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

NAMES = ("RBC", "WBC", "Platelets")
WIDTH, HEIGHT = 320, 240
BATCH = 4


def load(data: Path, images: str) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    samples = []
    for name in (data / "ImageSets" / "Main" / f"{images}.txt").read_text().split():
        picture = Image.open(data / "JPEGImages" / f"{name}.jpg").convert("RGB")
        scale = (WIDTH / picture.width, HEIGHT / picture.height) * 2
        boxes, classes = [], []
        for item in ElementTree.parse(data / "Annotations" / f"{name}.xml").getroot().iter("object"):
            corners = [float(item.findtext(f"bndbox/{key}")) for key in ("xmin", "ymin", "xmax", "ymax")]
            if corners[2] > corners[0] and corners[3] > corners[1]:
                boxes.append([value * factor for value, factor in zip(corners, scale)])
                classes.append(NAMES.index(item.findtext("name")) + 1)
        if boxes:
            pixels = np.asarray(picture.resize((WIDTH, HEIGHT), Image.BILINEAR)).copy()
            pixels = torch.from_numpy(pixels).permute(2, 0, 1).float() / 255
            samples.append((pixels, torch.tensor(boxes), torch.tensor(classes)))
    return samples


def augment(pixels: torch.Tensor, boxes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    boxes = boxes.clone()
    if random.random() < 0.5:
        pixels, boxes[:, [0, 2]] = pixels.flip(2), WIDTH - boxes[:, [2, 0]]
    if random.random() < 0.5:
        pixels, boxes[:, [1, 3]] = pixels.flip(1), HEIGHT - boxes[:, [3, 1]]
    return (pixels * random.uniform(0.85, 1.15)).clamp(0, 1), boxes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--images", default="train")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=30)
    options = parser.parse_args()
    torch.manual_seed(0)
    random.seed(0)

    samples = load(options.data, options.images)
    body = resnet18(weights=None)
    layers = {"layer2": "0", "layer3": "1", "layer4": "2"}
    backbone = BackboneWithFPN(body, layers, [128, 256, 512], 64, LastLevelP6P7(64, 64))
    size = {"min_size": HEIGHT, "max_size": 400}
    model = RetinaNet(backbone, len(NAMES) + 1, anchor_generator=_default_anchorgen(), **size).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-3)
    steps = options.epochs * -(-len(samples) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)

    def save(path: Path) -> None:
        torch.save(model.state_dict(), path)
        card = {"classes": ["__background__", *NAMES], "minSize": HEIGHT, "maxSize": 400, "boxLoss": "l1"}
        path.with_suffix(".json").write_text(json.dumps(card) + "\n")

    for epoch in range(options.epochs):
        random.shuffle(samples)
        for start in range(0, len(samples), BATCH):
            batch = [(*augment(pixels, boxes), classes) for pixels, boxes, classes in samples[start : start + BATCH]]
            targets = [{"boxes": boxes, "labels": classes} for _, boxes, classes in batch]
            losses = model([pixels for pixels, _, _ in batch], targets)
            optimizer.zero_grad()
            sum(losses.values()).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
            optimizer.step()
            schedule.step()
        print(epoch + 1, {name: round(loss.item(), 3) for name, loss in losses.items()}, flush=True)
        if epoch + 1 == options.epochs // 2:
            save(options.out.with_name(f"{options.out.stem}-early{options.out.suffix}"))
    save(options.out)


if __name__ == "__main__":
    main()
