"""Palettes and small operations on sRGB colours."""

from __future__ import annotations

import random

Colour = tuple[int, int, int]

CARS: tuple[tuple[Colour, int], ...] = (
    ((226, 228, 229), 24), ((176, 180, 184), 16), ((110, 114, 118), 14), ((38, 40, 44), 18), ((148, 32, 30), 9),
    ((36, 62, 122), 9), ((70, 116, 160), 4), ((196, 186, 164), 3), ((52, 84, 60), 2), ((214, 170, 46), 2),
)  # fmt: skip

CONTAINERS: tuple[tuple[Colour, int], ...] = (
    ((158, 166, 172), 12), ((196, 148, 62), 11), ((44, 106, 70), 9), ((206, 98, 38), 9), ((188, 52, 106), 6),
    ((32, 52, 104), 13), ((214, 216, 214), 8), ((150, 40, 36), 12), ((112, 62, 46), 11), ((52, 110, 158), 9),
)  # fmt: skip

HULLS: tuple[tuple[Colour, int], ...] = (
    ((34, 44, 66), 5), ((118, 36, 34), 5), ((42, 44, 46), 5), ((36, 84, 128), 3), ((214, 214, 208), 3),
    ((40, 88, 74), 2), ((170, 84, 40), 2),
)  # fmt: skip

DECKS: tuple[tuple[Colour, int], ...] = (
    ((134, 66, 54), 5), ((82, 118, 96), 5), ((128, 132, 130), 4), ((94, 98, 104), 3), ((70, 100, 128), 2),
)  # fmt: skip

ROOFS: tuple[tuple[Colour, int], ...] = (
    ((164, 168, 170), 6), ((196, 196, 190), 5), ((120, 126, 132), 5), ((134, 82, 66), 4), ((92, 112, 132), 4),
    ((108, 116, 98), 2), ((150, 134, 110), 3), ((84, 80, 78), 3),
)  # fmt: skip


def pick(rng: random.Random, palette: tuple[tuple[Colour, int], ...], spread: float = 0.07) -> Colour:
    """A weighted choice from a palette, a little off its nominal colour."""
    colours, weights = zip(*palette)
    return jitter(rng, rng.choices(colours, weights)[0], spread)


def jitter(rng: random.Random, colour: Colour, spread: float) -> Colour:
    """Common brightness change of about `spread`, and a quarter of it per channel."""
    common = 1 + rng.gauss(0, spread)
    return clip(*(channel * (common + rng.gauss(0, spread / 4)) for channel in colour))


def shade(colour: Colour, factor: float) -> Colour:
    return clip(*(channel * factor for channel in colour))


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b."""
    return clip(*(x + (y - x) * share for x, y in zip(a, b)))


def clip(*channels: float) -> Colour:
    r, g, b = (max(0, min(255, round(channel))) for channel in channels)
    return r, g, b
