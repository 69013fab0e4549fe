"""Writes a checkpoint's averaged weights as `.safetensors`, kernels in F16, with the model card beside them.

    python3 export.py --checkpoint runs/harbour/last.pth --out ../examples/harbour/model.safetensors
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from detector.config import Config
from detector.load import card_of_config
from detector.safetensors_file import write_safetensors


def card_text(card: dict) -> str:
    """A card as JSON with a key a line, and the anchor sizes with a level a line."""
    rows = []
    for key, value in card.items():
        text = json.dumps(value)
        if isinstance(value, list) and isinstance(value[0], list):
            text = "[\n" + ",\n".join(f"    {json.dumps(entry)}" for entry in value) + "\n  ]"
        rows.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    saved = torch.load(options.checkpoint, map_location="cpu")
    config = Config.from_dict(saved["config"])
    # Biases and batch norm stay in F32: they are few, and their relative error would scale whole channels.
    tensors = {name: tensor.half() if tensor.ndim > 1 else tensor for name, tensor in saved["model"].items()}
    write_safetensors(options.out, tensors, {"format": "pt"})
    description = f"RetinaNet on a ResNet-18 {config.width} wide, trained on generated harbour scenes."
    card = card_of_config(config, description)
    options.out.with_suffix(".json").write_text(card_text(card), encoding="utf-8")
    print(
        f"{options.out}: {options.out.stat().st_size} bytes, step {saved['step']}, {saved['seconds'] / 60:.0f} minutes"
    )


if __name__ == "__main__":
    main()
