"""The data set's categories. Ids start at 1; in the detector they are the class columns after the background."""

CATEGORIES: tuple[str, ...] = ("car", "truck", "container", "boat", "ship", "tank", "crane", "helicopter")


def category_id(name: str) -> int:
    """COCO category id of a name: its 1-based position."""
    return CATEGORIES.index(name) + 1
