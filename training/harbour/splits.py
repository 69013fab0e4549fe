"""Seed ranges of the splits. They are disjoint: no scene is in two of them."""

from __future__ import annotations

#: First seed and number of scenes.
SPLITS: dict[str, tuple[int, int]] = {
    "train": (1_000_000, 1200),
    "validation": (2_000_000, 240),
    "sample": (3_000_000, 60),
    "benchmark": (4_000_000, 60),
}

#: No split may be extended beyond this many scenes, lest it reach into the next.
LARGEST_SPLIT = 1_000_000


def seeds(split: str, count: int | None = None) -> range:
    """The scenes' seeds of a split: the first `count`, by default as many as the split has."""
    first, usual = SPLITS[split]
    count = usual if count is None else count
    if not 0 < count <= LARGEST_SPLIT:
        raise ValueError(f"count is {count}, expected 1 to {LARGEST_SPLIT}")
    return range(first, first + count)
