"""Noise fields for surfaces, all zero-mean with a standard deviation of about one, at output resolution."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image


def smooth(rng: np.random.Generator, size: tuple[int, int], cell: float) -> np.ndarray:
    """Isotropic noise whose features are about `cell` pixels wide; `size` is (width, height)."""
    return stretched(rng, size, cell, cell, 0.0)


def stretched(rng: np.random.Generator, size: tuple[int, int], along: float, across: float, angle: float) -> np.ndarray:
    """Noise with features `along` by `across` pixels, their long axis at `angle` radians."""
    width, height = size
    c, s = math.cos(angle), math.sin(angle)
    span = math.hypot(width, height)
    columns, rows = math.ceil(span / along) + 4, math.ceil(span / across) + 4
    grid = Image.fromarray(rng.standard_normal((rows, columns)).astype(np.float32), mode="F")
    cx, cy = width / 2, height / 2
    matrix = (
        c / along, s / along, columns / 2 - (c * cx + s * cy) / along,
        -s / across, c / across, rows / 2 - (-s * cx + c * cy) / across,
    )  # fmt: skip
    field = np.asarray(grid.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC))
    return field / (field.std() + 1e-6)


def fine(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Per-pixel noise."""
    return rng.standard_normal((size[1], size[0]), dtype=np.float32)
