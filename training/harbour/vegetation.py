"""Trees and bushes."""

from __future__ import annotations

import math

from .canvas import Canvas, Material
from .colours import jitter, shade
from .frame import Frame, disc


def tree(canvas: Canvas, frame: Frame, radius: float) -> None:
    """A crown of lobes, lit from the sun's side; round ones mimic tanks."""
    rng = canvas.rng
    green = jitter(rng, rng.choice(((58, 82, 44), (72, 94, 50), (50, 74, 48), (92, 98, 56))), 0.1)
    height = radius * rng.uniform(1.2, 2.0) + 1
    sx, sy = math.cos(canvas.sun_azimuth - frame.angle), math.sin(canvas.sun_azimuth - frame.angle)
    lobes = [
        (radius * 0.55 * math.cos(a), radius * 0.55 * math.sin(a)) for a in (rng.uniform(0, 6.3) for _ in range(8))
    ]
    for x, y in lobes:
        canvas.fill(
            frame,
            disc(x, y, radius * rng.uniform(0.4, 0.62), 9),
            shade(green, 0.7),
            height=height,
            material=Material.FOLIAGE,
        )
    canvas.fill(frame, disc(0, 0, radius * 0.72, 11), shade(green, 0.8), height=height, material=Material.FOLIAGE)
    for x, y in lobes:
        lit = 1 + 0.24 * canvas.sun_strength * (x * sx + y * sy) / radius
        canvas.fill(
            frame,
            disc(x * 0.9 + sx * radius * 0.1, y * 0.9 + sy * radius * 0.1, radius * rng.uniform(0.2, 0.38), 8),
            shade(green, lit * rng.uniform(0.92, 1.12)),
        )


def row_of_trees(canvas: Canvas, frame: Frame, length: float, step: float, gaps: float = 0.25) -> None:
    """Trees along x with some missing."""
    rng = canvas.rng
    x = 0.0
    while x < length:
        if rng.random() > gaps:
            tree(canvas, frame.at(x + rng.gauss(0, 0.5), rng.gauss(0, 0.4)), rng.uniform(1.4, 2.9))
        x += step * rng.uniform(0.8, 1.3)


def bushes(canvas: Canvas, frame: Frame, length: float, depth: float, count: int) -> None:
    rng = canvas.rng
    for _ in range(count):
        tree(canvas, frame.at(rng.uniform(0, length), rng.uniform(0, depth)), rng.uniform(0.5, 1.2))
