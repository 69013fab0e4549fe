"""Writes losses.json: what torchvision computes for small tensors of the matcher, the focal loss and the box losses.

usage: /usr/bin/python3 test/golden/losses.py      (needs torchvision 0.14 or later)
"""
import json
from decimal import Decimal, getcontext
from pathlib import Path

import torch
from torchvision.models.detection._utils import BoxCoder, Matcher, _box_loss
from torchvision.ops import box_iou, sigmoid_focal_loss

getcontext().prec = 60
torch.manual_seed(20170807)


def exact_focal(logit, target, gamma, alpha):
    """The focal loss in 60 decimal digits, where float64 loses 1 - p_t to cancellation."""
    wrong = -Decimal(logit) if target else Decimal(logit)
    odds = wrong.exp()
    entropy = (1 + odds).ln()
    p = odds / (1 + odds)
    weight = Decimal(1) if alpha < 0 else Decimal(alpha) if target else 1 - Decimal(alpha)
    return float(weight * p ** Decimal(gamma) * entropy)


def focal_cases():
    logits = [-80, -50, -20, -12, -8, -4.59375, -1, -0.125, 0, 0.125, 1, 4, 8, 12, 20, 50, 80]
    parameters = [(0, 0.25), (0.5, 0.5), (1, 0.25), (2, 0.25), (2, -1), (3.5, 0.75), (5, -1)]
    cases = []
    for gamma, alpha in parameters:
        for target in (0, 1):
            x = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
            loss = sigmoid_focal_loss(x, torch.full_like(x, target), alpha=alpha, gamma=gamma)
            (gradient,) = torch.autograd.grad(loss.sum(), x)
            cases.append(dict(gamma=gamma, alpha=alpha, target=target, torchvision=loss.tolist(), gradient=[g if abs(v) <= 12 else None for v, g in zip(logits, gradient.tolist())],
                              exact=[exact_focal(v, target, gamma, alpha) for v in logits]))
    return dict(logits=logits, cases=cases)


def sum_cases():
    """Sums over the columns of each anchor in float64, as the classification head adds them up."""
    anchors, classes = 24, 5
    logits = (torch.randn(anchors, classes) * 4 - 2).double()
    targets = [(-1, -2, 0, 2, 4)[i % 5] for i in range(anchors)]
    one_hot = torch.zeros_like(logits)
    for i, t in enumerate(targets):
        if t >= 0: one_hot[i, t] = 1
    keep = torch.tensor([t != -2 for t in targets]).double()
    cases = []
    for gamma, alpha in [(2, 0.25), (0, -1), (0.5, 0.25), (1, 0.6), (3.5, 0.25)]:
        loss = sigmoid_focal_loss(logits, one_hot, alpha=alpha, gamma=gamma).sum(1) * keep
        cases.append(dict(gamma=gamma, alpha=alpha, focal=loss.tolist()))
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, one_hot, reduction='none').sum(1) * keep
    return dict(classes=classes, logits=logits.flatten().tolist(), targets=targets, crossEntropy=entropy.tolist(), cases=cases)


def random_boxes(count, extent, smallest, largest):
    corner = torch.rand(count, 2) * extent
    return torch.cat([corner, corner + smallest + torch.rand(count, 2) * (largest - smallest)], 1)


def box_cases():
    coder = BoxCoder((1.0, 1.0, 1.0, 1.0))
    labels = random_boxes(12, 300, 40, 200)
    anchors = labels + torch.randn(12, 4) * 6
    anchors[10:] += 900  # no overlap at all
    deltas = torch.randn(12, 4) * 0.3
    deltas[9, 2] = 9.0  # beyond the clamp of dw
    deltas[8] = coder.encode_single(labels[8:9], anchors[8:9])[0]  # a perfect prediction

    def losses(kind, config=None):
        rows = [slice(i, i + 1) for i in range(12)]
        return [float(_box_loss(kind, coder, anchors[r], labels[r], deltas[r], config)) for r in rows]

    return dict(anchors=anchors.flatten().tolist(), labels=labels.flatten().tolist(), deltas=deltas.flatten().tolist(),
                l1=losses('l1'), smooth=[dict(beta=b, losses=losses('smooth_l1', {'beta': b})) for b in (0.1, 1.0)],
                giou=losses('giou'))


def grid_anchors(rows, columns, stride, sizes):
    base = torch.tensor([[-w / 2, -h / 2, w / 2, h / 2] for w, h in sizes])
    y, x = torch.meshgrid(torch.arange(rows) * stride, torch.arange(columns) * stride, indexing='ij')
    shifts = torch.stack([x, y, x, y], -1).reshape(-1, 1, 4).float()
    return (shifts + base).reshape(-1, 4).float()


def match_cases():
    regular = grid_anchors(6, 7, 16, [(32, 32), (46, 22)])
    cases = []

    def add(name, anchors, labels, options):
        labels = torch.as_tensor(labels, dtype=torch.float32)
        quality = box_iou(labels, anchors)
        iou, best = quality.max(0)
        results = []
        for high, low, rule in options:
            matched = Matcher(high, low, rule)(quality)
            results.append(dict(fgIou=high, bgIou=low, allowLowQualityMatches=rule, matched=matched.tolist()))
        cases.append(dict(name=name, anchors=anchors.flatten().tolist(), labels=labels.flatten().tolist(), iou=iou.tolist(),
                          best=best.tolist(), labelIou=quality.max(1).values.tolist(), results=results))

    options = [(0.5, 0.4, True), (0.5, 0.4, False), (0.7, 0.3, True), (0.6, 0.6, True), (0.35, 0.1, True), (0.99, 0.01, True)]
    add('random labels over a grid', regular, random_boxes(7, 70, 12, 60), options)
    # Labels between grid points and smaller than any anchor have the same IoU with several anchors.
    add('ties', regular, [[36, 36, 44, 44], [32, 16, 64, 48], [40, 40, 56, 56], [40, 40, 56, 56]], options)
    # The best anchors of the nested label belong to the label around it.
    add('nested labels', regular, [[16, 16, 48, 48], [20, 20, 44, 44], [30, 30, 34, 34]], options)
    add('outside the image, still overlapping', regular, [[-30, -30, -4, -4], [90, 70, 300, 200]], options)
    # IoUs on the thresholds: equal boxes cut to 0.5, 0.4, 0.7 of their width.
    add('on the thresholds', torch.tensor([[0, 0, 10, 10.0], [0, 0, 20, 10], [0, 0, 25, 10], [0, 0, 7, 10], [50, 50, 60, 60]]),
        [[0, 0, 10, 10]], [(0.5, 0.4, True), (0.7, 0.4, False), (0.7, 0.5, False), (0.4, 0.4, False)])
    add('random anchors', random_boxes(60, 200, 5, 90), random_boxes(9, 200, 5, 90), options)
    return cases


if __name__ == '__main__':
    document = dict(focal=focal_cases(), sums=sum_cases(), boxes=box_cases(), matching=match_cases())
    Path(__file__).with_suffix('.json').write_text(json.dumps(document, separators=(',', ':'), allow_nan=False) + '\n')
