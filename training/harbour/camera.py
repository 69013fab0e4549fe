"""The sensor: haze, vignetting, colour cast, point spread, noise, tone, and JPEG quality."""

from __future__ import annotations

import random

import numpy as np
from PIL import Image, ImageFilter

from .light import Light


def expose(radiance: np.ndarray, light: Light, rng: random.Random, noise: np.random.Generator) -> Image.Image:
    """The picture an imperfect camera takes of `radiance`, float32 [height, width, 3] of about 0 to 1."""
    height, width, _ = radiance.shape
    haze = np.array((0.72, 0.77, 0.82), dtype=np.float32) * light.exposure
    picture = radiance * (1 - light.haze) + haze * light.haze
    cast = np.array([1 + rng.gauss(0, 0.022) for _ in range(3)], dtype=np.float32)
    picture = picture * cast
    contrast, pivot = rng.uniform(0.98, 1.24), 0.42 * light.exposure
    picture = (picture - pivot) * contrast + pivot
    saturation = rng.uniform(0.62, 0.98)
    grey = picture @ np.array((0.3, 0.59, 0.11), dtype=np.float32)
    picture = grey[..., None] + (picture - grey[..., None]) * saturation
    ys, xs = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    picture *= (1 - rng.uniform(0.0, 0.09) * (xs**2 + ys**2))[..., None]
    picture = np.clip(picture, 0, 1)
    image = Image.fromarray((picture * 255 + 0.5).astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.25, 0.8)))
    if rng.random() < 0.4:
        image = image.filter(ImageFilter.UnsharpMask(1.2, rng.randint(30, 90), 0))
    values = np.asarray(image, dtype=np.float32)
    shot, read = rng.uniform(0.05, 0.30), rng.uniform(0.4, 2.4)
    deviation = np.sqrt(read**2 + shot**2 * values)
    grain = noise.standard_normal(values.shape, dtype=np.float32)
    grain = 0.6 * grain + 0.4 * noise.standard_normal((height, width, 1), dtype=np.float32)
    return Image.fromarray(np.clip(values + deviation * grain + 0.5, 0, 255).astype(np.uint8))
