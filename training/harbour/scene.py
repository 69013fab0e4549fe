"""Renders one scene from its seed."""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image

from .annotate import Annotation, annotate
from .camera import expose
from .canvas import MARGIN, SUPERSAMPLING, Canvas, Material
from .frame import Frame
from .layout import compose
from .light import choose_light
from .shading import shade_scene

WIDTH, HEIGHT = 640, 480


@dataclass(frozen=True)
class Scene:
    """A rendered picture as JPEG bytes, and its labels."""

    jpeg: bytes
    annotations: list[Annotation]


def render_scene(seed: int) -> Scene:
    """The scene of a seed: the same picture and labels every time."""
    rng = random.Random(f"harbour-{seed}")
    noise = np.random.default_rng([0x4A12, seed])
    light = choose_light(rng)
    canvas = Canvas(WIDTH, HEIGHT, rng, light.azimuth, min(1.0, light.strength * 1.6))
    scale = rng.uniform(4.8, 6.0) * SUPERSAMPLING
    turn = math.radians(rng.choice((0, 90, 180, 270)) + max(-16.0, min(16.0, rng.gauss(0, 7))))
    frame = Frame(canvas.size[0] / 2, canvas.size[1] / 2, turn, scale).at(rng.uniform(-12, 12), rng.uniform(-12, 12))
    canvas.rect(frame, -400, -400, 400, 400, (50, 80, 90), material=Material.WATER)
    compose(canvas, frame)
    radiance = shade_scene(canvas, light, scale, rng, noise)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    picture = expose(radiance, light, rng, noise)
    return Scene(_jpeg(picture, rng.randint(72, 92)), annotate(canvas))


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
