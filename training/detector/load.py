"""Opens a detector for measuring: a training checkpoint, or exported weights with their model card."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torchvision.models.detection import RetinaNet

from .config import Config
from .model import build_model
from .safetensors_file import read_safetensors


def load_model(file: Path) -> RetinaNet:
    """The model of `last.pth`, or of `model.safetensors` beside `model.json`, in evaluation mode."""
    if file.suffix == ".safetensors":
        tensors = read_safetensors(file)
        card = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        config = config_of_card(card, tensors)
    else:
        saved = torch.load(file, map_location="cpu")
        tensors, config = saved["model"], Config.from_dict(saved["config"])
    model = build_model(config)
    model.load_state_dict(
        {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    )
    return model.eval()


def card_of_config(config: Config, description: str) -> dict:
    """The model card that Focal Lens reads."""
    return {
        "description": description,
        "classes": list(config.classes),
        "categoryIds": [None, *range(1, len(config.classes))],
        "minSize": config.min_size,
        "maxSize": config.max_size,
        "mean": [0.485, 0.456, 0.406],
        "std": [0.229, 0.224, 0.225],
        "anchorSizes": [list(sizes) for sizes in config.anchor_sizes],
        "aspectRatios": list(config.aspect_ratios),
        "boxLoss": config.box_loss,
    }


def config_of_card(card: dict, tensors: dict[str, torch.Tensor]) -> Config:
    """The card's settings with what only the tensors' shapes tell."""
    depth = sum(name.startswith("head.classification_head.conv.") and name.endswith(".weight") for name in tensors)
    return Config(
        classes=tuple(card["classes"]),
        width=tensors["backbone.body.conv1.weight"].shape[0],
        pyramid=tensors["backbone.fpn.layer_blocks.0.0.weight"].shape[0],
        head_depth=depth,
        smallest_anchor=card["anchorSizes"][0][0],
        aspect_ratios=tuple(card["aspectRatios"]),
        min_size=card["minSize"],
        max_size=card["maxSize"],
        box_loss=card["boxLoss"],
    )
