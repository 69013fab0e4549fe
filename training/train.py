"""Trains the detector on generated scenes.

    python3 train.py --data ~/.cache/harbour --out runs/harbour

One process per GPU, or, without a GPU, per `--processes`: convolutions this small keep one core busy better than they
keep two. Every process draws its own crops; gradients are averaged after each step.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import os
import time
from pathlib import Path

import torch
import torch.distributed as distributed
import torch.multiprocessing as multiprocessing
from torch import Tensor, nn
from torch.utils.data import DataLoader, RandomSampler

from detector.config import Config
from detector.data import CocoDataset, collate
from detector.metric import average_precision, detect, table
from detector.model import build_model, losses
from harbour.categories import CATEGORIES


class Average:
    """Exponential moving average of a model's weights and statistics, which is what is evaluated and kept."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for mine, theirs in zip(self.model.state_dict().values(), model.state_dict().values()):
            if mine.dtype.is_floating_point:
                mine.lerp_(theirs, 1 - decay)
            else:
                mine.copy_(theirs)


def learning_rate(progress: float, step: int, options: argparse.Namespace) -> float:
    """Linear warm-up over the first steps, then a cosine to a hundredth of the peak; `progress` goes from 0 to 1."""
    warm = min(1.0, (step + 1) / options.warm_up)
    return options.lr * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


def average_gradients(parameters: list[nn.Parameter], extra: Tensor) -> Tensor:
    """Averages all gradients over the processes, and the given vector with them, which is returned."""
    flat = torch.cat([parameter.grad.reshape(-1) for parameter in parameters] + [extra])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    offset = 0
    for parameter in parameters:
        count = parameter.numel()
        parameter.grad.copy_(flat[offset : offset + count].view_as(parameter))
        offset += count
    return flat[offset:]


def endless(loader: DataLoader):
    while True:
        yield from loader


def train(rank: int, world: int, options: argparse.Namespace) -> None:
    """The loop of one process; rank 0 measures, logs and saves."""
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    cuda = torch.cuda.is_available()
    device = torch.device("cuda", rank) if cuda else torch.device("cpu")
    if not cuda:
        torch.set_num_threads(options.threads)
    if world > 1:
        address = f"tcp://127.0.0.1:{options.port}"
        distributed.init_process_group("nccl" if cuda else "gloo", init_method=address, rank=rank, world_size=world)

    # While training, inputs are square crops, neither resized nor padded; the configuration kept is for whole images.
    config = Config(("__background__", *CATEGORIES))
    model = build_model(config).to(device).to(memory_format=torch.channels_last)
    model.transform.min_size, model.transform.max_size = (options.crop,), options.crop
    average = Average(model, options.ema)
    optimizer = torch.optim.AdamW(groups(model, options.decay), lr=options.lr)
    start, spent = 0, 0.0
    checkpoint_file = options.out / "last.pth"
    if options.resume and checkpoint_file.exists():
        saved = torch.load(checkpoint_file, map_location=device)
        model.load_state_dict(saved["current"])
        average.model.load_state_dict(saved["model"])
        average.updates = start = saved["step"]
        spent = saved["seconds"]
        optimizer.load_state_dict(saved["optimizer"])

    torch.manual_seed(options.seed * 1000 + rank + start)
    dataset = CocoDataset(options.data / "train", crop=options.crop)
    workers = min(8, (os.cpu_count() or 2) // world) if cuda else 0
    loader = DataLoader(
        dataset,
        options.batch,
        sampler=RandomSampler(dataset),
        collate_fn=collate,
        num_workers=workers,
        drop_last=True,
        persistent_workers=workers > 0,
    )
    batches = endless(loader)
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    began, shown, sums = time.monotonic(), time.monotonic(), torch.zeros(2)
    step = start
    while True:
        seconds = spent + time.monotonic() - began
        progress = step / options.steps
        if options.minutes:
            progress = max(progress, seconds / (60 * options.minutes))
        if world > 1:
            shared = torch.tensor([progress], device=device)
            distributed.broadcast(shared, 0)
            progress = float(shared)
        if rank == 0 and (progress >= 1 or step % options.save_every == 0) and step > start:
            save(checkpoint_file, model, average, optimizer, step, seconds, config)
            if progress >= 1 or (options.check and step % (2 * options.save_every) == 0):
                measure(average, config, options, device, progress >= 1)
        if progress >= 1:
            break
        rate = learning_rate(progress, step, options)
        for group in optimizer.param_groups:
            group["lr"] = rate
        model.train()
        images, targets = next(batches)
        images = [image.to(device) for image in images]
        targets = [{key: value.to(device) for key, value in target.items()} for target in targets]
        parts = losses(model, images, targets, autocast=options.bf16)
        loss = parts["classification"] + parts["bbox_regression"]
        optimizer.zero_grad(set_to_none=False)
        loss.backward()
        now = torch.stack([parts["classification"], parts["bbox_regression"]]).detach()
        if world > 1:
            now = average_gradients(parameters, now)
        norm = nn.utils.clip_grad_norm_(parameters, options.clip)
        if torch.isfinite(norm):
            optimizer.step()
            average.update(model)
        sums += now.cpu()
        step += 1
        if rank == 0 and step % options.log_every == 0:
            each = (time.monotonic() - shown) / options.log_every
            shown = time.monotonic()
            cls, box = (sums / options.log_every).tolist()
            done = f"step {step:6d}  {100 * progress:5.1f} %  lr {rate:.2e}"
            print(f"{done}  cls {cls:.3f}  box {box:.3f}  {each:.2f} s/step", flush=True)
            sums.zero_()
    if world > 1:
        distributed.barrier()
        distributed.destroy_process_group()


def groups(model: nn.Module, decay: float) -> list[dict]:
    """Parameter groups: weight decay for kernels only, not for biases and norms."""
    kernels = [p for p in model.parameters() if p.requires_grad and p.ndim > 1]
    others = [p for p in model.parameters() if p.requires_grad and p.ndim <= 1]
    return [{"params": kernels, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def save(file: Path, model: nn.Module, average: Average, optimizer, step: int, seconds: float, config: Config) -> None:
    """Writes a checkpoint: `model` is the averaged weights, the rest is for going on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    state = {
        "model": average.model.state_dict(),
        "config": config.to_dict(),
        "current": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
        "seconds": seconds,
    }
    torch.save(state, part)
    part.replace(file)


def measure(average: Average, config: Config, options: argparse.Namespace, device: torch.device, final: bool) -> None:
    """Prints AP on the validation split: on its first images midway, on all at the end."""
    model = build_model(config).to(device)
    model.load_state_dict(average.model.state_dict())
    folder = options.data / "validation"
    results, ids = detect(model, folder, device, None if final else options.check)
    rows = average_precision(folder, results, ids)
    print(table(rows), flush=True)
    if final:
        (options.out / "metrics.json").write_text(json.dumps(rows, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path.home() / ".cache" / "harbour")
    parser.add_argument("--out", type=Path, default=Path("runs/harbour"))
    parser.add_argument("--steps", type=int, default=3400)
    parser.add_argument("--minutes", type=float, help="end the schedule after this time if the steps take longer")
    parser.add_argument("--batch", type=int, default=4, help="crops per process and step")
    parser.add_argument("--crop", type=int, default=384)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--decay", type=float, default=0.02)
    parser.add_argument("--clip", type=float, default=5.0)
    parser.add_argument("--ema", type=float, default=0.997)
    parser.add_argument("--warm-up", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="processes when there is no GPU")
    parser.add_argument("--threads", type=int, default=1, help="threads of each process when there is no GPU")
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--check", type=int, default=0, help="images for a look at AP midway; 0 for none")
    parser.add_argument("--save-every", type=int, default=250)
    parser.add_argument("--log-every", type=int, default=25)
    parser.add_argument("--port", type=int, default=29517)
    options = parser.parse_args()
    world = torch.cuda.device_count() if torch.cuda.is_available() else options.processes
    if world > 1:
        multiprocessing.spawn(train, (world, options), nprocs=world)
    else:
        train(0, 1, options)


if __name__ == "__main__":
    main()
