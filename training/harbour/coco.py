"""COCO JSON documents, written with one image, one annotation and one category a line."""

from __future__ import annotations

import json
from pathlib import Path

from .annotate import Annotation
from .categories import CATEGORIES, category_id
from .scene import HEIGHT, WIDTH


def coco_document(scenes: list[tuple[str, list[Annotation]]]) -> dict:
    """The document of scenes given as file name and labels; ids count from 1 in the order given."""
    images, annotations = [], []
    for image_id, (file_name, labels) in enumerate(scenes, start=1):
        images.append({"id": image_id, "file_name": file_name, "width": WIDTH, "height": HEIGHT})
        for label in labels:
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image_id,
                    "category_id": category_id(label.category),
                    "bbox": [plain(value) for value in label.box],
                    "area": plain(label.box[2] * label.box[3]),
                    "iscrowd": 0,
                }
            )
    categories = [{"id": category_id(name), "name": name} for name in CATEGORIES]
    return {"images": images, "annotations": annotations, "categories": categories}


def plain(value: float) -> float | int:
    """A number rounded to hundredths, without a fraction where it has none."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def write_coco(file: Path, document: dict) -> None:
    """Writes a document so that every entry of its lists of objects stands on a line of its own."""
    parts = []
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join("    " + json.dumps(entry) for entry in value)
            parts.append(f"  {json.dumps(key)}: [\n{rows}\n  ]")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
