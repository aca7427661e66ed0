#!/usr/bin/env python3
"""Compares the training loop with a plain Python loop, at mini scale without augmentor.

1. The program saves its initial weights and first batches. From these the Python loop must compute
   the same losses: the first eight. Later ones show how rounding grows at this learning rate.
2. Both loops train on photographs decoded from files, in turns on the same machine, with as many
   threads for tensor operations as there are cores. Printed are the pictures per second of each, and
   their ratio.

Exits with 0 when the losses agree and the ratio is at least 1.8, else with 1.

Needs torch 2.11.0 (the wheel that ci/setup installs, whole), torchvision 0.26.0 and Pillow:
  python3 -m venv V && V/bin/pip install torch==2.11.0 torchvision==0.26.0
  V/bin/python ci/compare/python_loop.py --data-dir FOLDER   # FOLDER/imagenette96/train/<class>/
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import time

import torch
import torchvision
from torch import nn
from torchvision import transforms

from saved_tensors import read_safetensors

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The recipe of the mini scale, as in experiments/scales/mini.json.
SIZE_PX, BATCH, EPOCHS, LR, MOMENTUM, WEIGHT_DECAY, TAKE_EVERY = 64, 128, 60, 0.1, 0.9, 5e-4, 4
GOAL = 1.8  # times the pictures per second of Python


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class Network(nn.Module):
    """ResNet-18 with a quarter of the width and a 3x3 stem of stride 2 without pooling."""

    def __init__(self, width=16, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        inputs = width
        for stage in range(4):
            outputs = width << stage
            blocks = [Block(inputs, outputs, 1 if stage == 0 else 2), Block(outputs, outputs, 1)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
            inputs = outputs
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        for stage in range(4):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


class Loop:
    def __init__(self, steps_per_epoch):
        self.network = Network().train()
        self.steps = EPOCHS * steps_per_epoch
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=LR, momentum=MOMENTUM,
                                         weight_decay=WEIGHT_DECAY, nesterov=True)
        self.step = 0

    def train(self, images, targets):
        for group in self.optimizer.param_groups:
            group["lr"] = LR * 0.5 * (1 + math.cos(math.pi * self.step / self.steps))
        loss = nn.functional.cross_entropy(self.network(images), targets)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.step += 1
        return loss.item()


def photographs(data_dir):
    normalize = transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    pictures = torchvision.datasets.ImageFolder(
        str(data_dir / "imagenette96" / "train"),
        transforms.Compose([transforms.RandomResizedCrop(SIZE_PX, scale=(0.25, 1.0)),
                            transforms.RandomHorizontalFlip(), transforms.ToTensor(), normalize]))
    return torch.utils.data.Subset(pictures, range(0, len(pictures), TAKE_EVERY))


def bench_ours(options, arguments):
    command = [str(options.harness), "bench", "train", "table6", "--only", "Baseline", "--scale",
               "mini", "--json", "--threads", str(torch.get_num_threads()),
               "--data-dir", str(options.data_dir), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}")
    return json.loads(done.stdout)["rates"][0]


def compare_losses(options, steps=12, compared=8):
    with tempfile.TemporaryDirectory() as folder:
        saved = pathlib.Path(folder) / "steps.safetensors"
        ours = bench_ours(options, ["--steps", steps, "--warmup-steps", 0, "--save", saved])
        tensors = read_safetensors(saved)
    loop = Loop(steps_per_epoch=len(photographs(options.data_dir)) // BATCH)
    weights = {name[6:]: t for name, t in tensors.items() if name.startswith("model/")}
    loop.network.load_state_dict(weights, strict=True)
    # The program's memory format: another one changes the order of summation, and at this learning
    # rate the resulting differences of 1e-7 grow to 1e-2 within three steps.
    loop.network.to(memory_format=torch.channels_last)
    worst = 0.0
    for step, loss in enumerate(ours["losses"]):
        batch = f"batch/{step:04}/"
        images = tensors[batch + "images"].contiguous(memory_format=torch.channels_last)
        theirs = loop.train(images, tensors[batch + "targets"])
        if step < compared:
            worst = max(worst, abs(theirs - loss))
        print(f"step {step:2}  loss {loss:.6f}  python {theirs:.6f}  difference {theirs - loss:+.1e}")
    print(f"largest difference of the first {compared} losses: {worst:.2e} (1e-5 is allowed)")
    return worst <= 1e-5


def python_rate(options, steps, warmup_steps):
    data = photographs(options.data_dir)
    loader = torch.utils.data.DataLoader(data, BATCH, shuffle=True, drop_last=True, num_workers=2,
                                         persistent_workers=True)
    loop = Loop(len(loader))
    while True:
        for images, targets in loader:
            if loop.step == warmup_steps:
                start = time.perf_counter()
            loop.train(images, targets)
            if loop.step == steps:
                return (steps - warmup_steps) * BATCH / (time.perf_counter() - start)


def compare_rates(options):
    steps, warmup_steps = options.steps, options.steps // 5
    ours, theirs = [], []
    for turn in range(options.turns):
        ours.append(bench_ours(options, ["--steps", steps, "--warmup-steps", warmup_steps])
                    ["images_per_s"])
        theirs.append(python_rate(options, steps, warmup_steps))
        print(f"turn {turn + 1}  program {ours[-1]:7.1f} images/s  python {theirs[-1]:7.1f} "
              f"images/s  ratio {ours[-1] / theirs[-1]:.2f}", flush=True)
    ratio = sorted(a / b for a, b in zip(ours, theirs))[options.turns // 2]
    print(f"median ratio {ratio:.2f} (at least {GOAL} is wanted), {torch.get_num_threads()} threads")
    return ratio >= GOAL


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data-dir", type=pathlib.Path, required=True)
    parser.add_argument("--harness", type=pathlib.Path,
                        default=ROOT / "build/release/harness/harness")
    parser.add_argument("--steps", type=int, default=180, help="of each turn")
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    same, fast = compare_losses(options), compare_rates(options)
    return 0 if same and fast else 1


if __name__ == "__main__":
    sys.exit(main())
