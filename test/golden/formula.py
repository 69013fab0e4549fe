"""Weights by formula: every element of every tensor follows from the model's salt, the tensor's name and the
element's index, so that Python and TypeScript (test/unit/parity/formulaCheckpoint.ts) make the same bits and no
weights need to be kept.

value = low + (high - low) * hash / 2^32 in float64, rounded to float32; hash is the finaliser of MurmurHash3 over
FNV-1a of "salt/name" plus index * 0x9E3779B9, all modulo 2^32. The ranges keep activations of order one through
101 layers: He's for convolutions before a ReLU, variance-preserving ones elsewhere, and a small scale on the last
norm of every residual branch.
"""
import math

import numpy as np


def fnv1a(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def uniform(name, size, low, high):
    with np.errstate(over="ignore"):
        x = np.uint32(fnv1a(name)) + np.arange(size, dtype=np.uint32) * np.uint32(0x9E3779B9)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> np.uint32(13)
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> np.uint32(16)
    return (low + (high - low) * (x.astype(np.float64) / 4294967296)).astype(np.float32)


def value_range(name, shape, model):
    """Range of a tensor's elements by its name in torchvision's present key layout."""
    last_norm = "bn2" if model["block"] == "basic" else "bn3"
    # The variances' square root and the weights scale alike, which changes nothing but what an epsilon weighs.
    scale = model.get("normScale", 1)
    if name.endswith("running_var"):
        return 0.5 * scale**2, 1.5 * scale**2
    if len(shape) == 4:
        fan_in = shape[1] * shape[2] * shape[3]
        if name.endswith("cls_logits.weight"):
            bound = model["classGain"] * math.sqrt(3 / fan_in)
        elif name.endswith("bbox_reg.weight"):
            bound = model["boxGain"] * math.sqrt(3 / fan_in)
        elif ".fpn." in name or "downsample" in name:
            bound = math.sqrt(3 / fan_in)
        else:
            bound = math.sqrt(6 / fan_in)
        return -bound, bound
    if name.endswith("cls_logits.bias"):
        return model["classBias"] - 0.5, model["classBias"] + 0.5
    if name.endswith(".weight"):
        low, high = (0.1, 0.3) if f".{last_norm}." in name else (0.8, 1.2)
        return low * scale, high * scale
    return -0.1, 0.1


def formula_state_dict(shapes, model):
    """Arrays for `shapes`, a dict of name to shape; integer counters are left out."""
    return {
        name: uniform(f"{model['salt']}/{name}", math.prod(shape), *value_range(name, shape, model)).reshape(shape)
        for name, shape in shapes.items()
    }
