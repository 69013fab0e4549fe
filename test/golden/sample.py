#!/usr/bin/python3
"""Writes sample/*.json: what torchvision computes with the sample's detector for three of its pictures.

usage: /usr/bin/python3 test/golden/sample.py      (needs Debian's python3-torchvision and python3-pil)

The detector is the shipped `model.safetensors` and its card as `training/detector` opens them, and the labels are those of
`labels.json`, planted errors and all. The form is that of generate.py's cases; thresholds are torchvision's defaults.
"""
import json
import os
import sys
from pathlib import Path

import torch

from generate import FOLDER, run, write

ROOT = Path(FOLDER).parents[1]
SAMPLE = ROOT / "examples" / "harbour"
sys.path.insert(0, str(ROOT / "training"))

from detector.load import load_model  # noqa: E402

PICTURES = ("harbour-05.jpg", "harbour-23.jpg", "harbour-42.jpg")


def labels_of(document, picture, columns):
    """Boxes as x1, y1, x2, y2 and class columns, in the order of the file. Degenerate boxes overlap no anchor."""
    image = next(entry["id"] for entry in document["images"] if entry["file_name"] == picture)
    rows = [entry for entry in document["annotations"] if entry["image_id"] == image]
    return [([x, y, x + width, y + height], columns.index(row["category_id"]))
            for row in rows for x, y, width, height in [row["bbox"]]]


def main(pictures):
    torch.set_num_threads(os.cpu_count())
    card = json.loads((SAMPLE / "model.json").read_text())
    document = json.loads((SAMPLE / "labels.json").read_text())
    model = load_model(SAMPLE / "model.safetensors")
    os.makedirs(os.path.join(FOLDER, "sample"), exist_ok=True)
    for picture in pictures or PICTURES:
        name = Path(picture).stem
        spec = dict(model="harbour", image=str(SAMPLE / "images" / picture), boxLoss=card["boxLoss"], boxLossBeta=1.0,
                    labels=labels_of(document, picture, card["categoryIds"]), layouts=("present",),
                    sizes=(card["minSize"], card["maxSize"]))
        result = run(name, spec, model)
        assert (model.score_thresh, model.nms_thresh) == (0.05, 0.5), f"{picture}: rounding decides about detections"
        result["image"]["file"] = picture
        write(f"sample/{name}.json", result)


if __name__ == "__main__":
    main(sys.argv[1:])
