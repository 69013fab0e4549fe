"""Bounding boxes from the layer that says which object a pixel shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .canvas import MARGIN, SUPERSAMPLING, Canvas

#: An object is labelled if at least this share of its silhouette is visible ...
SMALLEST_SHARE = 0.3
#: ... and its visible part has at least these sides and area in output pixels.
SMALLEST_SIDE = 7.0
SMALLEST_AREA = 40.0


@dataclass(frozen=True)
class Annotation:
    """A label: category name, box x, y, width, height and visible area, in output pixels."""

    category: str
    box: tuple[float, float, float, float]
    area: float


def annotate(canvas: Canvas) -> list[Annotation]:
    """Labels of all objects visible enough inside the output image, in drawing order."""
    border = MARGIN * SUPERSAMPLING
    shown = canvas.array("object")[border:-border, border:-border]
    rows, columns = shown.shape
    annotations = []
    for number, drawn in enumerate(canvas.objects, start=1):
        low_x, low_y, high_x, high_y = drawn.bounds()
        x0, y0 = max(0, low_x - border - 1), max(0, low_y - border - 1)
        x1, y1 = min(columns, high_x - border + 2), min(rows, high_y - border + 2)
        if x1 <= x0 or y1 <= y0:
            continue
        mask = shown[y0:y1, x0:x1] == number
        visible = int(mask.sum())
        if visible < SMALLEST_AREA * SUPERSAMPLING**2 or visible < SMALLEST_SHARE * drawn.area():
            continue
        # A lone pixel at a covered object's rim does not widen its box.
        xs, ys = np.flatnonzero(mask.sum(0) >= 2), np.flatnonzero(mask.sum(1) >= 2)
        if xs.size == 0 or ys.size == 0:
            continue
        left, top = (x0 + int(xs[0])) / SUPERSAMPLING, (y0 + int(ys[0])) / SUPERSAMPLING
        width, height = (int(xs[-1]) + 1 - int(xs[0])) / SUPERSAMPLING, (int(ys[-1]) + 1 - int(ys[0])) / SUPERSAMPLING
        if min(width, height) < SMALLEST_SIDE:
            continue
        annotations.append(Annotation(drawn.category, (left, top, width, height), visible / SUPERSAMPLING**2))
    return annotations
