"""Renders a split of the harbour data set: JPEG images and labels in COCO JSON.

    python3 generate.py --split train --out ~/.cache/harbour

Scenes that are there already are kept, so that an interrupted run goes on and a larger count adds to a smaller one;
delete the folder after a change to the renderer.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from dataclasses import asdict
from multiprocessing import Pool
from pathlib import Path

from harbour.annotate import Annotation
from harbour.categories import CATEGORIES, category_id
from harbour.coco import coco_document, write_coco
from harbour.scene import render_scene
from harbour.splits import SPLITS, seeds


def render_to(task: tuple[int, Path]) -> tuple[str, list[Annotation]]:
    """Renders one seed into a folder unless it is there already; returns the picture's name and its labels."""
    seed, folder = task
    picture, labels = folder / "images" / f"{seed:06d}.jpg", folder / "scenes" / f"{seed:06d}.json"
    if not labels.exists():
        scene = render_scene(seed)
        picture.write_bytes(scene.jpeg)
        labels.write_text(json.dumps([asdict(label) for label in scene.annotations]))
    return picture.name, [Annotation(**label) for label in json.loads(labels.read_text())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--split", choices=SPLITS, required=True)
    parser.add_argument("--count", type=int, help="number of scenes; default: the whole split")
    parser.add_argument("--out", type=Path, default=Path.home() / ".cache" / "harbour")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()

    folder = options.out / options.split
    for name in ("images", "scenes"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    tasks = [(seed, folder) for seed in seeds(options.split, options.count)]
    scenes = []
    with Pool(options.workers) as pool:
        for scene in pool.imap(render_to, tasks, chunksize=4):
            scenes.append(scene)
            if len(scenes) % 100 == 0:
                print(f"{len(scenes)} of {len(tasks)} scenes", flush=True)
    document = coco_document(scenes)
    write_coco(folder / "labels.json", document)
    counts = Counter(a["category_id"] for a in document["annotations"])
    print(", ".join(f"{name} {counts[category_id(name)]}" for name in CATEGORIES))


if __name__ == "__main__":
    main()
