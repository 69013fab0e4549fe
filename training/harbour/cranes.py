"""Gantry cranes: over the quay and over the container yard."""

from __future__ import annotations

from .canvas import Canvas
from .colours import jitter, shade
from .frame import Frame

PAINTS = ((52, 96, 150), (176, 54, 44), (206, 206, 202), (212, 168, 50), (92, 128, 122), (200, 98, 40))


def quay_crane(canvas: Canvas, frame: Frame, gauge: float) -> None:
    """Ship-to-shore crane. The frame's origin lies on the seaward rail, +y points to the water; the landward rail is
    `gauge` metres behind."""
    rng = canvas.rng
    paint = jitter(rng, rng.choice(PAINTS), 0.06)
    dark, light = shade(paint, 0.72), shade(paint, 1.15)
    half, reach, back = rng.uniform(5.0, 6.2), rng.uniform(15, 22), rng.uniform(4, 8)
    canvas.begin("crane")
    for x in (-half, half):
        for y in (0.0, -gauge):
            canvas.rect(frame, x - 2.0, y - 0.55, x + 2.0, y + 0.55, (60, 60, 62), height=1.4)
            canvas.rect(frame, x - 0.8, y - 0.8, x + 0.8, y + 0.8, dark, height=4)
    for y in (0.0, -gauge):
        canvas.line(frame, (-half, y), (half, y), 1.0, dark, floating=6.0)
    for x in (-half, half):
        canvas.line(frame, (x, 0), (x, -gauge), 1.0, paint, floating=16.0)
    girder = half * 0.32
    for x in (-girder, girder):
        canvas.line(frame, (x, -gauge - back), (x, reach), 0.9, shade(paint, 0.9), floating=22.0)
        canvas.line(frame, (x - 0.12, -gauge - back), (x - 0.12, reach), 0.35, light)
    y = -gauge - back
    while y < reach:
        canvas.line(frame, (-girder, y), (girder, y), 0.32, dark, floating=22.0)
        if y + 3 < reach:
            canvas.line(frame, (-girder, y), (girder, y + 3), 0.2, shade(paint, 0.8))
        y += 3.0
    canvas.line(frame, (-half, 0), (half, 0), 1.3, paint, floating=26.0)
    canvas.line(frame, (-half, -gauge), (half, -gauge), 1.1, paint, floating=24.0)
    canvas.line(frame, (-half, 0), (0, reach * 0.8), 0.22, (90, 92, 94))
    canvas.line(frame, (half, 0), (0, reach * 0.8), 0.22, (90, 92, 94))
    house = -gauge * rng.uniform(0.5, 1.0)
    canvas.rect(frame, -girder - 1.2, house - 2.2, girder + 1.2, house + 2.6, shade(paint, 1.05), floating=25.0)
    canvas.rect(frame, -girder - 0.7, house - 1.7, girder + 0.7, house + 2.1, (188, 190, 188))
    trolley = rng.uniform(-gauge * 0.2, reach * 0.85)
    canvas.rect(frame, -girder - 0.5, trolley - 1.3, girder + 0.5, trolley + 1.3, (66, 68, 70), floating=23.0)
    canvas.rect(frame, -girder - 1.6, trolley + 1.0, -girder + 0.3, trolley + 2.8, (210, 214, 214), floating=21.0)
    canvas.end()


def yard_crane(canvas: Canvas, frame: Frame, span: float) -> None:
    """Rubber-tyred gantry over a container block: girders along the frame's y axis from -span/2 to span/2."""
    rng = canvas.rng
    paint = jitter(rng, rng.choice(PAINTS), 0.06)
    half, s = rng.uniform(3.2, 3.9), span / 2
    canvas.begin("crane")
    for y in (-s, s):
        for x in (-half, half):
            canvas.rect(frame, x - 1.3, y - 0.6, x + 1.3, y + 0.6, (40, 40, 42), height=1.5)
        canvas.line(frame, (-half - 0.5, y), (half + 0.5, y), 0.8, shade(paint, 0.75), height=3)
        canvas.rect(frame, -1.6, y - 0.9, 1.6, y + 0.3, (150, 152, 150), height=4)
    for x in (-half * 0.75, half * 0.75):
        canvas.line(frame, (x, -s - 0.7), (x, s + 0.7), 1.0, paint, floating=17.0)
        canvas.line(frame, (x - 0.15, -s - 0.7), (x - 0.15, s + 0.7), 0.35, shade(paint, 1.2))
    for y in (-s, s):
        canvas.line(frame, (-half * 0.75, y), (half * 0.75, y), 0.8, shade(paint, 0.9), floating=17.0)
    trolley = rng.uniform(-s * 0.7, s * 0.7)
    canvas.rect(frame, -half * 0.95, trolley - 1.5, half * 0.95, trolley + 1.5, shade(paint, 0.82), floating=18.0)
    canvas.rect(frame, -half * 0.5, trolley - 0.9, half * 0.5, trolley + 0.9, (196, 198, 196))
    canvas.rect(frame, half * 0.6, trolley + 1.2, half * 1.1, trolley + 2.8, (206, 210, 212), floating=15.0)
    canvas.end()
