"""Procedural scenes of a harbour seen from above, with exact bounding boxes."""
