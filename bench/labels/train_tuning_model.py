"""Trains the detectors that the calibration of label issues is tuned with, on a data set's own training images, so that
its validation images are new to them while the reported model and images stay out of the tuning.

    /usr/bin/python3 bench/labels/train_tuning_model.py --data BCCD --images train --out tuning.pth

With `--labels` it goes on with labels that hold planted errors, to see what becomes of errors that were trained on:

    npm run bench:labels -- plant --source "test=BCCD#test,tuning.pth" --seeds 1 --out planted.json
    /usr/bin/python3 bench/labels/train_tuning_model.py --data BCCD --labels planted.json --start tuning.pth \
        --epochs 16 --out misled.pth
    npm run bench:labels -- report --source "test=BCCD#test,misled.pth" --seeds 1

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


def sample(file: Path, corners: list, names: list[str]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor] | None:
    """A picture at the model's size with its boxes and class numbers; None without a box."""
    picture = Image.open(file).convert("RGB")
    scale = (WIDTH / picture.width, HEIGHT / picture.height) * 2
    kept = [(box, name) for box, name in zip(corners, names) if box[2] > box[0] and box[3] > box[1]]
    if not kept:
        return None
    pixels = np.asarray(picture.resize((WIDTH, HEIGHT), Image.BILINEAR)).copy()
    boxes = torch.tensor([[value * factor for value, factor in zip(box, scale)] for box, _ in kept])
    classes = torch.tensor([NAMES.index(name) + 1 for _, name in kept])
    return torch.from_numpy(pixels).permute(2, 0, 1).float() / 255, boxes, classes


def load_planted(data: Path, labels: Path) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Pictures with the labels that `bench:labels -- plant` wrote for them."""
    document = json.loads(labels.read_text())
    names = {category["id"]: category["name"] for category in document["categories"]}
    samples = []
    for image in document["images"]:
        own = [label for label in document["annotations"] if label["image_id"] == image["id"]]
        corners = [(x, y, x + width, y + height) for x, y, width, height in (label["bbox"] for label in own)]
        classes = [names[label["category_id"]] for label in own]
        samples.append(sample(data / "JPEGImages" / image["file_name"], corners, classes))
    return [entry for entry in samples if entry is not None]


def load(data: Path, images: str) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    samples = []
    for name in (data / "ImageSets" / "Main" / f"{images}.txt").read_text().split():
        items = list(ElementTree.parse(data / "Annotations" / f"{name}.xml").getroot().iter("object"))
        edges = ("xmin", "ymin", "xmax", "ymax")
        corners = [[float(item.findtext(f"bndbox/{edge}")) for edge in edges] for item in items]
        classes = [item.findtext("name") for item in items]
        samples.append(sample(data / "JPEGImages" / f"{name}.jpg", corners, classes))
    return [entry for entry in samples if entry is not None]


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
    parser.add_argument("--labels", type=Path, help="COCO JSON instead of the data set's own labels and list of images")
    parser.add_argument("--start", type=Path, help="weights to go on from instead of random ones")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=30)
    options = parser.parse_args()
    torch.manual_seed(0)
    random.seed(0)

    planted = options.labels is not None
    samples = load_planted(options.data, options.labels) if planted else load(options.data, options.images)
    body = resnet18(weights=None)
    layers = {"layer2": "0", "layer3": "1", "layer4": "2"}
    backbone = BackboneWithFPN(body, layers, [128, 256, 512], 64, LastLevelP6P7(64, 64))
    size = {"min_size": HEIGHT, "max_size": 400}
    model = RetinaNet(backbone, len(NAMES) + 1, anchor_generator=_default_anchorgen(), **size).train()
    if options.start is not None:
        model.load_state_dict(torch.load(options.start, map_location="cpu"))
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
