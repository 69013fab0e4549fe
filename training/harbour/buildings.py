"""Sheds, storage tanks and small structures."""

from __future__ import annotations

import math

from .canvas import Canvas, Material
from .colours import ROOFS, jitter, mix, pick, shade
from .frame import Frame, disc


def sunlit(canvas: Canvas, frame: Frame, degrees: float, slope: float = 0.16) -> float:
    """Brightness factor of a surface falling towards `degrees` of the frame: lighter if it faces the sun."""
    facing = frame.angle + math.radians(degrees)
    return 1 + slope * math.cos(facing - canvas.sun_azimuth) * canvas.sun_strength


def shed(canvas: Canvas, frame: Frame, length: float, width: float) -> None:
    """A warehouse with one or more gables along x, skylights, vents and air conditioning on its roof."""
    rng = canvas.rng
    roof = pick(rng, ROOFS, 0.08)
    height = rng.uniform(6, 11)
    gables = max(1, round(width / rng.uniform(11, 20)))
    canvas.rect(frame, -length / 2, -width / 2, length / 2, width / 2, roof, height=height, material=Material.ROOF)
    depth = width / gables
    flat = rng.random() < 0.3
    for gable in range(gables):
        y = -width / 2 + gable * depth
        up, down = (1.0, 1.0) if flat else (sunlit(canvas, frame, -90), sunlit(canvas, frame, 90))
        for part, (y0, y1, factor) in enumerate(((y, y + depth / 2, up), (y + depth / 2, y + depth, down))):
            canvas.rect(frame, -length / 2, y0, length / 2, y1, shade(roof, factor))
            x = -length / 2
            sheet = rng.uniform(1.6, 2.4)
            while x < length / 2:
                canvas.rect(frame, x, y0, x + 0.16, y1, shade(roof, factor * 0.92))
                if rng.random() < 0.08:
                    canvas.rect(
                        frame,
                        x,
                        y0,
                        min(x + sheet, length / 2),
                        y1,
                        mix(shade(roof, factor), (120, 86, 66), rng.uniform(0.1, 0.35)),
                    )
                x += sheet
            if not flat and part == 0:
                canvas.rect(
                    frame,
                    -length / 2,
                    y + depth / 2 - 0.2,
                    length / 2,
                    y + depth / 2 + 0.2,
                    shade(roof, 1.12),
                    height=height + 1.5,
                    material=Material.ROOF,
                )
    if rng.random() < 0.6:
        light = mix(roof, (206, 214, 210), 0.6)
        for gable in range(gables):
            y = -width / 2 + (gable + 0.25) * depth
            x = -length / 2 + 3
            while x < length / 2 - 3:
                canvas.rect(frame, x, y - 0.6, x + 2.6, y + 0.6, light)
                x += 5.2
    if flat:
        edge = shade(roof, 1.14)
        for y in (-width / 2, width / 2 - 0.5):
            canvas.rect(frame, -length / 2, y, length / 2, y + 0.5, edge, height=height + 0.8)
        for x in (-length / 2, length / 2 - 0.5):
            canvas.rect(frame, x, -width / 2, x + 0.5, width / 2, edge, height=height + 0.8)
    for _ in range(rng.randint(0, 6)):
        x, y = rng.uniform(-length / 2 + 2, length / 2 - 4), rng.uniform(-width / 2 + 2, width / 2 - 3)
        _unit(canvas, frame.at(x, y, rng.choice((0, 90))), height)


def _unit(canvas: Canvas, frame: Frame, height: float) -> None:
    """Roof clutter: an air conditioner, a round vent, or a duct."""
    rng = canvas.rng
    tone = jitter(rng, (186, 190, 190), 0.1)
    kind = rng.random()
    if kind < 0.5:
        l, w = rng.uniform(1.4, 4.2), rng.uniform(1.2, 2.0)
        canvas.rect(frame, 0, 0, l, w, tone, height=height + 1.6)
        for i in range(int(l / 1.2)):
            canvas.circle(frame, 0.7 + i * 1.2, w / 2, 0.42, shade(tone, 0.5))
    elif kind < 0.8:
        canvas.circle(frame, 0, 0, rng.uniform(0.4, 0.9), tone, height=height + 1.2)
        canvas.circle(frame, 0, 0, 0.3, shade(tone, 0.6))
    else:
        canvas.rect(frame, 0, 0, rng.uniform(3, 6), 0.7, shade(tone, 0.9), height=height + 0.9)


def hut(canvas: Canvas, frame: Frame) -> None:
    """A cabin of a container's size with a pitched roof: clutter."""
    rng = canvas.rng
    roof = pick(rng, ROOFS, 0.1)
    l, w = rng.uniform(2.4, 5.0), rng.uniform(1.7, 3.0)
    canvas.rect(frame, -l, -w, l, 0, shade(roof, sunlit(canvas, frame, -90)), height=3.0, material=Material.ROOF)
    canvas.rect(frame, -l, 0, l, w, shade(roof, sunlit(canvas, frame, 90)), height=3.0, material=Material.ROOF)
    canvas.rect(frame, -l, -0.12, l, 0.12, shade(roof, 1.15))


def tank(canvas: Canvas, frame: Frame, radius: float) -> None:
    """A storage tank with a conical or a floating roof."""
    rng = canvas.rng
    steel = jitter(
        rng,
        rng.choice(
            ((222, 222, 214), (222, 222, 214), (196, 200, 200), (176, 168, 150), (150, 116, 96), (120, 134, 126))
        ),
        0.05,
    )
    height = rng.uniform(5, 11)
    corners = 36
    canvas.begin("tank")
    canvas.fill(frame, disc(0, 0, radius, corners), shade(steel, 0.72), height=height)
    inner = radius * 0.955
    if rng.random() < 0.3:
        floor = mix(steel, (96, 92, 86), 0.55)
        canvas.fill(frame, disc(0, 0, inner, corners), shade(floor, 0.62))
        sx, sy = (math.cos(canvas.sun_azimuth - frame.angle), math.sin(canvas.sun_azimuth - frame.angle))
        canvas.fill(frame, disc(-sx * radius * 0.12, -sy * radius * 0.12, inner * 0.86, corners), floor)
        canvas.fill(frame, disc(0, 0, inner * 0.3, 16), shade(floor, 0.9))
        canvas.line(frame, (0, 0), (inner * 0.9, 0), 0.5, shade(steel, 0.95))
    else:
        sectors = 24
        for i in range(sectors):
            a, b = 2 * math.pi * i / sectors, 2 * math.pi * (i + 1) / sectors
            factor = sunlit(canvas, frame, math.degrees((a + b) / 2), 0.12)
            wedge = [(0.0, 0.0), (inner * math.cos(a), inner * math.sin(a)), (inner * math.cos(b), inner * math.sin(b))]
            canvas.fill(frame, wedge, shade(steel, factor * (0.985 if i % 2 else 1.0)))
        canvas.circle(frame, 0, 0, radius * 0.1 + 0.25, shade(steel, 0.8))
        for _ in range(rng.randint(1, 4)):
            a, r = rng.uniform(0, 6.3), radius * rng.uniform(0.4, 0.85)
            canvas.circle(frame, r * math.cos(a), r * math.sin(a), 0.35, shade(steel, 0.6))
        if rng.random() < 0.4:
            a, r = rng.uniform(0, 6.3), radius * rng.uniform(0.2, 0.6)
            rust = mix(steel, (128, 84, 58), rng.uniform(0.25, 0.6))
            canvas.fill(frame, disc(r * math.cos(a), r * math.sin(a), radius * rng.uniform(0.1, 0.28), 9), rust)
    start = rng.uniform(0, 360)
    for i in range(7):
        a, b = math.radians(start + i * 11), math.radians(start + (i + 1) * 11)
        canvas.line(
            frame,
            (radius * 0.98 * math.cos(a), radius * 0.98 * math.sin(a)),
            (radius * 0.98 * math.cos(b), radius * 0.98 * math.sin(b)),
            0.5,
            shade(steel, 0.5),
        )
    canvas.end()


def pipes(canvas: Canvas, frame: Frame, length: float) -> None:
    """A rack of parallel pipes along x."""
    rng = canvas.rng
    for i in range(rng.randint(2, 5)):
        tone = jitter(rng, (168, 166, 158), 0.12)
        canvas.rect(frame, 0, i * 0.6, length, i * 0.6 + 0.4, tone, height=1.0)
    x = 0.0
    while x < length:
        canvas.rect(frame, x, -0.4, x + 0.35, 3.2, (128, 126, 122), height=0.8)
        x += 6


def light_mast(canvas: Canvas, frame: Frame) -> None:
    canvas.circle(frame, 0, 0, 0.13, (150, 152, 152), height=12)
    canvas.line(frame, (-1.0, 0), (1.0, 0), 0.25, (190, 192, 190), floating=12.0)
