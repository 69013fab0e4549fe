"""What the network and its model card must agree on."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Config:
    """Shape of the network, its anchors, and the size of its inputs."""

    #: Class column names; column 0 is torchvision's background.
    classes: tuple[str, ...]
    #: Channels of ResNet-18's first stage (64 in the original); each stage doubles them.
    width: int = 32
    #: Channels of the feature pyramid and the head.
    pyramid: int = 64
    #: 3x3 convolutions of each head branch before its output.
    head_depth: int = 3
    #: Smallest anchor side at P3; each level doubles it and has it in steps of a third of an octave.
    smallest_anchor: int = 16
    aspect_ratios: tuple[float, ...] = (0.4, 1.0, 2.5)
    min_size: int = 480
    max_size: int = 640
    box_loss: str = "giou"

    @property
    def anchor_sizes(self) -> tuple[tuple[int, ...], ...]:
        """Anchor sizes in pixels of P3 to P7."""
        bases = [self.smallest_anchor * 2**level for level in range(5)]
        return tuple(tuple(int(base * 2 ** (step / 3)) for step in range(3)) for base in bases)

    def to_dict(self) -> dict:
        return asdict(self)

    @staticmethod
    def from_dict(values: dict) -> Config:
        return Config(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
