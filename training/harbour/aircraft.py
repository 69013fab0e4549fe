"""Helicopters and the pads they stand on."""

from __future__ import annotations

import math

from .canvas import Canvas, Material
from .colours import jitter, mix, shade
from .frame import Frame, disc

LIVERIES = (
    ((222, 222, 218), (176, 40, 36)), ((206, 58, 40), (232, 232, 228)), ((224, 178, 50), (40, 40, 42)),
    ((44, 62, 104), (226, 226, 222)), ((214, 104, 40), (236, 236, 232)), ((96, 104, 84), (70, 76, 62)),
)  # fmt: skip


def helicopter(canvas: Canvas, frame: Frame) -> None:
    """A parked helicopter heading to the frame's +x; the label covers its rotor."""
    rng = canvas.rng
    body, trim = rng.choice(LIVERIES)
    body, trim = jitter(rng, body, 0.05), jitter(rng, trim, 0.05)
    size = rng.uniform(0.9, 1.25)

    def scaled(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * size, y * size) for x, y in points]

    canvas.begin("helicopter")
    for side in (-1, 1):
        canvas.line(
            frame, (-1.8 * size, side * 1.25 * size), (2.0 * size, side * 1.25 * size), 0.22, (50, 50, 52), height=0.4
        )
    canvas.fill(frame, scaled([(-1.6, -0.62), (-7.2, -0.2), (-7.2, 0.2), (-1.6, 0.62)]), shade(body, 0.9), height=2.2)
    canvas.fill(frame, scaled([(-6.4, -1.2), (-5.9, -1.2), (-5.7, 1.2), (-6.3, 1.2)]), trim, height=2.4)
    canvas.fill(frame, scaled([(-7.9, 0.05), (-6.7, 0.05), (-6.6, 0.35), (-7.9, 0.35)]), trim, height=3.2)
    cabin = [
        (2.9 * math.cos(t) * (1.0 if math.cos(t) > 0 else 0.85) + 0.2, 1.12 * math.sin(t))
        for t in [i * math.pi / 9 for i in range(18)]
    ]
    canvas.fill(frame, scaled(cabin), shade(body, 0.84), height=2.8)
    canvas.fill(frame, scaled([(x * 0.88 + 0.05, y * 0.8) for x, y in cabin]), body)
    canvas.fill(
        frame, scaled([(1.2, -0.85), (2.3, -0.62), (2.85, 0), (2.3, 0.62), (1.2, 0.85), (1.6, 0)]), (36, 46, 56)
    )
    canvas.fill(frame, scaled([(-1.8, -0.45), (0.6, -0.5), (0.6, 0.5), (-1.8, 0.45)]), mix(body, trim, 0.75))
    canvas.fill(frame, scaled(disc(-0.1, 0, 0.45, 10)), (70, 72, 74), height=3.6)
    blades, start = rng.choice((3, 4, 4, 5)), rng.uniform(0, math.pi)
    for i in range(blades):
        angle = start + i * 2 * math.pi / blades
        tip = (-0.1 * size + 5.4 * size * math.cos(angle), 5.4 * size * math.sin(angle))
        root = (-0.1 * size, 0.0)
        canvas.line(frame, root, tip, 0.42, (62, 64, 66), floating=3.6)
        near = tuple(r + (t - r) * 0.86 for r, t in zip(root, tip))
        if rng.random() < 0.5:
            canvas.line(frame, near, tip, 0.42, (206, 180, 70))
    canvas.end()


def helipad(canvas: Canvas, frame: Frame, occupied: bool) -> None:
    """A marked landing pad; empty ones are there to mislead."""
    rng = canvas.rng
    ground = jitter(rng, rng.choice(((118, 120, 118), (84, 88, 92), (92, 112, 98))), 0.06)
    canvas.rect(frame, -9, -9, 9, 9, ground, material=Material.CONCRETE)
    paint = jitter(rng, (222, 220, 208), 0.04)
    canvas.circle(frame, 0, 0, 7.6, rng.choice((paint, (206, 178, 70))))
    canvas.circle(frame, 0, 0, 7.1, ground if rng.random() < 0.7 else mix(ground, (60, 110, 84), 0.5))
    for y in (-1.9, 1.9):
        canvas.rect(frame, -2.6, y - 0.4, 2.6, y + 0.4, paint)
    canvas.rect(frame, -0.4, -1.9, 0.4, 1.9, paint)
    for i in range(4):
        for j in (-1, 1):
            canvas.circle(frame, -8.6 + i * 5.7, j * 8.6, 0.3, (226, 214, 120))
    if occupied:
        helicopter(canvas, frame.at(rng.gauss(0, 0.6), rng.gauss(0, 0.6), rng.uniform(0, 360)))
