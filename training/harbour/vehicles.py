"""Cars, lorries and the vehicles that look like them but carry no label."""

from __future__ import annotations

from .canvas import Canvas
from .colours import CARS, CONTAINERS, jitter, mix, pick, shade
from .frame import Frame, rounded

GLASS = (34, 42, 50)


def car(canvas: Canvas, frame: Frame) -> None:
    """A parked or driving car; the frame's x axis is its heading, the origin its centre."""
    rng = canvas.rng
    estate = rng.random() < 0.35
    length, width = rng.uniform(4.3, 5.0), rng.uniform(1.85, 2.1)
    l, w = length / 2, width / 2
    paint = pick(rng, CARS)
    canvas.begin("car")
    canvas.fill(frame, rounded(-l, -w, l, w, 0.45), shade(paint, 0.8), height=1.2)
    canvas.fill(frame, rounded(-l + 0.15, -w + 0.15, l - 0.15, w - 0.15, 0.35), paint)
    canvas.rect(frame, l * 0.42, -w * 0.75, l * 0.86, w * 0.75, shade(paint, 1.08))
    rear = -l + 0.3 if estate else -l * 0.62
    canvas.fill(frame, rounded(rear, -w + 0.14, l * 0.40, w - 0.14, 0.25), GLASS, height=1.5)
    canvas.fill(frame, rounded(rear + 0.5, -w + 0.3, l * 0.08, w - 0.3, 0.2), shade(paint, 1.05))
    if rng.random() < 0.3:
        canvas.rect(frame, l - 0.25, -w + 0.2, l - 0.05, -w + 0.6, (238, 236, 214))
        canvas.rect(frame, l - 0.25, w - 0.6, l - 0.05, w - 0.2, (238, 236, 214))
    canvas.end()


def lorry(canvas: Canvas, frame: Frame) -> None:
    """A tractor with trailer, or a rigid lorry; the label covers the load."""
    rng = canvas.rng
    canvas.begin("truck")
    if rng.random() < 0.62:
        _cab(canvas, frame.at(rng.uniform(5.6, 6.0), 0), articulated=True)
        _trailer(canvas, frame.at(-1.7, 0, rng.gauss(0, 1.5)), 12.6)
    else:
        length = rng.uniform(5.0, 6.6)
        _cab(canvas, frame.at(length / 2 + 1.0, 0), articulated=False)
        _body(canvas, frame.at(-0.2, 0), length)
    canvas.end()


def _cab(canvas: Canvas, frame: Frame, articulated: bool) -> None:
    rng = canvas.rng
    paint = pick(rng, CARS, 0.1) if rng.random() < 0.5 else pick(rng, CONTAINERS)
    if articulated:
        canvas.rect(frame, -3.6, -1.0, -0.8, 1.0, (46, 46, 48), height=1.0)
    canvas.fill(frame, rounded(-1.15, -1.27, 1.15, 1.27, 0.2), paint, height=3.2)
    canvas.rect(frame, -1.0, -1.05, 0.45, 1.05, shade(paint, 1.12))
    canvas.rect(frame, 0.62, -1.12, 0.98, 1.12, GLASS)
    canvas.rect(frame, -0.8, -0.5, 0.1, 0.5, shade(paint, 0.9))


def _trailer(canvas: Canvas, frame: Frame, length: float) -> None:
    rng = canvas.rng
    kind = rng.choices(("container", "box", "tanker", "flat"), (5, 3, 1.4, 1.6))[0]
    l = length / 2
    if kind == "container":
        canvas.rect(frame, -l, -1.15, l, 1.15, (52, 52, 54), height=1.2)
        colour = pick(rng, CONTAINERS)
        corrugated(canvas, frame, -l + 0.2, l - 0.3 if rng.random() < 0.7 else 0.2, 1.24, colour, 3.9)
    elif kind == "box":
        _body(canvas, frame, length)
    elif kind == "tanker":
        steel = jitter(rng, rng.choice(((196, 200, 202), (220, 218, 210), (176, 60, 44))), 0.05)
        canvas.fill(frame, rounded(-l, -1.2, l, 1.2, 0.7), shade(steel, 0.66), height=3.3)
        canvas.fill(frame, rounded(-l + 0.2, -0.8, l - 0.2, 0.8, 0.5), steel)
        canvas.rect(frame, -l + 0.6, -0.4, l - 0.6, -0.05, shade(steel, 1.2))
        for i in range(4):
            canvas.circle(frame, -l + 2.2 + i * 2.7, 0.1, 0.35, shade(steel, 0.5))
    else:
        deck = jitter(rng, (126, 108, 84), 0.12)
        canvas.rect(frame, -l, -1.25, l, 1.25, deck, height=1.3)
        for i in range(int(length)):
            canvas.rect(frame, -l + i, -1.25, -l + i + 0.12, 1.25, shade(deck, 0.75))
        _load(canvas, frame, l)


def _load(canvas: Canvas, frame: Frame, l: float) -> None:
    rng = canvas.rng
    if rng.random() < 0.3:
        return
    if rng.random() < 0.5:
        for i in range(5):
            y = -1.0 + i * 0.42
            pipe = jitter(rng, (150, 152, 150), 0.1)
            canvas.rect(frame, -l + 0.8, y, l - 1.4, y + 0.36, pipe, height=2.2)
    else:
        for i in range(rng.randint(2, 5)):
            x = -l + 1.2 + i * 2.2
            crate = jitter(rng, rng.choice(((150, 120, 80), (96, 104, 112), (70, 92, 120))), 0.1)
            canvas.rect(frame, x, -1.0, x + 1.7, 1.0, crate, height=2.6)
            canvas.rect(frame, x, -0.1, x + 1.7, 0.1, shade(crate, 0.8))


def _body(canvas: Canvas, frame: Frame, length: float) -> None:
    rng = canvas.rng
    paint = jitter(rng, (222, 224, 222), 0.05) if rng.random() < 0.6 else pick(rng, CONTAINERS)
    l = length / 2
    canvas.rect(frame, -l, -1.27, l, 1.27, shade(paint, 0.8), height=3.8)
    canvas.rect(frame, -l + 0.2, -1.07, l - 0.2, 1.07, paint)
    for i in range(1, int(length / 1.5)):
        canvas.rect(frame, -l + i * 1.5, -1.07, -l + i * 1.5 + 0.1, 1.07, shade(paint, 0.93))
    if rng.random() < 0.3:
        canvas.rect(frame, l - 1.6, -0.7, l - 0.5, 0.7, mix(paint, (90, 94, 98), 0.6))


def corrugated(canvas: Canvas, frame: Frame, x0: float, x1: float, half: float, colour, height: float) -> None:
    """The top of a shipping container between x0 and x1: frame rails, cross corrugation, dirt."""
    rng = canvas.rng
    canvas.rect(frame, x0, -half, x1, half, shade(colour, 0.74), height=height)
    canvas.rect(frame, x0 + 0.16, -half + 0.16, x1 - 0.16, half - 0.16, colour)
    groove, ridge = shade(colour, 0.88), shade(colour, 1.06)
    x = x0 + 0.5
    while x < x1 - 0.5:
        canvas.rect(frame, x, -half + 0.2, x + 0.14, half - 0.2, groove)
        canvas.rect(frame, x + 0.3, -half + 0.2, x + 0.42, half - 0.2, ridge)
        x += 0.62
    for corner_x in (x0, x1 - 0.22):
        for corner_y in (-half, half - 0.22):
            canvas.rect(frame, corner_x, corner_y, corner_x + 0.22, corner_y + 0.22, shade(colour, 0.5))
    if rng.random() < 0.35:
        rust = mix(colour, (110, 74, 54), rng.uniform(0.3, 0.6))
        px, py = rng.uniform(x0 + 0.6, x1 - 1.6), rng.uniform(-half * 0.7, half * 0.2)
        canvas.fill(frame, rounded(px, py, px + rng.uniform(0.5, 1.2), py + rng.uniform(0.3, 0.9), 0.15), rust)


def forklift(canvas: Canvas, frame: Frame) -> None:
    """A forklift: too small for the label set, and the colour of a car."""
    paint = jitter(canvas.rng, canvas.rng.choice(((204, 150, 40), (176, 54, 40))), 0.08)
    canvas.rect(frame, -0.9, -0.6, 0.8, 0.6, paint, height=1.8)
    canvas.rect(frame, -0.4, -0.4, 0.4, 0.4, (40, 40, 42))
    for y in (-0.35, 0.25):
        canvas.rect(frame, 0.8, y, 1.9, y + 0.12, (60, 60, 62))


def pallets(canvas: Canvas, frame: Frame) -> None:
    """A stack of pallets or crates of about a car's size."""
    rng = canvas.rng
    wood = jitter(rng, rng.choice(((160, 130, 92), (124, 106, 84), (110, 116, 120), (60, 84, 118))), 0.1)
    for i in range(rng.randint(1, 3)):
        for j in range(rng.randint(1, 3)):
            tone = jitter(rng, wood, 0.06)
            canvas.rect(frame, i * 1.35, j * 1.35, i * 1.35 + 1.2, j * 1.35 + 1.2, tone, height=rng.uniform(0.3, 1.6))
            canvas.rect(frame, i * 1.35, j * 1.35 + 0.5, i * 1.35 + 1.2, j * 1.35 + 0.66, shade(tone, 0.7))
