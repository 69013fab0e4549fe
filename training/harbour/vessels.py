"""Ships, boats, and the pontoons boats lie at."""

from __future__ import annotations

import math

from .canvas import Canvas
from .colours import CONTAINERS, DECKS, HULLS, jitter, mix, pick, shade
from .frame import Frame, Point, rounded
from .vehicles import corrugated

WHITE = (226, 227, 222)


def hull(length: float, width: float, bow: float, stern: float, inset: float = 0.0) -> list[Point]:
    """Outline of a hull heading to +x: `bow` and `stern` are the shares of the length that taper."""
    l, w = length / 2 - inset, width / 2 - inset
    front = l - bow * length
    curve = [(front + (l - front) * math.sin(t), w * math.cos(t) ** 0.75) for t in (0.0, 0.4, 0.75, 1.05, 1.3, 1.47)]
    back = [(-l, w * 0.72), (-l + stern * length, w)]
    side = back + curve + [(l, 0.0)]
    return side + [(x, -y) for x, y in reversed(side[:-1])]


def ship(canvas: Canvas, frame: Frame, length: float) -> None:
    """A ship of 20 to 45 m heading to the frame's +x; containers on its deck are labelled themselves."""
    rng = canvas.rng
    kind = "tug" if length < 26 else rng.choices(("cargo", "feeder", "tanker", "ferry"), (4, 2.2, 2.5, 2))[0]
    width = length * (rng.uniform(0.30, 0.34) if kind == "tug" else rng.uniform(0.19, 0.24))
    paint, deck = pick(rng, HULLS), pick(rng, DECKS)
    if kind == "ferry":
        paint, deck = pick(rng, ((WHITE, 3), ((40, 70, 120), 2))), jitter(rng, (96, 120, 116), 0.1)
    bow, stern = rng.uniform(0.16, 0.24), rng.uniform(0.03, 0.08)
    foam = hull(length + 1.2, width + 1.2, bow, stern)
    canvas.foam(frame, foam, rng.randint(50, 110))
    canvas.begin("ship")
    index = canvas.current
    canvas.fill(frame, hull(length, width, bow, stern), paint, height=4.0)
    canvas.fill(frame, hull(length, width, bow, stern, 0.35), shade(WHITE, 0.92))
    canvas.fill(frame, hull(length, width, bow, stern, 0.6), deck)
    canvas.fill(
        frame,
        [(length * (0.5 - bow * 0.8), -width * 0.36), (length * 0.47, 0), (length * (0.5 - bow * 0.8), width * 0.36)],
        shade(deck, 1.12),
    )
    canvas.rect(frame, length * 0.40, -0.5, length * 0.43, 0.5, shade(deck, 0.6))
    {"tug": _tug, "cargo": _cargo, "feeder": _feeder, "tanker": _tanker, "ferry": _ferry}[kind](
        canvas, frame, length, width, deck, index
    )
    canvas.end()


def _bridge(canvas: Canvas, frame: Frame, x: float, depth: float, width: float, height: float) -> None:
    """Superstructure with bridge wings, windows, funnel and lifeboats, centred at x."""
    rng = canvas.rng
    w = width / 2 - 0.8
    canvas.rect(frame, x - depth / 2, -w, x + depth / 2, w, shade(WHITE, 0.82), height=height - 3)
    canvas.rect(frame, x - depth / 2 + 0.4, -w + 0.5, x + depth / 2 - 0.3, w - 0.5, WHITE, height=height)
    canvas.rect(frame, x + depth / 2 - 1.5, -width / 2, x + depth / 2 - 0.3, width / 2, WHITE, height=height + 1)
    canvas.rect(frame, x + depth / 2 - 0.55, -w * 0.9, x + depth / 2 - 0.3, w * 0.9, (40, 50, 58))
    funnel = pick(rng, CONTAINERS)
    canvas.fill(frame, rounded(x - depth / 2 + 0.5, -1.1, x - depth / 2 + 2.7, 1.1, 0.4), funnel, height=height + 4)
    canvas.rect(frame, x - depth / 2 + 0.9, -0.6, x - depth / 2 + 2.3, 0.6, (34, 34, 36))
    for side in (-1, 1):
        y = side * (w - 0.1)
        canvas.fill(frame, rounded(x - depth * 0.2 - 1.2, y - 0.5, x - depth * 0.2 + 1.4, y + 0.5, 0.3), (216, 96, 34))
    canvas.line(frame, (x, -1.4), (x, 1.4), 0.18, (190, 190, 186))
    canvas.circle(frame, x + 0.6, w * 0.4, 0.55, (236, 236, 232))


def _deck_crane(canvas: Canvas, frame: Frame, x: float, reach: float) -> None:
    rng = canvas.rng
    paint = jitter(rng, rng.choice(((206, 178, 70), WHITE, (170, 90, 60))), 0.06)
    canvas.circle(frame, x, 0, 1.0, shade(paint, 0.8), height=9)
    angle = rng.choice((0.0, math.pi)) + rng.gauss(0, 0.15)
    tip = (x + reach * math.cos(angle), reach * math.sin(angle))
    canvas.line(frame, (x, 0), tip, 0.55, paint, floating=10.0)


def _cargo(canvas, frame, length, width, deck, index) -> None:
    rng = canvas.rng
    _bridge(canvas, frame, -length * 0.36, length * 0.13, width, 14)
    start, stop = -length * 0.26, length * 0.34
    count = rng.randint(2, 4)
    step = (stop - start) / count
    cover = jitter(rng, rng.choice(((150, 154, 150), (110, 96, 84), (84, 104, 118), (130, 72, 58))), 0.08)
    for i in range(count):
        x0, x1 = start + i * step + 0.9, start + (i + 1) * step - 0.9
        w = width * 0.34
        canvas.rect(frame, x0 - 0.3, -w - 0.3, x1 + 0.3, w + 0.3, shade(cover, 0.66), height=5.2)
        opened = rng.random() < 0.3
        canvas.rect(frame, x0, -w, x1, w, (44, 42, 42) if opened else cover, height=2 if opened else 5.8)
        if opened:
            heap = jitter(rng, rng.choice(((128, 108, 84), (60, 58, 58), (178, 160, 120))), 0.1)
            canvas.fill(frame, rounded(x0 + 0.6, -w + 0.7, x1 - 0.5, w - 0.8, 0.9), heap)
        else:
            for j in range(1, 4):
                x = x0 + (x1 - x0) * j / 4
                canvas.rect(frame, x, -w, x + 0.18, w, shade(cover, 0.82))
        if i and rng.random() < 0.45:
            _deck_crane(canvas, frame, x0 - 0.9, step * 0.75)


def _feeder(canvas, frame, length, width, deck, index) -> None:
    rng = canvas.rng
    _bridge(canvas, frame, -length * 0.38, length * 0.11, width, 15)
    rows = int((width - 2.0) / 2.7)
    x = -length * 0.29
    while x + 6.3 < length * 0.33:
        size = 12.2 if rng.random() < 0.55 and x + 12.6 < length * 0.33 else 6.1
        for row in range(rows):
            y = (row - (rows - 1) / 2) * 2.75
            canvas.end()
            if rng.random() < 0.8:
                container(canvas, frame.at(x + size / 2, y), size, rng.choice((6.6, 9.2, 11.8)))
            canvas.resume(index)
        x += size + 0.8


def _tanker(canvas, frame, length, width, deck, index) -> None:
    rng = canvas.rng
    _bridge(canvas, frame, -length * 0.36, length * 0.13, width, 13)
    pipe = jitter(rng, (176, 168, 150), 0.06)
    for i in range(-2, 3):
        y = i * width * 0.06
        canvas.rect(frame, -length * 0.26, y, length * 0.34, y + 0.28, shade(pipe, 1 if i % 2 else 0.8))
    for i in range(5):
        x = -length * 0.22 + i * length * 0.12
        canvas.rect(frame, x, -width * 0.40, x + 0.22, width * 0.40, shade(deck, 0.75))
        for side in (-1, 1):
            canvas.circle(frame, x + 2.4, side * width * 0.27, 0.5, shade(pipe, 1.15))
    canvas.rect(frame, -0.8, -width * 0.42, 0.8, width * 0.42, shade(pipe, 0.85), height=5.2)
    _deck_crane(canvas, frame, 1.5, width * 0.45)


def _ferry(canvas, frame, length, width, deck, index) -> None:
    w = width * 0.42
    canvas.fill(frame, rounded(-length * 0.42, -w, length * 0.30, w, 0.8), shade(WHITE, 0.9), height=9)
    canvas.fill(frame, rounded(-length * 0.36, -w + 0.8, length * 0.26, w - 0.8, 0.8), WHITE, height=12)
    canvas.fill(frame, rounded(-length * 0.30, -w * 0.55, length * 0.08, w * 0.55, 0.5), deck)
    for i in range(int(length * 0.34 / 1.3)):
        x = -length * 0.29 + i * 1.3
        canvas.rect(frame, x, -w * 0.45, x + 0.5, -w * 0.08, (196, 120, 60))
        canvas.rect(frame, x, w * 0.08, x + 0.5, w * 0.45, (196, 120, 60))
    _bridge(canvas, frame, length * 0.18, length * 0.10, width * 0.94, 15)


def _tug(canvas, frame, length, width, deck, index) -> None:
    rng = canvas.rng
    w = width * 0.28
    canvas.fill(frame, rounded(-length * 0.06, -w, length * 0.30, w, 0.6), shade(WHITE, 0.9), height=7)
    canvas.fill(frame, rounded(length * 0.06, -w * 0.8, length * 0.24, w * 0.8, 0.5), WHITE, height=10)
    canvas.rect(frame, length * 0.205, -w * 0.66, length * 0.235, w * 0.66, (40, 50, 58))
    funnel = pick(rng, CONTAINERS)
    for side in (-1, 1):
        canvas.rect(frame, -length * 0.04, side * w * 0.6 - 0.5, length * 0.02, side * w * 0.6 + 0.5, funnel, height=9)
    canvas.circle(frame, -length * 0.18, 0, 1.1, (70, 70, 72))
    canvas.line(frame, (-length * 0.34, -width * 0.3), (-length * 0.34, width * 0.3), 0.4, (60, 60, 60))
    for i in range(-3, 5):
        for side in (-1, 1):
            canvas.circle(frame, i * length * 0.085, side * width * 0.49, 0.5, (26, 26, 28))


def container(canvas: Canvas, frame: Frame, length: float, height: float) -> None:
    """A shipping container, 6.1 or 12.2 m, seen from above; `height` is that of the stack it lies on top of."""
    canvas.begin("container")
    corrugated(canvas, frame, -length / 2, length / 2, 1.24, pick(canvas.rng, CONTAINERS, 0.09), height)
    canvas.end()


def boat(canvas: Canvas, frame: Frame, moving: bool = False) -> None:
    """A boat of 5 to 13 m heading to the frame's +x; one under way draws a wake."""
    rng = canvas.rng
    kind = rng.choices(("motor", "sail", "inflatable", "fishing"), (5, 0 if moving else 3, 1.2, 1.6))[0]
    length = {"motor": rng.uniform(5.5, 11.5), "sail": rng.uniform(8, 13), "inflatable": rng.uniform(5, 7.5)}.get(
        kind, rng.uniform(8, 13)
    )
    width = length * {"sail": 0.28, "inflatable": 0.36}.get(kind, rng.uniform(0.30, 0.37))
    if moving:
        wake(canvas, frame, length, width)
    bow = 0.5 if kind == "sail" else 0.38
    canvas.foam(frame, hull(length + 0.5, width + 0.5, bow, 0.05), 60)
    paint = pick(rng, (((234, 234, 230), 9), ((38, 58, 96), 2), ((150, 40, 38), 1), ((196, 186, 160), 1)))
    canvas.begin("boat")
    outline = hull(length, width, bow, 0.08 if kind != "sail" else 0.25)
    if kind == "inflatable":
        tube = jitter(rng, rng.choice(((84, 86, 90), (206, 92, 38), (150, 152, 154))), 0.08)
        canvas.fill(frame, outline, tube, height=1.0)
        canvas.fill(frame, hull(length, width, bow, 0.05, 0.42), shade(tube, 0.6))
        canvas.rect(frame, -length * 0.15, -0.4, length * 0.1, 0.4, (214, 214, 210))
        canvas.rect(frame, -length * 0.5 - 0.4, -0.3, -length * 0.42, 0.3, (32, 32, 34))
    elif kind == "sail":
        canvas.fill(frame, outline, shade(paint, 0.85), height=1.2)
        deck = jitter(rng, rng.choice(((222, 220, 212), (170, 132, 88))), 0.04)
        canvas.fill(frame, hull(length, width, bow, 0.25, 0.2), deck)
        canvas.fill(frame, rounded(-length * 0.08, -width * 0.24, length * 0.2, width * 0.24, 0.3), WHITE)
        canvas.fill(frame, rounded(-length * 0.38, -width * 0.2, -length * 0.14, width * 0.2, 0.2), shade(deck, 0.6))
        canvas.circle(frame, length * 0.12, 0, 0.14, (206, 206, 206), height=12)
        cover = jitter(rng, rng.choice(((40, 70, 130), (220, 220, 214), (120, 40, 44))), 0.08)
        canvas.line(frame, (length * 0.12, 0), (-length * 0.3, rng.gauss(0, 0.2)), 0.42, cover, height=2.4)
    elif kind == "fishing":
        canvas.fill(frame, outline, pick(rng, HULLS), height=1.6)
        canvas.fill(frame, hull(length, width, bow, 0.05, 0.25), jitter(rng, (146, 140, 126), 0.1))
        canvas.fill(frame, rounded(length * 0.0, -width * 0.28, length * 0.2, width * 0.28, 0.2), WHITE, height=3.6)
        canvas.rect(frame, length * 0.15, -width * 0.22, length * 0.185, width * 0.22, (40, 50, 60))
        canvas.rect(frame, -length * 0.36, -width * 0.3, -length * 0.12, width * 0.3, jitter(rng, (60, 96, 110), 0.2))
    else:
        canvas.fill(frame, outline, shade(paint, 0.86), height=1.4)
        canvas.fill(frame, hull(length, width, bow, 0.08, 0.16), paint)
        cockpit = jitter(rng, rng.choice(((150, 116, 82), (196, 190, 176), (96, 100, 106))), 0.08)
        canvas.fill(frame, rounded(-length * 0.44, -width * 0.34, -length * 0.02, width * 0.34, 0.3), cockpit)
        canvas.fill(frame, rounded(-length * 0.06, -width * 0.36, length * 0.14, width * 0.36, 0.3), (44, 54, 64))
        if rng.random() < 0.45:
            canvas.fill(
                frame, rounded(-length * 0.26, -width * 0.33, length * 0.06, width * 0.33, 0.3), WHITE, height=2.4
            )
        canvas.rect(frame, -length * 0.5 - 0.3, -0.35, -length * 0.46, 0.35, (36, 36, 38))
    canvas.end()


def wake(canvas: Canvas, frame: Frame, length: float, width: float) -> None:
    """Foam behind a boat under way: the screw's trail and the two arms of the bow wave."""
    rng = canvas.rng
    trail = length * rng.uniform(3, 8)
    for i in range(8):
        a, b = -length * 0.4 - trail * i / 8, -length * 0.4 - trail * (i + 1) / 8
        wa, wb = width * (0.4 + 0.12 * i), width * (0.4 + 0.12 * (i + 1))
        canvas.foam(frame, [(a, -wa), (b, -wb), (b, wb), (a, wa)], int(150 * (1 - i / 8) ** 1.3) + 8)
    for side in (-1, 1):
        for i in range(8):
            a, b = length * 0.3 - trail * 0.8 * i / 8, length * 0.3 - trail * 0.8 * (i + 1) / 8
            ya, yb = (side * (width * 0.45 + 0.30 * (length * 0.3 - x)) for x in (a, b))
            thick = 0.35 + 0.07 * i
            canvas.foam(
                frame, [(a, ya), (b, yb), (b, yb + side * thick), (a, ya + side * thick)], int(170 * (1 - i / 8)) + 10
            )


def pontoon(canvas: Canvas, frame: Frame, length: float, fingers: bool) -> None:
    """A floating jetty along the frame's x axis from the origin, boats at its fingers on both sides."""
    rng = canvas.rng
    planks = jitter(rng, rng.choice(((150, 132, 108), (168, 168, 164), (134, 128, 120))), 0.06)
    canvas.rect(frame, 0, -1.1, length, 1.1, planks, height=0.7)
    x = 0.0
    while x < length:
        canvas.rect(frame, x, -1.1, x + 0.1, 1.1, shade(planks, 0.84))
        x += rng.uniform(0.9, 1.1)
    for side in (-1, 1):
        x = rng.uniform(2, 4)
        while x < length - 4:
            if fingers:
                y0, y1 = sorted((side * 1.1, side * rng.uniform(6, 8)))
                canvas.rect(frame, x, y0, x + 0.7, y1, shade(planks, 1.05), height=0.6)
                canvas.circle(frame, x + 0.35, side * 8.3, 0.25, (92, 80, 66), height=2)
                for berth in (2.4, 6.1):
                    if rng.random() < 0.62:
                        heading = 90 * side + (180 if rng.random() < 0.3 else 0) + rng.gauss(0, 3)
                        boat(canvas, frame.at(x + berth, side * (7.4 + rng.gauss(0, 0.4)), heading))
                x += 8.6
            else:
                if rng.random() < 0.6:
                    boat(canvas, frame.at(x + 6, side * 3.4, rng.choice((0, 180)) + rng.gauss(0, 2)))
                x += 14.5
    if rng.random() < 0.4:
        canvas.circle(frame, length + 1.6, 0, 1.8, shade(planks, 0.9), height=0.8)


def raft(canvas: Canvas, frame: Frame) -> None:
    """A swimming pontoon or a work raft: what looks like a boat or container in the water and is none."""
    rng = canvas.rng
    l, w = rng.uniform(2.0, 5.5), rng.uniform(1.2, 2.0)
    tone = jitter(rng, rng.choice(((140, 122, 98), (176, 178, 176), (110, 112, 112))), 0.08)
    canvas.foam(frame, [(-l - 0.3, -w - 0.3), (l + 0.3, -w - 0.3), (l + 0.3, w + 0.3), (-l - 0.3, w + 0.3)], 40)
    canvas.rect(frame, -l, -w, l, w, shade(tone, 0.85), height=0.7)
    canvas.rect(frame, -l + 0.3, -w + 0.3, l - 0.3, w - 0.3, tone)
    for i in range(int(l * 2)):
        canvas.rect(frame, -l + i, -w + 0.3, -l + i + 0.12, w - 0.3, shade(tone, 0.8))


def buoy(canvas: Canvas, frame: Frame) -> None:
    colour = mix(canvas.rng.choice(((206, 60, 40), (60, 140, 80), (220, 190, 60))), (40, 40, 40), 0.15)
    canvas.circle(frame, 0, 0, canvas.rng.uniform(0.5, 0.9), colour, height=2)
