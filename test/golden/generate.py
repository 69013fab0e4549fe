#!/usr/bin/python3
"""Writes the golden files of the parity tests: what torchvision computes for small images, weights by formula.

usage: npm run golden [-- NAME...]       or: /usr/bin/python3 test/golden/generate.py [NAME...]

Needs Debian's python3-torchvision (0.14.1) and python3-pil. Writes images/*, images.json, models.json, sizes.json,
detections.json and cases/NAME.json, or of the cases only those named. Boxes are x1, y1, x2, y2; arrays are in (level,
y, x, anchor) order. Long arrays are kept as a sum and a strided sample (base64 of little-endian float32); what has to
be equal to the last bit, as a SHA-256 of its bytes beside.
"""
import base64
import hashlib
import json
import math
import os
import sys

import numpy as np
import torch
from PIL import Image
from torchvision.models import resnet18, resnet50, resnet101
from torchvision.models.detection import RetinaNet, retinanet_resnet50_fpn, retinanet_resnet50_fpn_v2
from torchvision.models.detection import _utils as det_utils
from torchvision.models.detection.backbone_utils import BackboneWithFPN, resnet_fpn_backbone
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.transform import _resize_image_and_masks
from torchvision.ops import boxes as box_ops
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

from fixtures import make_fixtures
from formula import formula_state_dict, uniform

FOLDER = os.path.dirname(os.path.abspath(__file__))

MODELS = {
    "resnet18": dict(salt="resnet18/4", block="basic", blocks=[2, 2, 2, 2], channels=64, classes=4, p6From="p5",
                     headNorm="none", counters=True, classGain=0.6, classBias=-5.0, boxGain=0.2),
    "resnet50": dict(salt="resnet50/3", block="bottleneck", blocks=[3, 4, 6, 3], channels=256, classes=5, p6From="p5",
                     headNorm="none", counters=True, classGain=0.45, classBias=-5.0, boxGain=0.15),
    "resnet50-v2": dict(salt="resnet50-v2/0", block="bottleneck", blocks=[3, 4, 6, 3], channels=256, classes=6,
                        p6From="c5", headNorm="group", counters=True, classGain=1.2, classBias=-5.0, boxGain=0.4),
    "resnet101": dict(salt="resnet101/7", block="bottleneck", blocks=[3, 4, 23, 3], channels=256, classes=3,
                      p6From="p5", headNorm="none", counters=False, classGain=0.25, classBias=-5.0, boxGain=0.1),
    # Small variances, so that an epsilon of 1e-5 would show.
    "resnet50-frozen": dict(salt="resnet50-frozen/0", block="bottleneck", blocks=[3, 4, 6, 3], channels=256, classes=4,
                            p6From="p5", headNorm="none", counters=False, classGain=0.45, classBias=-5.0, boxGain=0.15,
                            normScale=1 / 32, batchNormEps=0.0),
}

# Score and IoU thresholds of the detections, torchvision's defaults first. A case takes the first pair with which no
# detection hangs by a thread: another runtime's rounding must not decide.
THRESHOLDS = [(score, iou) for score in (0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3)
              for iou in (0.5, 0.45, 0.55, 0.4)]

# Scale 1, so that placement decides about ties to the bit; too small for the thresholds, so that the low-quality rule
# decides: between two anchor centres of P3, between four, on one, and between two with an IoU that would be ignored.
TIES = [([94, 90, 106, 102], 1), ([156, 156, 172, 172], 2), ([58, 192, 70, 212], 3), ([201, 85, 223, 107], 1)]
IDENTICAL = [([60, 70, 130, 150], 1), ([60, 70, 130, 150], 2), ([150, 40, 220, 120], 3), ([150, 40, 220, 120], 3)]
# Smaller than any anchor: IoU far below the thresholds, the same with every anchor of the smallest shape around it.
SMALL = [([120.25, 96.5, 123.75, 99.5], 1)]
OUTSIDE = [
    ([-20, -10, 25, 30], 1),
    ([60, 40, 110, 90], 2),
    # Wholly outside but overlapping anchors, which are not clipped to the image.
    ([85, 20, 100, 35], 3),
    # No anchor overlaps the last one. torchvision's low-quality rule would match every anchor of IoU 0, its best,
    # and make the whole image foreground; such labels are left out here as the product leaves them out.
    ([4000, 4000, 4100, 4100], 1),
]


def case(model, image, labels="many", box_loss="l1", beta=1.0, sizes=(256, 427), layouts=("present",)):
    return dict(model=model, image=image, labels=labels, boxLoss=box_loss, boxLossBeta=beta, sizes=sizes,
                layouts=layouts)


CASES = {
    # Shapes and file formats.
    "landscape": case("resnet18", "landscape.png"),
    "portrait": case("resnet18", "portrait.png"),
    "square": case("resnet18", "square.png"),
    "off-by-one": case("resnet18", "off-by-one.png"),
    "float32-scale": case("resnet18", "float32-scale.png"),
    "tiny": case("resnet18", "tiny.png"),
    "large": case("resnet18", "large.png"),
    # The longer side decides about the scale.
    "panorama": case("resnet18", "panorama.png"),
    "grey": case("resnet18", "grey.png"),
    "palette": case("resnet18", "palette.png"),
    "rgba": case("resnet18", "rgba.png"),
    "cmyk": case("resnet18", "cmyk.jpg"),
    "exif-rotated": case("resnet18", "exif-rotated.jpg"),
    "rgb16": case("resnet18", "rgb16.png"),
    "grey16": case("resnet18", "grey16.png"),
    # Labels.
    "labels-none": case("resnet18", "off-by-one.png", []),
    "labels-small": case("resnet18", "off-by-one.png", SMALL),
    "labels-outside": case("resnet18", "landscape.png", OUTSIDE),
    "labels-ties": case("resnet18", "off-by-one.png", TIES),
    "labels-identical": case("resnet18", "off-by-one.png", IDENTICAL),
    # Box losses.
    "smooth-l1": case("resnet18", "landscape.png", box_loss="smooth_l1"),
    "smooth-l1-beta": case("resnet18", "landscape.png", box_loss="smooth_l1", beta=1 / 9),
    "giou": case("resnet18", "landscape.png", box_loss="giou"),
    # Architectures.
    "resnet50": case("resnet50", "landscape.png", layouts=("present", "former")),
    "resnet50-800": case("resnet50", "street.png", sizes=(800, 1333)),
    "resnet50-v2": case("resnet50-v2", "portrait.png", box_loss="giou"),
    "resnet101": case("resnet101", "landscape.png"),
    # Frozen batch norms with epsilon 0, as torchvision builds it for its own COCO_V1 weights.
    "resnet50-frozen": case("resnet50-frozen", "portrait.png"),
}


def build(name, sizes):
    spec = MODELS[name]
    options = dict(num_classes=spec["classes"], min_size=sizes[0], max_size=sizes[1])
    if name == "resnet50":
        return retinanet_resnet50_fpn(weights=None, weights_backbone=None, **options)
    if name == "resnet50-v2":
        return retinanet_resnet50_fpn_v2(weights=None, weights_backbone=None, **options)
    if name in ("resnet101", "resnet50-frozen"):
        # The usual recipe: frozen batch norms, P6 from P5.
        backbone = resnet_fpn_backbone(backbone_name=name.split("-")[0], weights=None, returned_layers=[2, 3, 4],
                                       extra_blocks=LastLevelP6P7(256, 256))
        model = RetinaNet(backbone, **options)
        if "batchNormEps" in spec:
            det_utils.overwrite_eps(model, spec["batchNormEps"])
            assert model.backbone.body.bn1.eps == spec["batchNormEps"]
        return model
    channels = spec["channels"]
    backbone = BackboneWithFPN(resnet18(weights=None), {"layer2": "0", "layer3": "1", "layer4": "2"}, [128, 256, 512],
                               channels, LastLevelP6P7(channels, channels))
    return RetinaNet(backbone, **options)


def formula_weights(model, name):
    shapes = {key: tuple(value.shape) for key, value in model.state_dict().items() if value.is_floating_point()}
    return formula_state_dict(shapes, MODELS[name])


def former_layout(key):
    """The key of the same tensor in checkpoints of torchvision before 0.13."""
    for block in ("inner_blocks", "layer_blocks"):
        for level in range(3):
            key = key.replace(f"{block}.{level}.0.", f"{block}.{level}.")
    for index in range(4):
        key = key.replace(f"_head.conv.{index}.0.", f"_head.conv.{2 * index}.")
    return key


def load(model, weights, layout):
    tensors = {key: torch.from_numpy(value) for key, value in weights.items()}
    if layout == "former":
        tensors = {former_layout(key): value for key, value in tensors.items()}
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    assert not unexpected, unexpected
    assert all(key.endswith("num_batches_tracked") for key in missing), missing
    return model.eval()


def open_rgb(path):
    image = Image.open(path)
    if image.mode.startswith("I"):
        # PIL clips 16-bit grey to 255; the product keeps the high byte, as PIL does for 16-bit RGB.
        return Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")


def many_labels(width, height, classes):
    """Boxes of all sizes and shapes, some of them crowded, a few nearly covering the image."""
    random = np.random.RandomState(width * 1009 + height)
    labels = []
    for _ in range(14):
        w, h = width * random.uniform(0.04, 0.9) ** 1.5, height * random.uniform(0.04, 0.9) ** 1.5
        x, y = random.uniform(0, width - w), random.uniform(0, height - h)
        labels.append(([round(v, 2) for v in (x, y, x + w, y + h)], int(random.randint(1, classes))))
    return labels


def tensor_of(image):
    return torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).contiguous().float() / 255


def digest(array, dtype):
    return hashlib.sha256(np.ascontiguousarray(array, dtype=dtype).tobytes()).hexdigest()


def sample(array, about):
    flat = np.ascontiguousarray(array, dtype="<f4").reshape(-1)
    # An odd stride, no multiple of 3 either, meets all channels, columns and coordinates.
    stride = max(1, len(flat) // about)
    while stride > 1 and math.gcd(stride, 2 * 3 * 5 * 7) > 1:
        stride += 1
    return dict(length=len(flat), stride=stride, sum=float(flat.sum(dtype=np.float64)),
                values=base64.b64encode(flat[::stride].tobytes()).decode())


def per_anchor_losses(logits, labels, matched):
    target = torch.zeros_like(logits)
    foreground = matched >= 0
    target[foreground, labels[matched[foreground]]] = 1
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    p = logits.sigmoid()
    pt = p * target + (1 - p) * (1 - target)
    focal = (0.25 * target + 0.75 * (1 - target)) * (1 - pt) ** 2 * cross_entropy
    valid = matched != -2
    return (focal.sum(1) * valid).numpy(), (cross_entropy.sum(1) * valid).numpy()


def run(name, spec, model):
    image = open_rgb(os.path.join(FOLDER, "images", spec["image"]))
    labels = many_labels(*image.size, MODELS[spec["model"]]["classes"]) if spec["labels"] == "many" else spec["labels"]
    boxes = torch.tensor([box for box, _ in labels], dtype=torch.float32).reshape(-1, 4)
    columns = torch.tensor([column for _, column in labels], dtype=torch.int64)
    x = tensor_of(image)
    with torch.no_grad():
        images, targets = model.transform([x], [dict(boxes=boxes.clone(), labels=columns)])
        features = list(model.backbone(images.tensors).values())
        head = model.head(features)
        anchors = model.anchor_generator(images, features)[0]
        count = len(anchors)
        best = torch.zeros(count)
        matched = torch.full((count,), -1)
        usable = torch.zeros(0, dtype=torch.int64)
        target = dict(boxes=targets[0]["boxes"][:0], labels=columns[:0])
        if len(labels):
            overlap = box_ops.box_iou(targets[0]["boxes"], anchors)
            usable = torch.where(overlap.max(1).values > 0)[0]
            target = dict(boxes=targets[0]["boxes"][usable], labels=columns[usable])
            best = overlap[usable].max(0).values
            matched = model.proposal_matcher(overlap[usable])
        model.head.regression_head._loss_type = spec["boxLoss"]
        losses = model.head.compute_loss([target], head, [anchors], [matched])
        if spec["boxLossBeta"] != 1:
            foreground = matched >= 0
            losses["bbox_regression"] = det_utils._box_loss(
                spec["boxLoss"], model.box_coder, anchors[foreground], target["boxes"][matched[foreground]],
                head["bbox_regression"][0][foreground], dict(beta=spec["boxLossBeta"])) / max(1, int(foreground.sum()))
        focal, cross_entropy = per_anchor_losses(head["cls_logits"][0], target["labels"], matched)
        detections = stable_detections(model, head, features, anchors, images, x.shape[-2:])

    # Label numbers of the file, not of the labels that were left in.
    label_of = np.append(usable.numpy(), [-2, -1])[matched.numpy()]
    logits, deltas = head["cls_logits"][0].numpy(), head["bbox_regression"][0].numpy()
    height, width = images.image_sizes[0]
    result = dict(
        name=name,
        model=spec["model"],
        layouts=list(spec["layouts"]),
        config=dict(minSize=spec["sizes"][0], maxSize=spec["sizes"][1], boxLoss=spec["boxLoss"],
                    boxLossBeta=spec["boxLossBeta"], scoreThreshold=model.score_thresh, nmsThreshold=model.nms_thresh,
                    **{key: MODELS[spec["model"]][key] for key in ("batchNormEps",) if key in MODELS[spec["model"]]}),
        image=dict(file=spec["image"], width=image.size[0], height=image.size[1],
                   sha256=digest(np.asarray(image), np.uint8)),
        labels=[dict(box=box, column=column, excluded=index not in usable.tolist())
                for index, (box, column) in enumerate(labels)],
        input=dict(width=width, height=height, paddedWidth=images.tensors.shape[3],
                   paddedHeight=images.tensors.shape[2], data=sample(images.tensors[0].numpy(), 500)),
        grids=[list(f.shape[-2:]) for f in features],
        anchors=dict(count=count, sha256=digest(anchors.numpy(), "<f4"), boxes=sample(anchors.numpy(), 100)),
        # Label number, -1 background, -2 ignored.
        matched=dict(sha256=digest(label_of, "<i4"), foreground=int((matched >= 0).sum()),
                     ignored=int((matched == -2).sum()), background=int((matched == -1).sum()),
                     perLabel=[int((label_of == index).sum()) for index in range(len(labels))],
                     iouSha256=digest(best.numpy(), "<f4"), iou=sample(best.numpy(), 200)),
        logits=sample(logits, 1000),
        deltas=sample(deltas, 1000),
        focal=sample(focal, 500),
        crossEntropy=sample(cross_entropy, 500),
        losses=dict(classification=float(losses["classification"]), boxRegression=float(losses["bbox_regression"])),
        detections=listed(detections),
    )
    print(f"{name}: logits {logits.mean():.2f} +- {logits.std():.2f}, deltas +- {deltas.std():.2f}, anchors {count}, "
          f"foreground {result['matched']['foreground']}, losses {result['losses']}, "
          f"detections {len(detections['scores'])} at {model.score_thresh}, {model.nms_thresh}", flush=True)
    return result


def stable_detections(model, head, *rest):
    for model.score_thresh, model.nms_thresh in THRESHOLDS:
        found = detect(model, head, *rest)
        if all(same(found, detect(model, jitter(head, seed), *rest)) for seed in range(6)):
            return found
    raise SystemExit("rounding decides about detections with every pair of thresholds")


def detect(model, head, features, anchors, images, original):
    """The evaluation branch of RetinaNet.forward after the head."""
    cells = [f.shape[2] * f.shape[3] * 9 for f in features]
    split = {key: list(value.split(cells, dim=1)) for key, value in head.items()}
    found = model.postprocess_detections(split, [list(anchors.split(cells))], images.image_sizes)
    return model.transform.postprocess(found, images.image_sizes, [tuple(original)])[0]


def jitter(head, seed, size=3e-5):
    """The head's outputs with errors as large as another runtime's."""
    generator = torch.Generator().manual_seed(seed)
    return {key: value + size * (2 * torch.rand(value.shape, generator=generator) - 1) for key, value in head.items()}


def same(a, b):
    """Whether two sets of detections agree but for rounding, so that no decision hangs by a thread."""
    if len(a["scores"]) != len(b["scores"]):
        return False
    keys = [sorted(zip(d["labels"].tolist(), d["boxes"].tolist())) for d in (a, b)]
    return all(p[0] == q[0] and max(abs(u - v) for u, v in zip(p[1], q[1])) < 0.05 for p, q in zip(*keys))


def dense_detections():
    """Detections of head outputs by formula, far more and far less of them than the network cases have."""
    results = []
    for name, low, high, classes, top, limit in (
            ("every term above the threshold", -2.5, 2.0, 3, 1000, 300),
            ("few terms, classes set apart by an offset", -9.0, -2.8, 4, 1000, 300),
            ("small limits", -5.0, 1.0, 2, 50, 20)):
        grids = [[16, 24], [8, 12], [4, 6], [2, 3], [1, 2]]
        padded, resized, original = (128, 192), (120, 185), (240, 333)
        model = build("resnet18", (256, 427)).eval()
        model.topk_candidates, model.detections_per_img = top, limit
        features = [torch.zeros(1, 1, *grid) for grid in grids]
        images = ImageList(torch.zeros(1, 3, *padded), [resized])
        anchors = model.anchor_generator(images, features)[0]
        count = len(anchors)
        logits = uniform(f"dense logits/{name}", count * classes, low, high)
        deltas = uniform(f"dense deltas/{name}", count * 4, -0.4, 0.4)
        head = dict(cls_logits=torch.from_numpy(logits).reshape(1, count, classes),
                    bbox_regression=torch.from_numpy(deltas).reshape(1, count, 4))
        # Some boxes would grow beyond the clamp of exp.
        head["bbox_regression"][0, ::97, 2:] += 5
        found = detect(model, head, features, anchors, images, original)
        assert all(same(found, detect(model, jitter(head, seed, 1e-6), features, anchors, images, original))
                   for seed in range(6)), name
        results.append(dict(
            name=name, low=low, high=high, classes=classes, topkPerLevel=top, detectionsPerImage=limit, grids=grids,
            padded=padded, resized=resized, original=original, detections=listed(found),
            candidates=int((head["cls_logits"].sigmoid() > 0.05).sum())))
        print(f"{name}: {results[-1]['candidates']} candidates, {len(found['scores'])} detections")
    return results


def listed(detections):
    return dict(boxes=[[round(float(v), 4) for v in box] for box in detections["boxes"]],
                scores=[round(float(v), 7) for v in detections["scores"]], columns=detections["labels"].tolist())


def describe_models():
    """What formulaCheckpoint.ts has to reproduce: names, shapes and values."""
    described = {}
    for name, spec in MODELS.items():
        model = build(name, (256, 427))
        tensors = sorted(model.state_dict().items())
        weights = formula_weights(model, name)
        starts = np.concatenate([weights[key].reshape(-1)[:64] for key, _ in tensors if key in weights])
        former = sorted(f"{former_layout(key)} {list(value.shape)}" for key, value in tensors)
        described[name] = dict(
            spec,
            parameters=sum(p.numel() for p in model.parameters()),
            tensors=len(tensors),
            namesSha256=lines_digest(f"{key} {list(value.shape)}" for key, value in tensors),
            formerNamesSha256=lines_digest(former) if spec["headNorm"] == "none" else None,
            # The first 64 elements of each tensor, by name.
            valuesSha256=digest(starts, "<f4"))
    return described


def lines_digest(lines):
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def decoded_images():
    """What PIL makes of each fixture: width, height and SHA-256 of the RGB bytes."""
    decoded = {}
    for name in sorted(os.listdir(os.path.join(FOLDER, "images"))):
        image = open_rgb(os.path.join(FOLDER, "images", name))
        decoded[name] = dict(width=image.size[0], height=image.size[1], sha256=digest(np.asarray(image), np.uint8))
    return decoded


def resized_sizes():
    """Width, height, minSize, maxSize, then width and height after resizing; the scale is float32."""
    random = np.random.RandomState(0)
    rows = []
    for index in range(600):
        w, h = (int(v) for v in random.randint(1, 2600, 2))
        minimum, maximum = [(800, 1333), (256, 427), (640, 640)][index % 3]
        image = torch.zeros(1, h, w)
        try:
            out, _ = _resize_image_and_masks(image, float(minimum), float(maximum))
        except RuntimeError:
            continue
        rows.append([w, h, minimum, maximum, out.shape[2], out.shape[1]])
    return rows


def write(path, value, indent=None):
    with open(os.path.join(FOLDER, path), "w") as file:
        json.dump(value, file, indent=indent)
        file.write("\n")


def main(wanted):
    torch.set_num_threads(os.cpu_count())
    make_fixtures(os.path.join(FOLDER, "images"))
    os.makedirs(os.path.join(FOLDER, "cases"), exist_ok=True)
    weights = {}
    for name, spec in CASES.items():
        if wanted and name not in wanted:
            continue
        kind, sizes, layouts = spec["model"], spec["sizes"], spec["layouts"]
        if kind not in weights:
            weights = {kind: formula_weights(build(kind, sizes), kind)}
        result = run(name, spec, load(build(kind, sizes), weights[kind], layouts[0]))
        for layout in layouts[1:]:
            assert run(name, spec, load(build(kind, sizes), weights[kind], layout)) == result, "the key layouts differ"
        write(f"cases/{name}.json", result)
    write("detections.json", dense_detections())
    write("images.json", decoded_images(), indent=2)
    write("models.json", describe_models(), indent=2)
    write("sizes.json", resized_sizes())


if __name__ == "__main__":
    main(sys.argv[1:])
