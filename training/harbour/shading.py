"""From layers to radiance: textures per material, water, stains, light and shadow."""

from __future__ import annotations

import random

import numpy as np
from PIL import Image, ImageFilter

from .canvas import SUPERSAMPLING, Canvas, Material
from .light import Light, occlusion, reduced, shadows
from .texture import fine, smooth, stretched

WATERS = ((44, 74, 86), (34, 62, 78), (62, 92, 88), (52, 80, 104), (74, 92, 84), (30, 52, 62))


def shade_scene(
    canvas: Canvas, light: Light, scale: float, rng: random.Random, noise: np.random.Generator
) -> np.ndarray:
    """Linear-looking colours in 0 to about 1, float32 [height, width, 3], at output resolution with margins."""
    colour = np.asarray(canvas.image("colour").reduce(SUPERSAMPLING), dtype=np.float32) / 255
    size = (colour.shape[1], colour.shape[0])
    material = canvas.array("material")
    cover = {kind: reduced(material == kind) for kind in Material if kind != Material.PAINT}
    coarse, medium, grain = smooth(noise, size, 70), smooth(noise, size, 9), fine(noise, size)
    spots = smooth(noise, size, 3.2)
    streaks = stretched(noise, size, 26, 3, rng.uniform(0, 3.14))
    texture = np.zeros_like(coarse)
    for kind, (a, b, c, d, e) in {
        Material.CONCRETE: (0.035, 0.022, 0.018, 0.015, 0.012),
        Material.ASPHALT: (0.04, 0.02, 0.03, 0.02, 0.012),
        Material.GRASS: (0.07, 0.07, 0.06, 0.08, 0.0),
        Material.GRAVEL: (0.04, 0.04, 0.07, 0.06, 0.0),
        Material.ROOF: (0.03, 0.015, 0.012, 0.01, 0.02),
        Material.FOLIAGE: (0.03, 0.07, 0.10, 0.12, 0.0),
    }.items():
        texture += cover[kind] * (a * coarse + b * medium + c * grain + d * spots + e * streaks)
    stain = canvas.image("stain").reduce(SUPERSAMPLING).filter(ImageFilter.GaussianBlur(0.9))
    ground = 1 - cover[Material.WATER]
    flat = reduced(canvas.array("height") == 0) * ground
    texture += flat * (np.asarray(stain, dtype=np.float32) / 128 - 1) * 0.62
    texture += 0.012 * grain
    colour = colour * (1 + texture)[..., None]
    colour = _add_water(canvas, colour, cover[Material.WATER], light, rng, noise, grain)
    return _illuminate(canvas, colour, light, scale, cover[Material.WATER])


def _add_water(canvas, colour, cover, light: Light, rng: random.Random, noise, grain) -> np.ndarray:
    """Water: depth variation, swell, ripples, glitter, foam."""
    size = (colour.shape[1], colour.shape[0])
    wind = rng.uniform(0, 3.14)
    base = np.array(rng.choice(WATERS), dtype=np.float32) / 255 * rng.uniform(0.85, 1.2)
    depth = 0.05 * smooth(noise, size, 260) + 0.022 * smooth(noise, size, 90) + 0.018 * smooth(noise, size, 30)
    patches = np.clip(0.8 + 0.22 * smooth(noise, size, 150) + 0.16 * smooth(noise, size, 45), 0.2, 1.5)
    swell = stretched(noise, size, rng.uniform(26, 44), rng.uniform(6, 9), wind)
    ripple = stretched(noise, size, 7, 2.3, wind + rng.gauss(0, 0.2))
    chop = stretched(noise, size, 3.6, 1.6, wind + rng.gauss(0, 0.5))
    rough = rng.uniform(0.5, 1.5)
    relief = rough * patches * (0.030 * swell + 0.036 * ripple + 0.03 * chop)
    water = base * (1 + depth + relief)[..., None]
    water += (
        np.clip(relief - 0.10, 0, 1)[..., None] * np.array((0.8, 0.9, 1.0), dtype=np.float32) * (0.8 + light.strength)
    )
    glitter = np.clip(ripple * 0.6 + chop * 0.7 + grain * 0.35 - 2.1, 0, 1) * rough * patches * light.strength * 0.22
    water += glitter[..., None]
    foam_layer = canvas.image("foam").reduce(SUPERSAMPLING).filter(ImageFilter.GaussianBlur(1.5))
    foam = np.asarray(foam_layer, dtype=np.float32) / 255
    foam = np.clip(foam * (0.85 + 0.25 * ripple + 0.35 * smooth(noise, size, 5) + 0.15 * chop), 0, 0.9)[..., None]
    water = water * (1 - foam) + foam * np.array((0.80, 0.84, 0.84), dtype=np.float32)
    return colour * (1 - cover[..., None]) + np.clip(water, 0, 1.2) * cover[..., None]


def _illuminate(canvas: Canvas, colour, light: Light, scale: float, water) -> np.ndarray:
    shadow = reduced(shadows(canvas, light, scale))
    soft = 0.5 if light.strength > 0.4 else 2.2
    blurred = Image.fromarray((shadow * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(soft))
    lit = 1 - np.asarray(blurred, dtype=np.float32) / 255 * (1 - 0.35 * water)
    sky = (1 - light.strength) * (1 - occlusion(canvas, scale))
    sun, ambient = np.array(light.sun, dtype=np.float32), np.array(light.sky, dtype=np.float32)
    irradiance = light.strength * lit[..., None] * sun + sky[..., None] * ambient
    return colour * irradiance * light.exposure
