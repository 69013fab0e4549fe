"""Plots of land between the roads: container yard, car park, sheds, tank farm, heliport, green."""

from __future__ import annotations

from dataclasses import dataclass

from .aircraft import helicopter, helipad
from .buildings import hut, light_mast, pipes, shed, tank
from .canvas import Canvas, Colour, Material
from .colours import jitter, mix, shade
from .cranes import yard_crane
from .frame import Frame
from .ground import arrow, asphalt, fence, grass, hatching, slabs
from .vegetation import bushes, row_of_trees, tree
from .vehicles import car, forklift, lorry, pallets
from .vessels import container


@dataclass(frozen=True)
class Plot:
    """A rectangle in metres of the scene's frame, and the tones of its surroundings."""

    x0: float
    y0: float
    x1: float
    y1: float
    concrete: Colour
    asphalt: Colour

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def depth(self) -> float:
        return self.y1 - self.y0


def container_yard(canvas: Canvas, frame: Frame, plot: Plot) -> None:
    """Blocks of stacked containers in rows along x, with aisles for lorries and sometimes a gantry over them."""
    rng = canvas.rng
    if rng.random() < 0.5:
        asphalt(canvas, frame, plot.x0, plot.y0, plot.x1, plot.y1, plot.asphalt)
    else:
        slabs(canvas, frame, plot.x0, plot.y0, plot.x1, plot.y1, plot.concrete)
    paint = mix((216, 206, 150), plot.asphalt, 0.35)
    fill, pitch = rng.uniform(0.35, 0.85), rng.uniform(2.95, 3.4)
    y = plot.y0 + 2.5
    gantries = []
    while y + 3 * pitch < plot.y1 - 1:
        rows = min(rng.randint(2, 5), int((plot.y1 - 1 - y) / pitch))
        x = plot.x0 + rng.uniform(2, 4)
        canvas.rect(frame, plot.x0 + 1, y - 0.5, plot.x1 - 1, y - 0.3, paint)
        canvas.rect(frame, plot.x0 + 1, y + rows * pitch + 0.1, plot.x1 - 1, y + rows * pitch + 0.3, paint)
        while x + 12.6 < plot.x1 - 1:
            long = rng.random() < 0.6
            tall = rng.randint(1, 4)
            for row in range(rows):
                cy = y + (row + 0.5) * pitch
                for dx, size in ((6.15, 12.2),) if long else ((2.95, 6.1), (9.5, 6.1)):
                    canvas.rect(frame, x + dx - size / 2, cy - 1.25, x + dx - size / 2 + 0.4, cy + 1.25, paint)
                    if rng.random() < fill:
                        tiers = max(1, min(5, tall + rng.choice((-1, 0, 0, 1))))
                        angle = rng.gauss(0, 0.5)
                        container(
                            canvas,
                            frame.at(x + dx + rng.gauss(0, 0.08), cy + rng.gauss(0, 0.06), angle),
                            size,
                            2.6 * tiers,
                        )
            x += 13.4 if rng.random() < 0.8 else 19.0
        if rows >= 3 and rng.random() < 0.3:
            gantries.append(
                (rng.uniform(plot.x0 + 6, plot.x1 - 6), y + rows * pitch / 2, rows * pitch + rng.uniform(3.4, 5.2))
            )
        y += rows * pitch
        aisle = rng.uniform(5.0, 9.0)
        if y + aisle < plot.y1:
            for _ in range(rng.choice((0, 1, 1, 2))):
                lorry(
                    canvas,
                    frame.at(
                        rng.uniform(plot.x0 + 9, plot.x1 - 9), y + aisle / 2, rng.choice((0, 180)) + rng.gauss(0, 2)
                    ),
                )
            if rng.random() < 0.3:
                forklift(canvas, frame.at(rng.uniform(plot.x0 + 3, plot.x1 - 3), y + aisle / 2, rng.uniform(0, 360)))
        y += aisle
    for gx, gy, span in gantries:
        yard_crane(canvas, frame.at(gx, gy), span)


def car_park(canvas: Canvas, frame: Frame, plot: Plot) -> None:
    """Rows of bays along x with cars, arrows in the lanes and trees on the islands."""
    rng = canvas.rng
    asphalt(canvas, frame, plot.x0, plot.y0, plot.x1, plot.y1, plot.asphalt)
    paint = mix((220, 218, 210), plot.asphalt, rng.uniform(0.1, 0.4))
    bay, deep, fill = rng.uniform(2.6, 3.1), 5.4, rng.uniform(0.25, 0.75)
    y = plot.y0 + 1.0
    side = 0
    while y + deep < plot.y1:
        x = plot.x0 + 2
        while x + bay < plot.x1 - 2:
            canvas.rect(frame, x - 0.07, y, x + 0.07, y + deep, paint)
            if rng.random() < fill:
                heading = 90 + (180 if rng.random() < 0.3 else 0) + rng.gauss(0, 1.6)
                car(canvas, frame.at(x + bay / 2 + rng.gauss(0, 0.1), y + deep / 2 + rng.gauss(0, 0.25), heading))
            x += bay
        canvas.rect(frame, x - 0.07, y, x + 0.07, y + deep, paint)
        y += deep
        if side % 2 == 0:
            for _ in range(3):
                arrow(canvas, frame.at(rng.uniform(plot.x0, plot.x1), y + 3, rng.choice((0, 180))), paint)
            if rng.random() < 0.4:
                car(
                    canvas,
                    frame.at(
                        rng.uniform(plot.x0 + 3, plot.x1 - 3),
                        y + 3.0 + rng.gauss(0, 0.5),
                        rng.choice((0, 180)) + rng.gauss(0, 3),
                    ),
                )
            y += 6.4
        elif rng.random() < 0.6 and y + 2.4 < plot.y1:
            grass(canvas, frame, plot.x0 + 2, y + 0.2, plot.x1 - 2, y + 2.0)
            row_of_trees(canvas, frame.at(plot.x0 + 3, y + 1.1), plot.width - 6, 6.5, 0.35)
            y += 2.2
        side += 1
    if rng.random() < 0.5:
        hatching(canvas, frame.at(plot.x1 - 9, plot.y1 - 3.2), 8, 2.4, paint)


def sheds(canvas: Canvas, frame: Frame, plot: Plot) -> None:
    """One or two warehouses with loading bays, lorries and stacked goods in front."""
    rng = canvas.rng
    slabs(canvas, frame, plot.x0, plot.y0, plot.x1, plot.y1, plot.concrete)
    yard = rng.uniform(11, 16)
    depth = min(plot.depth - yard - 2, rng.uniform(16, 32))
    if depth < 8:
        storage_yard(canvas, frame, plot)
        return
    front = rng.random() < 0.5
    cy = plot.y0 + depth / 2 + 1.5 if front else plot.y1 - depth / 2 - 1.5
    shed(canvas, frame.at((plot.x0 + plot.x1) / 2, cy), plot.width - rng.uniform(3, 8), depth)
    edge = cy + depth / 2 if front else cy - depth / 2
    out = 1 if front else -1
    x = plot.x0 + 6
    while x < plot.x1 - 6:
        kind = rng.random()
        if kind < 0.42:
            lorry(canvas, frame.at(x, edge + out * rng.uniform(8.8, 9.6), 90 * out + rng.gauss(0, 1.5)))
            x += 4.6
        elif kind < 0.55:
            pallets(canvas, frame.at(x - 1.5, edge + out * rng.uniform(2, 9), rng.gauss(0, 4)))
            x += 5
        elif kind < 0.65:
            forklift(canvas, frame.at(x, edge + out * rng.uniform(3, 10), rng.uniform(0, 360)))
            x += 3
        elif kind < 0.78:
            car(canvas, frame.at(x, edge + out * rng.uniform(3.5, 5), 90 + rng.gauss(0, 3)))
            x += 3.2
        else:
            x += 5


def storage_yard(canvas: Canvas, frame: Frame, plot: Plot) -> None:
    """Open storage: pallets, pipes, huts, heaps, a few lorries and single containers."""
    rng = canvas.rng
    slabs(canvas, frame, plot.x0, plot.y0, plot.x1, plot.y1, plot.concrete)
    x = plot.x0 + 3
    while x < plot.x1 - 8:
        y = plot.y0 + 3
        while y < plot.y1 - 6:
            kind = rng.random()
            place = frame.at(x + 3, y + 2, rng.choice((0, 90)) + rng.gauss(0, 2))
            if kind < 0.25:
                pallets(canvas, place)
            elif kind < 0.33:
                hut(canvas, place)
            elif kind < 0.45:
                pipes(canvas, frame.at(x, y), rng.uniform(5, 9))
            elif kind < 0.56:
                container(canvas, frame.at(x + 3, y + 2, rng.gauss(0, 3)), 6.1, 2.6)
            elif kind < 0.64:
                car(canvas, place)
            elif kind < 0.70:
                tone = jitter(rng, rng.choice(((164, 146, 112), (92, 86, 82), (150, 100, 76))), 0.08)
                for r in (3.0, 2.3, 1.5, 0.8):
                    canvas.circle(
                        frame,
                        x + 3,
                        y + 2,
                        r,
                        shade(tone, 1.2 - r * 0.08),
                        height=(3.2 - r) * 0.8,
                        material=Material.GRAVEL,
                    )
            y += rng.uniform(6.5, 9.5)
        x += rng.uniform(10, 13)
    if rng.random() < 0.6:
        lorry(canvas, frame.at(rng.uniform(plot.x0 + 9, plot.x1 - 9), plot.y1 - 3, rng.gauss(0, 3)))


def tank_farm(canvas: Canvas, frame: Frame, plot: Plot) -> None:
    """Storage tanks in bunds, joined by pipe racks."""
    rng = canvas.rng
    ground = jitter(rng, rng.choice(((166, 158, 140), (140, 138, 130), (122, 128, 100))), 0.05)
    canvas.rect(frame, plot.x0, plot.y0, plot.x1, plot.y1, ground, material=Material.GRAVEL)
    largest = rng.uniform(4.5, 9.0)
    pitch = 2 * largest + rng.uniform(3.5, 6)
    columns, rows = max(1, int(plot.width / pitch)), max(1, int((plot.depth - 3) / pitch))
    wall = shade(plot.concrete, 1.05)
    pipes(canvas, frame.at(plot.x0, plot.y1 - 4), plot.width)
    for i in range(columns):
        for j in range(rows):
            x, y = plot.x0 + (i + 0.5) * plot.width / columns, plot.y0 + (j + 0.5) * (plot.depth - 4) / rows
            for a, b in (((-1, -1), (1, -1)), ((1, -1), (1, 1)), ((1, 1), (-1, 1)), ((-1, 1), (-1, -1))):
                r = pitch * 0.47
                canvas.line(frame, (x + a[0] * r, y + a[1] * r), (x + b[0] * r, y + b[1] * r), 0.5, wall, height=1.2)
            kind = rng.random()
            if kind < 0.72:
                tank(canvas, frame.at(x, y, rng.uniform(0, 360)), largest * rng.uniform(0.72, 1.0))
                canvas.line(frame, (x + largest, y), (x + pitch * 0.47, y), 0.5, (160, 158, 150), height=0.6)
            elif kind < 0.9:
                for dx, dy in ((-0.45, -0.45), (0.5, -0.4), (-0.4, 0.5), (0.45, 0.45)):
                    if rng.random() < 0.85:
                        tank(
                            canvas,
                            frame.at(x + dx * largest, y + dy * largest, rng.uniform(0, 360)),
                            largest * rng.uniform(0.3, 0.4),
                        )
            else:
                hut(canvas, frame.at(x, y))
    if rng.random() < 0.5:
        car(canvas, frame.at(rng.uniform(plot.x0 + 3, plot.x1 - 3), plot.y1 - 1.2, rng.gauss(0, 3)))


def heliport(canvas: Canvas, frame: Frame, plot: Plot) -> None:
    """Pads on an apron, some with a helicopter, others empty; more helicopters parked beside a hangar."""
    rng = canvas.rng
    slabs(canvas, frame, plot.x0, plot.y0, plot.x1, plot.y1, plot.concrete)
    x = plot.x0 + 12
    while x < plot.x1 - 10:
        y = plot.y0 + 11
        while y < plot.y1 - 9:
            if rng.random() < 0.75:
                helipad(canvas, frame.at(x, y, rng.choice((0, 0, 90, 15))), rng.random() < 0.68)
            elif rng.random() < 0.6:
                helicopter(canvas, frame.at(x, y, rng.uniform(0, 360)))
            y += 21
        x += 21
    yellow = mix((206, 172, 60), plot.concrete, 0.3)
    canvas.line(frame, (plot.x0, plot.y0 + 1), (plot.x1, plot.y0 + 1), 0.3, yellow)
    if rng.random() < 0.5:
        car(canvas, frame.at(plot.x0 + 2.5, rng.uniform(plot.y0 + 4, plot.y1 - 4), 90 + rng.gauss(0, 4)))


def green(canvas: Canvas, frame: Frame, plot: Plot) -> None:
    """A park: grass, a path, trees, a few cars beside it."""
    rng = canvas.rng
    grass(canvas, frame, plot.x0, plot.y0, plot.x1, plot.y1)
    path = (178, 166, 140)
    canvas.line(
        frame,
        (plot.x0, plot.y0 + plot.depth * rng.random()),
        (plot.x1, plot.y0 + plot.depth * rng.random()),
        2.0,
        path,
        material=Material.GRAVEL,
    )
    for _ in range(rng.randint(6, 20)):
        tree(
            canvas,
            frame.at(rng.uniform(plot.x0 + 3, plot.x1 - 3), rng.uniform(plot.y0 + 3, plot.y1 - 3)),
            rng.uniform(1.4, 4.2),
        )
    bushes(canvas, frame.at(plot.x0 + 1, plot.y0 + 1), plot.width - 2, 2.0, 12)
    if rng.random() < 0.3:
        hut(canvas, frame.at(plot.x0 + plot.width / 2, plot.y0 + plot.depth / 2, rng.uniform(0, 90)))


ZONES = (
    (container_yard, 4.2), (car_park, 2.4), (sheds, 2.2), (tank_farm, 2.0), (heliport, 1.3),
    (storage_yard, 0.7), (green, 0.6),
)  # fmt: skip


def furnish(canvas: Canvas, frame: Frame, plot: Plot) -> None:
    """Fills a plot with a kind of use chosen by weight, and fences and lights at its border."""
    rng = canvas.rng
    builders, weights = zip(*ZONES)
    rng.choices(builders, weights)[0](canvas, frame, plot)
    if rng.random() < 0.4:
        fence(canvas, frame, plot.x0, plot.x1, plot.y0 + 0.3)
    if rng.random() < 0.6:
        light_mast(canvas, frame.at(plot.x0 + 0.8, plot.y0 + 0.9))
