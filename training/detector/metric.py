"""Average precision by pycocotools."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torchvision.models.detection import RetinaNet

from .data import CocoDataset


@torch.no_grad()
def detect(
    model: RetinaNet, folder: Path, device: torch.device, limit: int | None = None
) -> tuple[list[dict], list[int]]:
    """COCO results of a split's first `limit` images, and these images' ids."""
    model.eval()
    dataset = CocoDataset(folder)
    results, ids = [], []
    for index in range(min(len(dataset), limit or len(dataset))):
        image, _ = dataset[index]
        image_id = dataset.images[index][0]
        ids.append(image_id)
        found = {key: value.cpu().numpy() for key, value in model([image.to(device)])[0].items()}
        for (x1, y1, x2, y2), score, label in zip(
            found["boxes"].tolist(), found["scores"].tolist(), found["labels"].tolist()
        ):
            results.append(
                {"image_id": image_id, "category_id": label, "bbox": [x1, y1, x2 - x1, y2 - y1], "score": score}
            )
    return results, ids


def average_precision(
    folder: Path, results: list[dict], ids: list[int], most: int = 100
) -> dict[str, dict[str, float]]:
    """AP, AP50 and AP75, for all categories (`all`) and by category name, with the number of labels.

    `most` is the number of detections per image and category that count: 100 in COCO's AP.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(folder / "labels.json"))
        evaluation = COCOeval(truth, truth.loadRes(results) if results else COCO(), "bbox")
        evaluation.params.imgIds = ids
        evaluation.params.maxDets = [1, 10, most]
        evaluation.evaluate()
        evaluation.accumulate()
    # precision: IoU thresholds x recall levels x categories x area ranges x detection limits; -1 where undefined
    precision = evaluation.eval["precision"][:, :, :, 0, -1]
    rows = {"all": _row(precision, len(truth.getAnnIds(imgIds=ids)))}
    for index, category in enumerate(int(number) for number in evaluation.params.catIds):
        count = len(truth.getAnnIds(imgIds=ids, catIds=[category]))
        rows[truth.loadCats(category)[0]["name"]] = _row(precision[:, :, index : index + 1], count)
    return rows


def _row(precision: np.ndarray, labels: int) -> dict[str, float]:
    def mean(values: np.ndarray) -> float:
        defined = values[values > -1]
        return float(defined.mean()) if defined.size else float("nan")

    return {"labels": labels, "AP": mean(precision), "AP50": mean(precision[0]), "AP75": mean(precision[5])}


def table(rows: dict[str, dict[str, float]]) -> str:
    lines = [f"{'':12}{'labels':>8}{'AP':>8}{'AP50':>8}{'AP75':>8}"]
    for name, row in rows.items():
        lines.append(f"{name:12}{row['labels']:8d}{row['AP']:8.3f}{row['AP50']:8.3f}{row['AP75']:8.3f}")
    return "\n".join(lines)
