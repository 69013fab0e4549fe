"""What lies on the ground: slabs, roads, markings, tracks, grass, stains."""

from __future__ import annotations

import math

from .canvas import Canvas, Colour, Material
from .colours import jitter, mix, shade
from .frame import Frame, disc, rectangle


def slabs(canvas: Canvas, frame: Frame, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
    """A concrete apron cast in fields of slightly different tone, with joints, cracks and oil."""
    rng = canvas.rng
    canvas.rect(frame, x0, y0, x1, y1, colour, material=Material.CONCRETE)
    step, spread = rng.uniform(5, 8), rng.uniform(0.01, 0.035)
    columns, rows = max(1, round((x1 - x0) / step)), max(1, round((y1 - y0) / step))
    dx, dy = (x1 - x0) / columns, (y1 - y0) / rows
    for i in range(columns):
        for j in range(rows):
            if rng.random() < 0.75:
                x, y = x0 + i * dx, y0 + j * dy
                canvas.rect(frame, x, y, x + dx, y + dy, jitter(rng, colour, spread))
    joint = shade(colour, 0.84)
    for i in range(columns + 1):
        canvas.rect(frame, x0 + i * dx - 0.06, y0, x0 + i * dx + 0.06, y1, joint)
    for j in range(rows + 1):
        canvas.rect(frame, x0, y0 + j * dy - 0.06, x1, y0 + j * dy + 0.06, joint)
    wear(canvas, frame, x0, y0, x1, y1)
    for _ in range(int((x1 - x0) / 18)):
        x, y, angle = rng.uniform(x0, x1), rng.uniform(y0, y1), rng.uniform(0, 2 * math.pi)
        for _ in range(rng.randint(3, 9)):
            angle += rng.gauss(0, 0.45)
            nx, ny = x + 0.8 * math.cos(angle), y + 0.8 * math.sin(angle)
            canvas.line(frame, (x, y), (nx, ny), 0.09, shade(colour, 0.78))
            x, y = nx, ny


def asphalt(canvas: Canvas, frame: Frame, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
    """An asphalt surface with patches of other age."""
    rng = canvas.rng
    canvas.rect(frame, x0, y0, x1, y1, colour, material=Material.ASPHALT)
    for _ in range(int((x1 - x0) * (y1 - y0) / 260)):
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        w, h = rng.uniform(1, 9), rng.uniform(0.8, 2.5)
        canvas.rect(frame, x, y, min(x + w, x1), min(y + h, y1), jitter(rng, colour, 0.08))
    wear(canvas, frame, x0, y0, x1, y1)


def wear(canvas: Canvas, frame: Frame, x0: float, y0: float, x1: float, y1: float) -> None:
    """Stains and tyre marks."""
    rng = canvas.rng
    for _ in range(int((x1 - x0) * (y1 - y0) / 110)):
        x, y, r = rng.uniform(x0, x1), rng.uniform(y0, y1), rng.expovariate(1.1) + 0.3
        corners = [
            (x + r * rng.uniform(0.5, 1.2) * math.cos(a), y + r * rng.uniform(0.4, 1) * math.sin(a))
            for a in (0, 0.9, 1.8, 2.7, 3.6, 4.5, 5.4)
        ]
        canvas.stain(frame, corners, int(rng.choice((88, 100, 110, 142))))
    for _ in range(int((x1 - x0) / 14)):
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        angle, bend, tone = (
            rng.choice((0.0, 0.0, math.pi / 2)) + rng.gauss(0, 0.15),
            rng.gauss(0, 0.05),
            rng.randint(96, 116),
        )
        for _ in range(rng.randint(4, 9)):
            nx, ny = x + 2.2 * math.cos(angle), y + 2.2 * math.sin(angle)
            ox, oy = -0.85 * math.sin(angle), 0.85 * math.cos(angle)
            for side in (-1, 1):
                sx, sy = ox * side, oy * side
                canvas.stain(
                    frame,
                    [
                        (x + sx - ox * 0.16, y + sy - oy * 0.16),
                        (nx + sx - ox * 0.16, ny + sy - oy * 0.16),
                        (nx + sx + ox * 0.16, ny + sy + oy * 0.16),
                        (x + sx + ox * 0.16, y + sy + oy * 0.16),
                    ],
                    tone,
                )
            x, y, angle = nx, ny, angle + bend


def grass(canvas: Canvas, frame: Frame, x0: float, y0: float, x1: float, y1: float) -> None:
    rng = canvas.rng
    base = jitter(rng, rng.choice(((108, 118, 74), (96, 112, 68), (138, 130, 92))), 0.07)
    canvas.rect(frame, x0, y0, x1, y1, base, material=Material.GRASS)
    for _ in range(int((x1 - x0) * (y1 - y0) / 60)):
        canvas.stain(
            frame,
            disc(rng.uniform(x0, x1), rng.uniform(y0, y1), rng.uniform(0.5, 3.5), 7),
            rng.choice((104, 114, 144, 152)),
        )


def road(canvas: Canvas, frame: Frame, x0: float, x1: float, y: float, width: float, colour: Colour) -> None:
    """A road along x centred at y: kerbs, edge lines, a broken centre line, arrows, zebra crossings."""
    rng = canvas.rng
    half = width / 2
    kerb = jitter(rng, (170, 168, 160), 0.05)
    canvas.rect(frame, x0, y - half - 0.5, x1, y + half + 0.5, kerb, material=Material.CONCRETE)
    asphalt(canvas, frame, x0, y - half, x1, y + half, colour)
    for lane in (-half / 2, half / 2):
        for track in (-0.9, 0.9):
            canvas.stain(
                frame, rectangle(x0, y + lane + track - 0.4, x1, y + lane + track + 0.4), rng.randint(106, 120)
            )
    paint = mix(jitter(rng, (214, 212, 202), 0.04), colour, rng.uniform(0.1, 0.45))
    for side in (-1, 1):
        canvas.rect(frame, x0, y + side * (half - 0.4) - 0.09, x1, y + side * (half - 0.4) + 0.09, paint)
    yellow = mix((206, 170, 60), colour, 0.25) if rng.random() < 0.3 else paint
    x = x0 + rng.uniform(0, 6)
    while x < x1:
        canvas.rect(frame, x, y - 0.1, x + 3.0, y + 0.1, yellow)
        x += 6.0
    for _ in range(rng.randint(1, 4)):
        arrow(canvas, frame.at(rng.uniform(x0, x1), y + half / 2, 180), paint)
        arrow(canvas, frame.at(rng.uniform(x0, x1), y - half / 2), paint)
    if rng.random() < 0.5:
        x = rng.uniform(-50, 50)
        for i in range(int(width / 1.1)):
            canvas.rect(frame, x, y - half + 0.5 + i * 1.1, x + 3.2, y - half + 1.05 + i * 1.1, paint)


def arrow(canvas: Canvas, frame: Frame, paint: Colour) -> None:
    """A lane arrow along +x, as long as a car."""
    canvas.rect(frame, -2.0, -0.12, 0.8, 0.12, paint)
    canvas.fill(frame, [(0.7, -0.5), (2.2, 0), (0.7, 0.5)], paint)
    if canvas.rng.random() < 0.4:
        canvas.line(frame, (-0.6, 0), (0.3, 0.9), 0.24, paint)
        canvas.fill(frame, [(0.0, 1.2), (0.9, 1.3), (0.6, 0.6)], paint)


def railway(canvas: Canvas, frame: Frame, x0: float, x1: float, y: float, tracks: int) -> None:
    """Parallel tracks along x on a ballast bed."""
    rng = canvas.rng
    ballast = jitter(rng, (126, 116, 106), 0.08)
    canvas.rect(frame, x0, y - 2.4, x1, y + 4.6 * (tracks - 1) + 2.4, ballast, material=Material.GRAVEL)
    sleeper, rail = shade(ballast, 0.72), (156, 146, 138)
    for track in range(tracks):
        centre = y + track * 4.6
        canvas.stain(frame, rectangle(x0, centre - 1.0, x1, centre + 1.0), 108)
        x = x0
        while x < x1:
            canvas.rect(frame, x, centre - 1.3, x + 0.26, centre + 1.3, sleeper)
            x += 0.75
        for side in (-0.72, 0.72):
            canvas.rect(frame, x0, centre + side - 0.09, x1, centre + side + 0.09, rail)


def fence(canvas: Canvas, frame: Frame, x0: float, x1: float, y: float) -> None:
    canvas.rect(frame, x0, y - 0.08, x1, y + 0.08, (120, 122, 118), height=1.6)


def hatching(canvas: Canvas, frame: Frame, length: float, width: float, paint: Colour) -> None:
    """A barred area: slanted stripes in a frame."""
    canvas.line(frame, (0, 0), (length, 0), 0.2, paint)
    canvas.line(frame, (0, width), (length, width), 0.2, paint)
    x = 0.0
    while x + width < length:
        canvas.line(frame, (x, 0), (x + width, width), 0.28, paint)
        x += 1.6
