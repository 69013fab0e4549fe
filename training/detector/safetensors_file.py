"""Reading and writing `.safetensors`: a JSON header with names, types, shapes and offsets, then the raw values."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_TYPES = {"F16": torch.float16, "F32": torch.float32, "I64": torch.int64}
_NAMES = {kind: name for name, kind in _TYPES.items()}


def write_safetensors(file: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Writes tensors of the types F16, F32 and I64."""
    header: dict[str, object] = {"__metadata__": metadata}
    parts, offset = [], 0
    for name, tensor in tensors.items():
        values = tensor.detach().cpu().contiguous().numpy().tobytes()
        header[name] = {
            "dtype": _NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(values)],
        }
        parts.append(values)
        offset += len(values)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def read_safetensors(file: Path) -> dict[str, Tensor]:
    """The tensors of a file as `write_safetensors` writes it, by name."""
    data = file.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        values = np.frombuffer(data[start:end], dtype=torch.empty(0, dtype=_TYPES[entry["dtype"]]).numpy().dtype)
        tensors[name] = torch.from_numpy(values.copy()).reshape(entry["shape"])
    return tensors
