"""The images of the golden cases, made from seeded noise and shapes; each exercises one property of image files."""
import os
import struct
import zlib

import numpy as np
from PIL import Image


def picture(width, height, seed, noise=24):
    """Gradients, rectangles and noise: high frequencies, so that every resampling weight shows in the result."""
    random = np.random.RandomState(seed)
    y, x = np.mgrid[:height, :width]
    rgb = np.stack([x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)], 2)
    for _ in range(6):
        left, top = random.randint(0, width), random.randint(0, height)
        rgb[top : top + height // 3, left : left + width // 4] = random.randint(0, 256, 3)
    return np.clip(rgb + random.randint(-noise, noise + 1, rgb.shape), 0, 255).astype(np.uint8)


def blocks(width, height, size, seed):
    """Flat blocks of colour: large in pixels, small as a file."""
    random = np.random.RandomState(seed)
    colours = random.randint(0, 256, (-(-height // size), -(-width // size), 3)).astype(np.uint8)
    return colours.repeat(size, 0).repeat(size, 1)[:height, :width]


def png16(samples, colour_type):
    """A 16-bit PNG, which PIL does not write."""
    height, width = samples.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def make_fixtures(folder):
    os.makedirs(folder, exist_ok=True)

    def save(name, image, **options):
        image.save(os.path.join(folder, name), **options)

    def rgb(*arguments, **options):
        return Image.fromarray(picture(*arguments, **options))

    save("landscape.png", rgb(83, 61, 1), optimize=True)
    save("portrait.png", rgb(54, 79, 2), optimize=True)
    save("square.png", rgb(64, 64, 3), optimize=True)
    save("tiny.png", rgb(30, 20, 4), optimize=True)
    # 257 x 256 keeps its size at a minimum of 256: one pixel more than a multiple of 32, and a scale of exactly 1.
    save("off-by-one.png", Image.fromarray(blocks(257, 256, 7, 5)), optimize=True)
    # The float32 scale of this size makes a minimum of 256 come out as 255.
    save("float32-scale.png", rgb(97, 82, 6), optimize=True)
    save("large.png", Image.fromarray(blocks(2400, 1600, 37, 7)), optimize=True)
    save("panorama.png", rgb(200, 60, 13), optimize=True)
    save("street.png", Image.fromarray(blocks(640, 480, 5, 8)), optimize=True)

    small = rgb(72, 48, 9)
    alpha = np.random.RandomState(10).randint(0, 256, (48, 72)).astype(np.uint8)
    alpha[:16] = 0
    rgba = Image.fromarray(np.dstack([np.asarray(small), alpha]))
    save("grey.png", small.convert("L"), optimize=True)
    save("grey-alpha.png", rgba.convert("LA"), optimize=True)
    save("rgba.png", rgba, optimize=True)
    palette = small.convert("P", palette=Image.ADAPTIVE, colors=40)
    save("palette.png", palette, optimize=True)
    save("palette-transparent.png", palette, transparency=bytes(range(0, 240, 6)))
    save("palette.gif", palette)
    save("jpeg420.jpg", small, quality=90)
    save("progressive.jpg", small, quality=85, progressive=True)
    save("grey.jpg", small.convert("L"), quality=90)
    orientation = Image.Exif()
    orientation[0x112] = 6
    save("exif-rotated.jpg", small, quality=90, exif=orientation)
    black = np.random.RandomState(11).randint(0, 180, (48, 72)).astype(np.uint8)
    save("cmyk.jpg", Image.fromarray(np.dstack([np.asarray(small), black]), mode="CMYK"), quality=92)
    save("lossy.webp", small, quality=80)
    save("lzw.tiff", small, compression="tiff_lzw")
    save("rotated.tiff", small, tiffinfo={0x112: 6}, compression="tiff_lzw")

    wide = np.random.RandomState(12).randint(0, 65536, (48, 72, 3)).astype(np.uint16)
    for name, samples, colour_type in (("rgb16.png", wide, 2), ("grey16.png", wide[..., 0], 0)):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(png16(samples, colour_type))
