"""The generated splits as torch data sets."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

#: A box that a crop cuts is kept if at least this share of it remains.
KEPT_SHARE = 0.35
SMALLEST_SIDE = 6.0

Target = dict[str, Tensor]


class CocoDataset(Dataset):
    """Images and boxes of a folder with `labels.json` and `images/`; class columns are category ids.

    With `crop`, items are random square crops of that side, turned and mirrored at random.
    """

    def __init__(self, folder: Path, crop: int | None = None) -> None:
        document = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.images = [(image["id"], folder / "images" / image["file_name"]) for image in document["images"]]
        self.crop = crop
        boxes = defaultdict(list)
        for entry in document["annotations"]:
            x, y, width, height = entry["bbox"]
            boxes[entry["image_id"]].append((x, y, x + width, y + height, entry["category_id"]))
        self._labels = {key: np.array(rows, dtype=np.float32) for key, rows in boxes.items()}

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, Target]:
        """Image [3, height, width] in 0 to 1, and its boxes (x1, y1, x2, y2 in pixels) with their columns."""
        image_id, file = self.images[index]
        pixels = np.asarray(Image.open(file).convert("RGB"))
        labels = self._labels.get(image_id, np.zeros((0, 5), dtype=np.float32))
        if self.crop is not None:
            pixels, labels = turned(*cropped(pixels, labels, self.crop))
        image = torch.from_numpy(pixels.copy()).permute(2, 0, 1).float().div_(255)
        if self.crop is not None:
            image = (image * float(torch.empty(1).uniform_(0.85, 1.15))).clamp_(max=1)
        return image, {
            "boxes": torch.from_numpy(labels[:, :4].copy()),
            "labels": torch.from_numpy(labels[:, 4].astype(np.int64)),
        }


def cropped(pixels: np.ndarray, labels: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """A random square of an image [height, width, 3] with the labels (x1, y1, x2, y2, column) that remain in it."""
    height, width, _ = pixels.shape
    left, top = _below(width - side + 1), _below(height - side + 1)
    moved = labels - np.array((left, top, left, top, 0), dtype=np.float32)
    clipped = moved.copy()
    clipped[:, :4] = moved[:, :4].clip(0, side)
    sides = clipped[:, 2:4] - clipped[:, :2]
    whole = moved[:, 2:4] - moved[:, :2]
    kept = (sides.min(1, initial=np.inf) >= SMALLEST_SIDE) & (sides.prod(1) >= KEPT_SHARE * whole.prod(1))
    return pixels[top : top + side, left : left + side], clipped[kept]


def turned(pixels: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A square image and its labels in one of the eight orientations."""
    side = pixels.shape[0]
    x1, y1, x2, y2, column = labels.T
    if _below(2):
        pixels, x1, x2 = pixels[:, ::-1], side - x2, side - x1
    if _below(2):
        pixels, y1, y2 = pixels[::-1], side - y2, side - y1
    if _below(2):
        pixels, x1, y1, x2, y2 = pixels.transpose(1, 0, 2), y1, x1, y2, x2
    return pixels, np.stack((x1, y1, x2, y2, column), axis=1)


def collate(items: list[tuple[Tensor, Target]]) -> tuple[list[Tensor], list[Target]]:
    images, targets = zip(*items)
    return list(images), list(targets)


def _below(limit: int) -> int:
    """A random index in 0 to limit - 1 from torch's generator, which workers seed apart."""
    return int(torch.randint(limit, (1,)))
