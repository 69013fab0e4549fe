"""Light of a scene: cast shadows from the height layer, ambient occlusion, sun and sky colours."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from .canvas import HEIGHT_STEP, SUPERSAMPLING, Canvas


@dataclass(frozen=True)
class Light:
    """Sun and sky. `azimuth` is the direction to the sun on the canvas, `elevation` its height, both in radians."""

    azimuth: float
    elevation: float
    #: Share of the light that the sun gives; the rest comes from the sky.
    strength: float
    sun: tuple[float, float, float]
    sky: tuple[float, float, float]
    exposure: float
    haze: float


def choose_light(rng: random.Random) -> Light:
    """Noon, clear morning or evening, overcast, or dusk."""
    azimuth = rng.uniform(0, 2 * math.pi)
    kind = rng.choices(("noon", "low", "overcast", "dusk"), (5, 3.2, 2, 0.9))[0]
    if kind == "noon":
        return Light(
            azimuth,
            math.radians(rng.uniform(46, 68)),
            rng.uniform(0.56, 0.68),
            (1.02, 1.0, 0.96),
            (0.88, 0.98, 1.14),
            rng.uniform(0.98, 1.14),
            rng.uniform(0, 0.08),
        )
    if kind == "low":
        return Light(
            azimuth,
            math.radians(rng.uniform(27, 44)),
            rng.uniform(0.54, 0.66),
            (1.08, 0.99, 0.86),
            (0.86, 0.98, 1.18),
            rng.uniform(0.92, 1.06),
            rng.uniform(0.02, 0.12),
        )
    if kind == "overcast":
        return Light(
            azimuth,
            math.radians(rng.uniform(40, 60)),
            rng.uniform(0.10, 0.26),
            (1.0, 1.0, 1.0),
            (0.97, 1.0, 1.04),
            rng.uniform(0.84, 1.0),
            rng.uniform(0.04, 0.2),
        )
    return Light(
        azimuth,
        math.radians(rng.uniform(22, 30)),
        rng.uniform(0.40, 0.54),
        (1.18, 0.95, 0.74),
        (0.82, 0.94, 1.22),
        rng.uniform(0.70, 0.86),
        rng.uniform(0.03, 0.12),
    )


def shadows(canvas: Canvas, light: Light, scale: float) -> np.ndarray:
    """Where the sun does not reach, as booleans on the canvas. `scale` is canvas pixels per metre."""
    heights = canvas.array("height").astype(np.float32) * HEIGHT_STEP
    cotangent = 1 / math.tan(light.elevation)
    away = (-math.cos(light.azimuth), -math.sin(light.azimuth))
    reach = heights.max() * cotangent * scale
    top, step = heights.copy(), 1.0
    # top(p) = max over k of height(p - k * away) - k * drop, built by doubling k: a max-plus convolution.
    drop = 1 / (cotangent * scale)
    while step <= max(1.0, reach):
        np.maximum(top, _shifted(top, away[0] * step, away[1] * step) - drop * step, out=top)
        step *= 2
    shadow = top > heights + 0.25
    for height, mask in canvas.floating().items():
        shadow |= _cast(mask, heights, height, away, cotangent * scale)
    return shadow


def _shifted(field: np.ndarray, dx: float, dy: float) -> np.ndarray:
    """The field moved by whole pixels, zeros coming in."""
    x, y = round(dx), round(dy)
    moved = np.zeros_like(field)
    height, width = field.shape
    if abs(x) < width and abs(y) < height:
        target = moved[max(0, y) : height + min(0, y), max(0, x) : width + min(0, x)]
        target[...] = field[max(0, -y) : height + min(0, -y), max(0, -x) : width + min(0, -x)]
    return moved


def _cast(mask: np.ndarray, heights: np.ndarray, height: float, away, reach: float) -> np.ndarray:
    """Shadow of a body hanging at `height` on receivers of any lower height; `reach` is pixels per metre of height."""
    rows, columns = np.nonzero(mask)
    shadow = np.zeros_like(mask)
    if rows.size == 0:
        return shadow
    margin = math.ceil(height * reach) + 2
    y0, y1 = max(0, rows.min() - margin), min(mask.shape[0], rows.max() + margin)
    x0, x1 = max(0, columns.min() - margin), min(mask.shape[1], columns.max() + margin)
    ys, xs = np.mgrid[y0:y1, x0:x1]
    fall = (height - heights[y0:y1, x0:x1]) * reach
    from_x = np.rint(xs - away[0] * fall).astype(np.intp)
    from_y = np.rint(ys - away[1] * fall).astype(np.intp)
    inside = (fall > 0) & (from_x >= 0) & (from_x < mask.shape[1]) & (from_y >= 0) & (from_y < mask.shape[0])
    shadow[y0:y1, x0:x1] = inside & mask[np.where(inside, from_y, 0), np.where(inside, from_x, 0)]
    shadow &= ~mask
    return shadow


def occlusion(canvas: Canvas, scale: float) -> np.ndarray:
    """Ambient light lost beside tall neighbours, 0 to about 0.4, at canvas resolution reduced to the output's."""
    heights = canvas.image("height").reduce(SUPERSAMPLING)
    around = np.asarray(heights.filter(ImageFilter.GaussianBlur(1.1 * scale / SUPERSAMPLING)), dtype=np.float32)
    return np.clip((around - np.asarray(heights, dtype=np.float32)) * HEIGHT_STEP * 0.09, 0, 0.4)


def reduced(mask: np.ndarray) -> np.ndarray:
    """A canvas mask at output resolution, as coverage in 0 to 1."""
    image = Image.fromarray(mask.astype(np.uint8) * 255).reduce(SUPERSAMPLING)
    return np.asarray(image, dtype=np.float32) / 255
