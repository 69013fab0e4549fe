"""Renders a split of the harbour data set: JPEG images and labels in COCO JSON.

    python3 generate.py --split train --out ~/.cache/harbour
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

from harbour.categories import CATEGORIES, category_id
from harbour.coco import coco_document, write_coco
from harbour.scene import render_scene
from harbour.splits import SPLITS, seeds


def render_to(task: tuple[int, Path]) -> tuple[int, list]:
    """Renders one seed into a folder unless the picture is there already; returns its labels."""
    seed, folder = task
    scene = render_scene(seed)
    (folder / f"{seed:06d}.jpg").write_bytes(scene.jpeg)
    return seed, scene.annotations


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--split", choices=SPLITS, required=True)
    parser.add_argument("--count", type=int, help="number of scenes; default: the whole split")
    parser.add_argument("--out", type=Path, default=Path.home() / ".cache" / "harbour")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()

    images = options.out / options.split / "images"
    images.mkdir(parents=True, exist_ok=True)
    tasks = [(seed, images) for seed in seeds(options.split, options.count)]
    scenes = []
    with Pool(options.workers) as pool:
        for seed, annotations in pool.imap(render_to, tasks, chunksize=4):
            scenes.append((f"{seed:06d}.jpg", annotations))
            if len(scenes) % 100 == 0:
                print(f"{len(scenes)} of {len(tasks)} scenes", flush=True)
    document = coco_document(scenes)
    write_coco(images.parent / "labels.json", document)
    counts = Counter(a["category_id"] for a in document["annotations"])
    print(", ".join(f"{name} {counts[category_id(name)]}" for name in CATEGORIES))


if __name__ == "__main__":
    main()
