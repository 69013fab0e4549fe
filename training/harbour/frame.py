"""Local coordinate systems in metres and their place on the canvas."""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """A rotated and shifted coordinate system; `scale` is canvas pixels per metre, `angle` is in radians."""

    x: float
    y: float
    angle: float
    scale: float

    def at(self, x: float, y: float, degrees: float = 0.0) -> Frame:
        """The frame whose origin lies at (x, y) metres of this one, turned by `degrees`."""
        px, py = self.point(x, y)
        return Frame(px, py, self.angle + math.radians(degrees), self.scale)

    def point(self, x: float, y: float) -> Point:
        """Canvas pixel of a point in metres."""
        c, s = math.cos(self.angle) * self.scale, math.sin(self.angle) * self.scale
        return self.x + x * c - y * s, self.y + x * s + y * c

    def points(self, points: list[Point]) -> list[Point]:
        """Canvas pixels of many points in metres."""
        c, s = math.cos(self.angle) * self.scale, math.sin(self.angle) * self.scale
        return [(self.x + x * c - y * s, self.y + x * s + y * c) for x, y in points]


def rectangle(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def rounded(x0: float, y0: float, x1: float, y1: float, cut: float) -> list[Point]:
    """A rectangle with its corners cut off."""
    return [
        (x0 + cut, y0), (x1 - cut, y0), (x1, y0 + cut), (x1, y1 - cut),
        (x1 - cut, y1), (x0 + cut, y1), (x0, y1 - cut), (x0, y0 + cut),
    ]  # fmt: skip


def disc(x: float, y: float, radius: float, corners: int = 20) -> list[Point]:
    """A regular polygon; `radius` reaches its corners."""
    step = 2 * math.pi / corners
    return [(x + radius * math.cos(i * step), y + radius * math.sin(i * step)) for i in range(corners)]


def beam(a: Point, b: Point, width: float) -> list[Point]:
    """The rectangle of the given width around the segment from a to b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / length * width / 2, dx / length * width / 2
    return [(a[0] + nx, a[1] + ny), (b[0] + nx, b[1] + ny), (b[0] - nx, b[1] - ny), (a[0] - nx, a[1] - ny)]
