"""Measures average precision on the validation split.

    python3 evaluate.py --model ../examples/harbour/model.safetensors --data ~/.cache/harbour
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from detector.load import load_model
from detector.metric import average_precision, detect, table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, required=True, help="last.pth, or model.safetensors beside model.json")
    parser.add_argument("--data", type=Path, default=Path.home() / ".cache" / "harbour")
    parser.add_argument("--split", default="validation")
    parser.add_argument("--limit", type=int, help="only this many images")
    options = parser.parse_args()

    torch.set_flush_denormal(True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = load_model(options.model).to(device)
    folder = options.data / options.split
    results, ids = detect(model, folder, device, options.limit)
    print(f"{len(ids)} images, {len(results)} detections")
    print(table(average_precision(folder, results, ids)))
    every = average_precision(folder, results, ids, most=300)["all"]
    print(f"with up to 300 detections per image: AP {every['AP']:.3f}, AP50 {every['AP50']:.3f}")


if __name__ == "__main__":
    main()
