"""The same work as Focal Lens, done by torchvision, for timing side by side.

usage: torch_worker.py make FOLDER [MODEL...] writes r50.pth, r50.json, scene.png and scene.xml (seeded) to FOLDER
       torch_worker.py serve MODEL FOLDER [DEVICE [PRECISION [OUTPUTS]]]
                                              one thread; per line on standard input analyses scene.png once and
                                              prints its seconds: {"decode", "prepare", "forward", "loss", "detect"} by the clock,
                                              and {"processor"} for forward and loss together, and its losses; the first
                                              time also writes logits, then deltas, to the file OUTPUTS as float32
MODEL is r50, r50v2 or r18; DEVICE cpu or cuda; PRECISION float32 or tf32. Needs torchvision 0.14 or later, such as
Debian's python3-torchvision.
"""
import json
import sys
import time
import xml.etree.ElementTree as ET

import numpy as np
import torch
from PIL import Image
from torchvision.models import resnet18
from torchvision.models.detection import RetinaNet, retinanet_resnet50_fpn, retinanet_resnet50_fpn_v2
from torchvision.models.detection.backbone_utils import BackboneWithFPN
from torchvision.models.detection.retinanet import _default_anchorgen
from torchvision.ops import boxes as box_ops
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

WIDTH, HEIGHT = 1066, 800  # stays as it is at minSize 800 and pads to 1088 x 800


def build(kind):
    if kind == "r50":
        return retinanet_resnet50_fpn(weights=None, weights_backbone=None, num_classes=91)
    if kind == "r50v2":
        return retinanet_resnet50_fpn_v2(weights=None, weights_backbone=None, num_classes=91)
    body = BackboneWithFPN(
        resnet18(weights=None), {"layer2": "0", "layer3": "1", "layer4": "2"}, [128, 256, 512], 64, LastLevelP6P7(64, 64)
    )
    return RetinaNet(body, 91, anchor_generator=_default_anchorgen())


def make(folder, kinds):
    torch.manual_seed(1)
    for kind in kinds:
        model = build(kind)
        # Spread the logits of the fresh head, so that detections and hard examples exist.
        torch.nn.init.normal_(model.head.classification_head.cls_logits.weight, std=0.15)
        torch.save(model.state_dict(), f"{folder}/{kind}.pth")
        names = ["__background__"] + [f"class {i}" for i in range(1, 91)]
        json.dump({"classes": names}, open(f"{folder}/{kind}.json", "w"))
    rng = np.random.default_rng(1)
    low = rng.integers(0, 256, (HEIGHT // 20, WIDTH // 20, 3), dtype=np.uint8)
    picture = np.asarray(Image.fromarray(low).resize((WIDTH, HEIGHT), Image.BICUBIC)).astype(np.int16)
    picture = np.clip(picture + rng.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)
    Image.fromarray(picture).save(f"{folder}/scene.png")
    objects = ""
    for _ in range(20):
        w, h = rng.integers(24, 320, 2)
        x, y = rng.integers(0, WIDTH - w), rng.integers(0, HEIGHT - h)
        objects += (
            f"<object><name>class {rng.integers(1, 91)}</name><bndbox><xmin>{x}</xmin><ymin>{y}</ymin>"
            f"<xmax>{x + w}</xmax><ymax>{y + h}</ymax></bndbox></object>\n"
        )
    with open(f"{folder}/scene.xml", "w") as f:
        f.write(f"<annotation><filename>scene.png</filename>\n{objects}</annotation>\n")


def serve(kind, folder, device="cpu", precision="float32", outputs=None):
    torch.set_num_threads(1)
    if device == "cuda" and not torch.cuda.is_available():
        sys.exit("PyTorch finds no CUDA device")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.benchmark = True
    model = build(kind)
    model.load_state_dict(torch.load(f"{folder}/{kind}.pth", map_location="cpu"))
    model.eval().to(device)
    print(torch.cuda.get_device_name() if device == "cuda" else "CPU", torch.__version__, flush=True)
    for _ in sys.stdin:
        seconds = {}
        processor = {}
        last = time.perf_counter(), time.process_time()

        def lap(name):
            nonlocal last
            if device == "cuda":
                torch.cuda.synchronize()
            now = time.perf_counter(), time.process_time()
            seconds[name], processor[name] = now[0] - last[0], now[1] - last[1]
            last = now

        with torch.no_grad():
            image = Image.open(f"{folder}/scene.png").convert("RGB")
            x = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).float() / 255
            boxes, labels = [], []
            for o in ET.parse(f"{folder}/scene.xml").getroot().iter("object"):
                b = o.find("bndbox")
                boxes.append([float(b.find(k).text) for k in ("xmin", "ymin", "xmax", "ymax")])
                labels.append(int(o.find("name").text.split()[1]))
            lap("decode")
            images, targets = model.transform(
                [x.to(device)], [{"boxes": torch.tensor(boxes).to(device), "labels": torch.tensor(labels).to(device)}]
            )
            lap("prepare")
            features = list(model.backbone(images.tensors).values())
            head = model.head(features)
            lap("forward")
            anchors = model.anchor_generator(images, features)
            matched = [model.proposal_matcher(box_ops.box_iou(targets[0]["boxes"], anchors[0]))]
            losses = model.head.compute_loss(targets, head, anchors, matched)
            lap("loss")
            counts = [f.shape[-2] * f.shape[-1] * 9 for f in features]
            split = {k: list(v.split(counts, dim=1)) for k, v in head.items()}
            model.postprocess_detections(split, [list(anchors[0].split(counts))], images.image_sizes)
            lap("detect")
        seconds["processor"] = processor["forward"] + processor["loss"]
        seconds["classification"] = float(losses["classification"])
        seconds["bbox_regression"] = float(losses["bbox_regression"])
        if outputs is not None:
            with open(outputs, "wb") as f:
                for name in ("cls_logits", "bbox_regression"):
                    f.write(head[name].float().cpu().numpy().tobytes())
            outputs = None
        print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3:] or ("r50", "r18"))
    else:
        serve(*sys.argv[2:])
