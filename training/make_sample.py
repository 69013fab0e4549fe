"""Renders the sample data set and plants errors in its labels.

    python3 make_sample.py --out ../examples/harbour

Writes `images/`, `labels.json` (with errors), `truth/labels.clean.json`, and `planted.json` (which errors). The
same seeds give the same bytes. The truth lies in a folder of its own so that it is not taken for the pictures' labels.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from harbour.annotate import Annotation
from harbour.coco import coco_document, write_coco
from harbour.errors import ERROR_SEED, plant_errors
from harbour.scene import render_scene
from harbour.splits import seeds


def render(folder: Path) -> list[tuple[str, list[Annotation]]]:
    """Renders the sample's pictures; returns their names and labels."""
    folder.mkdir(parents=True, exist_ok=True)
    scenes = []
    for number, seed in enumerate(seeds("sample"), start=1):
        scene = render_scene(seed)
        name = f"harbour-{number:02d}.jpg"
        (folder / name).write_bytes(scene.jpeg)
        scenes.append((name, scene.annotations))
    return scenes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    clean = coco_document(render(options.out / "images"))
    split = seeds("sample")
    info = {"description": "Harbour, a rendered sample data set", "seeds": [split[0], split[-1]]}
    (options.out / "truth").mkdir(exist_ok=True)
    write_coco(options.out / "truth" / "labels.clean.json", {"info": info, **clean})
    faulty, planted = plant_errors(clean, ERROR_SEED)
    write_coco(options.out / "labels.json", {"info": info, **faulty})
    write_coco(options.out / "planted.json", planted)
    counts = ", ".join(f"{kind} {count}" for kind, count in planted["counts"].items())
    print(f"{len(clean['images'])} images, {len(clean['annotations'])} labels, errors: {counts}")


if __name__ == "__main__":
    main()
