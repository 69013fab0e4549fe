"""Plants label errors in a clean COCO document and records each of them."""

from __future__ import annotations

import random

from .categories import CATEGORIES
from .coco import plain

ERROR_SEED = 20
#: Errors per label of the clean document.
ERROR_RATE = 0.2
#: Share of the images that stay as they are.
UNTOUCHED_IMAGES = 0.2
#: Share of each kind among the errors; the names are those of Focal Lens's label issues.
KINDS: dict[str, float] = {
    "missing": 0.22,
    "spurious": 0.18,
    "wrongClass": 0.20,
    "badBox": 0.20,
    "duplicate": 0.14,
    "degenerate": 0.06,
}

Box = list[float]


def plant_errors(clean: dict, seed: int) -> tuple[dict, dict]:
    """A faulty copy of a COCO document, and the record of its errors.

    No label has two errors. In the record, `label_id` is the label's id in the faulty document, null where it is
    missing there; `bbox` is the place to look at; `original` is the clean label, null where there was none.
    """
    rng = random.Random(f"harbour-errors-{seed}")
    images = {image["id"]: image for image in clean["images"]}
    untouched = set(rng.sample(sorted(images), round(UNTOUCHED_IMAGES * len(images))))
    by_image: dict[int, list[dict]] = {key: [] for key in images}
    for label in clean["annotations"]:
        by_image[label["image_id"]].append(label)
    faulty = {key: [dict(label) for label in labels] for key, labels in by_image.items()}
    free = [label for label in clean["annotations"] if label["image_id"] not in untouched]
    rng.shuffle(free)
    next_id = 1 + max(label["id"] for label in clean["annotations"])
    total = round(ERROR_RATE * len(clean["annotations"]))
    errors = []
    for kind in _quota(total):
        error = None
        while error is None:
            label = free.pop()
            image = images[label["image_id"]]
            if kind == "spurious":
                error = _spurious(rng, label, by_image, sorted(set(images) - untouched), next_id)
            else:
                error = _MAKERS[kind](rng, label, image, next_id)
        changed, where, original = error
        image_id = changed["image_id"] if changed else label["image_id"]
        labels = faulty[image_id]
        if kind in ("spurious", "duplicate"):
            labels.append(changed)
            next_id += 1
        else:
            index = next(i for i, entry in enumerate(labels) if entry["id"] == label["id"])
            labels[index : index + 1] = [changed] if changed else []
        errors.append(
            {
                "kind": kind,
                "image_id": image_id,
                "file_name": images[image_id]["file_name"],
                "label_id": changed["id"] if changed else None,
                "bbox": where,
                "original": original,
            }
        )
    errors.sort(key=lambda error: (error["image_id"], list(KINDS).index(error["kind"]), error["bbox"]))
    document = {**clean, "annotations": [label for labels in faulty.values() for label in labels]}
    counts = {kind: sum(error["kind"] == kind for error in errors) for kind in KINDS}
    return document, {"seed": seed, "counts": counts, "untouchedImages": sorted(untouched), "errors": errors}


def _quota(total: int) -> list[str]:
    """The kinds of `total` errors, in their shares."""
    kinds = [kind for kind, share in KINDS.items() for _ in range(round(share * total))]
    return (kinds + ["wrongClass"] * total)[:total]


def _brief(label: dict) -> dict:
    return {"id": label["id"], "category_id": label["category_id"], "bbox": label["bbox"]}


def _changed(label: dict, box: Box, **values) -> dict:
    """A copy of a label with another box and its area."""
    box = [plain(value) for value in box]
    return {**label, **values, "bbox": box, "area": plain(abs(box[2] * box[3]))}


def _missing(rng: random.Random, label: dict, image: dict, next_id: int):
    return None, label["bbox"], _brief(label)


def _wrong_class(rng: random.Random, label: dict, image: dict, next_id: int):
    others = [number for number in range(1, len(CATEGORIES) + 1) if number != label["category_id"]]
    return {**label, "category_id": rng.choice(others)}, label["bbox"], _brief(label)


def _bad_box(rng: random.Random, label: dict, image: dict, next_id: int):
    """Moves the box by a Gaussian of 0.15 of its width and height until its IoU with the true one is in [0.4, 0.7)."""
    box = _moved(rng, label["bbox"], image, 0.15, 0.4, 0.7)
    if box is None:
        return None
    changed = _changed(label, box)
    return changed, changed["bbox"], _brief(label)


def _duplicate(rng: random.Random, label: dict, image: dict, next_id: int):
    box = _moved(rng, label["bbox"], image, 0.03, 0.8, 1.01)
    if box is None:
        return None
    changed = _changed(label, box, id=next_id)
    return changed, changed["bbox"], _brief(label)


def _degenerate(rng: random.Random, label: dict, image: dict, next_id: int):
    """A side of length zero, or a negative one as from corners in the wrong order."""
    x, y, width, height = label["bbox"]
    box = rng.choice(
        ([x, y, 0, height], [x, y, width, 0], [x + width, y, -width, height], [x, y + height, width, -height])
    )
    changed = _changed(label, box)
    return changed, changed["bbox"], _brief(label)


def _spurious(rng: random.Random, label: dict, by_image: dict[int, list[dict]], images: list[int], next_id: int):
    """Copies the label into another image, to a place where no object of its size is."""
    target = rng.choice(images)
    if target == label["image_id"] or any(overlap(label["bbox"], other["bbox"]) >= 0.2 for other in by_image[target]):
        return None
    changed = {**label, "id": next_id, "image_id": target}
    return changed, changed["bbox"], None


_MAKERS = {
    "missing": _missing,
    "wrongClass": _wrong_class,
    "badBox": _bad_box,
    "duplicate": _duplicate,
    "degenerate": _degenerate,
}


def _moved(rng: random.Random, box: Box, image: dict, sigma: float, lowest: float, below: float) -> Box | None:
    """The box shifted inside its image so that its IoU with itself falls in [lowest, below); None if none was found."""
    x, y, width, height = box
    for _ in range(500):
        moved = [x + rng.gauss(0, sigma) * width, y + rng.gauss(0, sigma) * height, width, height]
        inside = (
            moved[0] >= 0
            and moved[1] >= 0
            and moved[0] + width <= image["width"]
            and moved[1] + height <= image["height"]
        )
        moved = [round(value, 2) for value in moved]
        if inside and lowest <= overlap(box, moved) < below:
            return moved
    return None


def overlap(a: Box, b: Box) -> float:
    """Intersection over union of two boxes given as x, y, width, height."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(0.0, width) * max(0.0, height)
    union = a[2] * a[3] + b[2] * b[3] - shared
    return shared / union if union > 0 else 0.0
