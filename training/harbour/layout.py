"""Composes a scene from bands parallel to the quay: water with vessels, apron, roads, plots of land."""

from __future__ import annotations

from .buildings import hut, light_mast
from .canvas import Canvas, Material
from .colours import jitter, shade
from .cranes import quay_crane
from .frame import Frame
from .ground import grass, railway, road, slabs
from .vegetation import row_of_trees
from .vehicles import car, forklift, lorry, pallets
from .vessels import boat, buoy, container, pontoon, raft, ship
from .zones import Plot, furnish

#: Half the side of the square in metres that is furnished; the picture shows its middle.
REACH = 95.0


def compose(canvas: Canvas, frame: Frame) -> None:
    """Draws the whole scene. The quay runs along x; water lies at smaller y."""
    rng = canvas.rng
    quay = rng.uniform(-52, 22)
    concrete = jitter(rng, rng.choice(((168, 164, 154), (152, 152, 148), (180, 172, 156))), 0.06)
    dark = jitter(rng, rng.choice(((92, 94, 98), (110, 110, 110), (82, 84, 86), (120, 116, 110))), 0.06)
    far = quay + rng.uniform(58, 90) if rng.random() < 0.3 else REACH
    canvas.rect(frame, -REACH, quay, REACH, far, concrete, material=Material.CONCRETE)
    apron = rng.uniform(15, 24)
    gauge = rng.uniform(8.5, 12)
    industrial = rng.random() < 0.68
    y = quay + apron
    slabs(canvas, frame, -REACH, quay, REACH, y, concrete)
    _land(canvas, frame, y, far - 6, concrete, dark)
    _edge(canvas, frame, quay, 1)
    if far < REACH:
        slabs(canvas, frame, -REACH, far - 6, REACH, far, concrete)
        _edge(canvas, frame, far, -1)
        _water(canvas, frame.at(0, far, 180), rng.random() < 0.5)
    if industrial:
        for rail in (2.6, 2.6 + gauge):
            canvas.rect(frame, -REACH, quay + rail - 0.35, REACH, quay + rail + 0.35, shade(concrete, 0.68))
            canvas.rect(frame, -REACH, quay + rail - 0.09, REACH, quay + rail + 0.09, (136, 128, 120))
    _apron(canvas, frame, quay, apron)
    _water(canvas, frame.at(0, quay), industrial)
    if industrial and rng.random() < 0.62:
        x = rng.uniform(-70, 20)
        for _ in range(rng.choice((1, 1, 2, 2, 3))):
            quay_crane(canvas, frame.at(x, quay + 2.6, 180), gauge)
            x += rng.uniform(17, 50)


def _land(canvas: Canvas, frame: Frame, y: float, far: float, concrete, dark) -> None:
    """Roads and plots from y to far."""
    rng = canvas.rng
    roads = []
    while y < min(far, REACH):
        if rng.random() < 0.25:
            tracks = rng.choice((1, 2))
            railway(canvas, frame, -REACH, REACH, y + 3, tracks)
            y += 4.6 * (tracks - 1) + 6
        width = rng.uniform(7.5, 10)
        roads.append((y + width / 2 + 0.6, width))
        road(canvas, frame, -REACH, REACH, y + width / 2 + 0.6, width, dark)
        y += width + 1.2
        if rng.random() < 0.55:
            grass(canvas, frame, -REACH, y, REACH, y + 3)
            row_of_trees(canvas, frame.at(-REACH, y + 1.5), 2 * REACH, rng.uniform(5, 11), 0.3)
            y += 3
        depth = rng.uniform(30, 46)
        top = min(y + depth, far)
        if top - y > 12:
            x = -REACH + rng.uniform(-20, 0)
            while x < REACH:
                plot_width = rng.uniform(42, 74)
                furnish(canvas, frame, Plot(x, y, x + plot_width - 1, top, concrete, jitter(rng, dark, 0.05)))
                x += plot_width
                if rng.random() < 0.3:
                    canvas.rect(frame, x - 1, y, x + 6, top, dark, material=Material.ASPHALT)
                    x += 7
        y = top
    for centre, width in roads:
        _traffic(canvas, frame, centre, width)


def _traffic(canvas: Canvas, frame: Frame, y: float, width: float) -> None:
    rng = canvas.rng
    for lane, heading in ((-width / 4, 0), (width / 4, 180)):
        x = -REACH + rng.uniform(0, 30)
        while x < REACH:
            lorry_next = rng.random() < 0.42
            (lorry if lorry_next else car)(
                canvas, frame.at(x, y + lane + rng.gauss(0, 0.2), heading + rng.gauss(0, 1.2))
            )
            x += (13 if lorry_next else 8) + rng.expovariate(1 / 26)


def _edge(canvas: Canvas, frame: Frame, y: float, inland: int) -> None:
    """Coping, fenders and bollards of a quay at y; `inland` is the sign of the landward direction."""
    rng = canvas.rng
    coping = jitter(rng, (188, 184, 172), 0.05)
    y0, y1 = sorted((y, y + inland * 1.1))
    canvas.rect(frame, -REACH, y0, REACH, y1, coping, height=3.0, material=Material.CONCRETE)
    inner = y + inland * 1.1
    canvas.rect(frame, -REACH, inner - 0.1, REACH, inner + 0.1, shade(coping, 0.7))
    if rng.random() < 0.4:
        yellow = jitter(rng, (196, 164, 62), 0.06)
        x = -REACH
        while x < REACH:
            canvas.rect(frame, x, min(y, y + inland * 0.35), x + 1.5, max(y, y + inland * 0.35), yellow)
            x += 3
    step = rng.uniform(6, 11)
    x = -REACH
    while x < REACH:
        canvas.rect(
            frame, x - 0.7, min(y, y - inland * 0.7), x + 0.7, max(y, y - inland * 0.7), (36, 36, 38), height=2.5
        )
        canvas.circle(frame, x + 2, y + inland * 0.55, 0.35, (60, 58, 54), height=3.6)
        x += step
    y0, y1 = sorted((y, y - inland * 0.8))
    canvas.foam(frame, [(-REACH, y0), (REACH, y0), (REACH, y1), (-REACH, y1)], rng.randint(20, 70))


def _apron(canvas: Canvas, frame: Frame, quay: float, depth: float) -> None:
    """Goods and vehicles between the quay's edge and the first road."""
    rng = canvas.rng
    x = -REACH
    while x < REACH:
        x += rng.expovariate(1 / 11)
        y = quay + rng.uniform(3.5, depth - 2)
        kind = rng.random()
        if kind < 0.20:
            lorry(canvas, frame.at(x, y, rng.choice((0, 180)) + rng.gauss(0, 4)))
            x += 16
        elif kind < 0.42:
            container(
                canvas,
                frame.at(x, y, rng.choice((0, 0, 0, 90)) + rng.gauss(0, 2)),
                rng.choice((6.1, 12.2)),
                rng.choice((2.6, 2.6, 5.2)),
            )
            x += 12.5
        elif kind < 0.58:
            car(canvas, frame.at(x, y, rng.uniform(0, 360) if rng.random() < 0.4 else rng.choice((0, 90, 180))))
            x += 4
        elif kind < 0.74:
            pallets(canvas, frame.at(x, y - 1, rng.gauss(0, 5)))
            x += 4
        elif kind < 0.86:
            forklift(canvas, frame.at(x, y, rng.uniform(0, 360)))
            x += 3
        elif kind < 0.93:
            hut(canvas, frame.at(x, y))
            x += 9
        else:
            light_mast(canvas, frame.at(x, quay + depth - 1))


def _water(canvas: Canvas, frame: Frame, industrial: bool) -> None:
    """Vessels in the water at y < 0 of the frame: moored at the quay, at pontoons, and under way."""
    rng = canvas.rng
    clear = 3.0
    if industrial:
        x, widest = -REACH + rng.uniform(0, 40), 0.0
        while x < REACH:
            length = rng.uniform(21, 44)
            if rng.random() < 0.72:
                beam = length * 0.13 + rng.uniform(0.8, 1.6)
                ship(canvas, frame.at(x + length / 2, -beam, rng.choice((0, 180)) + rng.gauss(0, 0.6)), length)
                widest = max(widest, beam * 2 + 3)
            x += length + rng.uniform(5, 32)
        clear = widest + 4
    elif rng.random() < 0.78:
        x, longest = -REACH + rng.uniform(0, 18), 0.0
        fingers = rng.random() < 0.75
        while x < REACH:
            length = rng.uniform(24, 52)
            pontoon(canvas, frame.at(x, -0.5, -90), length, fingers)
            longest = max(longest, length)
            x += rng.uniform(27, 40)
        clear = longest + 6
    _afloat(canvas, frame, clear)


def _afloat(canvas: Canvas, frame: Frame, clear: float) -> None:
    """Vessels under way or at anchor beyond `clear` metres from the quay, spaced so that they do not collide."""
    rng = canvas.rng
    taken: list[tuple[float, float, float]] = []
    for _ in range(rng.randint(8, 22)):
        x, y = rng.uniform(-REACH, REACH), -clear - rng.uniform(2, 90)
        large = rng.random() < 0.16
        length = rng.uniform(22, 40) if large else 12
        if (
            any((x - a) ** 2 + (y - b) ** 2 < ((length + c) / 2 + 2) ** 2 for a, b, c in taken)
            or y + length / 2 > -clear
        ):
            continue
        taken.append((x, y, length))
        place = frame.at(x, y, rng.uniform(0, 360))
        if large:
            ship(canvas, place, length)
        elif (kind := rng.random()) < 0.72:
            boat(canvas, place, moving=rng.random() < 0.55)
        elif kind < 0.88:
            raft(canvas, place)
        else:
            buoy(canvas, place)
