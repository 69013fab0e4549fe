"""Supersampled layers a scene is drawn on: colour, height, material, and which object a pixel shows."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from PIL import Image, ImageDraw

from .frame import Frame, Point, beam, disc, rectangle

Colour = tuple[int, int, int]

#: Canvas pixels per output pixel and axis.
SUPERSAMPLING = 2
#: Output pixels drawn beyond each border, so that objects outside cast their shadows into the image.
MARGIN = 32
#: Metres per step of the height layer.
HEIGHT_STEP = 0.2


class Material(IntEnum):
    """Surface of a pixel: it chooses the texture."""

    PAINT = 0
    WATER = 1
    CONCRETE = 2
    ASPHALT = 3
    GRASS = 4
    GRAVEL = 5
    ROOF = 6
    FOLIAGE = 7


@dataclass
class Drawn:
    """A labelled object and the outlines of its bodies in canvas pixels, whether on the canvas or beyond it."""

    category: str
    outlines: list[list[Point]] = field(default_factory=list)

    def bounds(self) -> tuple[int, int, int, int]:
        """x0, y0, x1, y1 that hold all outlines."""
        xs = [x for outline in self.outlines for x, _ in outline]
        ys = [y for outline in self.outlines for _, y in outline]
        return math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)) + 1, math.ceil(max(ys)) + 1

    def area(self) -> int:
        """Canvas pixels of the whole silhouette, as if nothing covered it and the canvas had no border."""
        x0, y0, x1, y1 = self.bounds()
        silhouette = Image.new("1", (x1 - x0 + 1, y1 - y0 + 1))
        draw = ImageDraw.Draw(silhouette)
        for outline in self.outlines:
            draw.polygon([(x - x0, y - y0) for x, y in outline], fill=1)
        return silhouette.histogram()[255]


class Canvas:
    """All drawing goes through `fill`; what is drawn later covers what was drawn before."""

    def __init__(self, width: int, height: int, rng: random.Random, sun_azimuth: float, sun_strength: float) -> None:
        """`width` and `height` are those of the output image in pixels; `sun_azimuth` is the direction to the sun on
        the canvas in radians, `sun_strength` 0 (overcast) to 1 (clear)."""
        self.sun_azimuth = sun_azimuth
        self.sun_strength = sun_strength
        self.output = (width, height)
        self.size = ((width + 2 * MARGIN) * SUPERSAMPLING, (height + 2 * MARGIN) * SUPERSAMPLING)
        self.rng = rng
        self.objects: list[Drawn] = []
        self._images = {
            "colour": Image.new("RGB", self.size),
            "height": Image.new("L", self.size),
            "material": Image.new("L", self.size),
            "object": Image.new("I", self.size),
            "foam": Image.new("L", self.size),
            "stain": Image.new("L", self.size, 128),
        }
        self._draw = {name: ImageDraw.Draw(image) for name, image in self._images.items()}
        self._floating: dict[float, tuple[Image.Image, ImageDraw.ImageDraw]] = {}
        self._current = 0

    def begin(self, category: str) -> None:
        """What is drawn with a height from here to `end` belongs to one labelled object."""
        self.objects.append(Drawn(category))
        self._current = len(self.objects)

    def end(self) -> None:
        self._current = 0

    def resume(self, index: int) -> None:
        """Continues the labelled object with the given 1-based number."""
        self._current = index

    @property
    def current(self) -> int:
        """1-based number of the object being drawn, 0 for none."""
        return self._current

    def fill(
        self,
        frame: Frame,
        points: list[Point],
        colour: Colour | None,
        height: float | None = None,
        material: Material | None = None,
        floating: float | None = None,
    ) -> None:
        """Fills a polygon given in metres of `frame`.

        With `height` (metres above ground) it is a body: it covers objects below, takes their place among the visible
        pixels and casts a shadow from the ground up. With `floating` it is a body whose shadow lies apart, as that of a
        girder does. With neither it is paint on what is there.
        """
        pixels = frame.points(points)
        if self._current and (height is not None or floating is not None):
            self.objects[self._current - 1].outlines.append(pixels)
        if not self._touches(pixels):
            return
        if colour is not None:
            self._draw["colour"].polygon(pixels, fill=colour)
        if material is not None or height is not None or floating is not None:
            self._draw["material"].polygon(pixels, fill=int(material or Material.PAINT))
        if height is not None:
            self._draw["height"].polygon(pixels, fill=min(255, round(height / HEIGHT_STEP)))
        if floating is not None:
            self._floating_layer(floating).polygon(pixels, fill=255)
        if height is not None or floating is not None:
            self._draw["object"].polygon(pixels, fill=self._current)

    def rect(self, frame: Frame, x0: float, y0: float, x1: float, y1: float, colour: Colour | None, **kind) -> None:
        """Fills an axis-parallel rectangle of `frame`; keywords as `fill`."""
        self.fill(frame, rectangle(x0, y0, x1, y1), colour, **kind)

    def circle(self, frame: Frame, x: float, y: float, radius: float, colour: Colour | None, **kind) -> None:
        """Fills a disc; keywords as `fill`."""
        self.fill(frame, disc(x, y, radius, 12 if radius * frame.scale < 12 else 28), colour, **kind)

    def line(self, frame: Frame, a: Point, b: Point, width: float, colour: Colour | None, **kind) -> None:
        """Fills a straight bar of the given width in metres; keywords as `fill`."""
        self.fill(frame, beam(a, b, width), colour, **kind)

    def foam(self, frame: Frame, points: list[Point], strength: int) -> None:
        """White water inside a polygon, 0 to 255."""
        self._draw["foam"].polygon(frame.points(points), fill=strength)

    def stain(self, frame: Frame, points: list[Point], level: int) -> None:
        """Darkens (level below 128) or brightens (above) the ground inside a polygon; its edge will be soft."""
        self._draw["stain"].polygon(frame.points(points), fill=level)

    def array(self, layer: str) -> np.ndarray:
        """One layer as an array, margins included."""
        return np.asarray(self._images[layer])

    def image(self, layer: str) -> Image.Image:
        return self._images[layer]

    def floating(self) -> dict[float, np.ndarray]:
        """Masks of bodies that hang in the air, by height in metres."""
        return {height: np.asarray(image) > 0 for height, (image, _) in self._floating.items()}

    def _floating_layer(self, height: float) -> ImageDraw.ImageDraw:
        if height not in self._floating:
            image = Image.new("L", self.size)
            self._floating[height] = (image, ImageDraw.Draw(image))
        return self._floating[height][1]

    def _touches(self, pixels: list[Point]) -> bool:
        xs, ys = [p[0] for p in pixels], [p[1] for p in pixels]
        return max(xs) >= 0 and max(ys) >= 0 and min(xs) <= self.size[0] and min(ys) <= self.size[1]
