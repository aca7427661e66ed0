#!/usr/bin/env python3
"""Compares the reading of training pictures with torchvision's on Pillow, on one core.

Both decode JPEG pictures of 500x375 px, cut a random crop out, resize it to 224 px and flip it; and
the same with colour jitter of 0.4. In turns on the same machine; the rates are pictures per second
of computing time. Exits with 0 when the median ratio of the turns is at least 2.5.

Needs a Python with torchvision and Pillow, whose version is printed:
  V/bin/python ci/compare/picture_loading.py [--turns 5]
"""
import argparse
import io
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

import PIL
import torch
from PIL import Image
from torchvision import transforms

ROOT = pathlib.Path(__file__).resolve().parents[2]
HARNESS = ROOT / "build/release/harness/harness"
PICTURES = 48


def photograph(number):
    """Smooth and busy parts, about 60 KB as JPEG."""
    draws = random.Random(number)
    picture = Image.new("RGB", (500, 375), (128, 128, 128))
    for side, part in ((6, 0.55), (30, 0.35), (125, 0.18), (500, 0.065)):
        size = (side, max(1, side * 3 // 4))
        noise = Image.frombytes("RGB", size, draws.randbytes(3 * size[0] * size[1]))
        picture = Image.blend(picture, noise.resize((500, 375), Image.BICUBIC), part)
    return picture


def write_pictures(folder):
    for number in range(PICTURES):
        for split in ("train", "val"):
            path = folder / "photos" / split / "a" / f"{number:03}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            photograph(number).save(path, quality=90)
    return sorted((folder / "photos/train/a").iterdir())


def rate_of_ours(folder, jitter):
    entry = {"photos": {"kind": "class_folders", "folder": "photos"}}
    (folder / "experiments").mkdir(exist_ok=True)
    (folder / "experiments/datasets.json").write_text(json.dumps(entry))
    done = subprocess.run(
        [HARNESS, "bench", "loader", "photos", "--experiments", folder / "experiments",
         "--data-dir", folder, "--threads", "1", "--pictures", "800", "--jitter", str(jitter),
         "--json", "--workspace", folder / "out"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["images_per_cpu_s"]


def rate_of_torchvision(paths, jitter, rounds=6):
    steps = [transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip()]
    if jitter:
        steps.append(transforms.ColorJitter(jitter, jitter, jitter))
    change = transforms.Compose([*steps, transforms.PILToTensor()])
    start = time.thread_time()
    for _ in range(rounds):
        for path in paths:
            change(Image.open(io.BytesIO(path.read_bytes())).convert("RGB"))
    return rounds * len(paths) / (time.thread_time() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=5)
    turns = parser.parse_args().turns
    torch.set_num_threads(1)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # the program inherits it
    print(f"Pillow {PIL.__version__}")
    reached = True
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        paths = write_pictures(folder)
        size_bytes = statistics.mean(path.stat().st_size for path in paths)
        print(f"{len(paths)} pictures of {size_bytes / 1000:.0f} KB; pictures per second of a core")
        for jitter in (0, 0.4):
            ours, theirs = [], []
            for _ in range(turns):
                ours.append(rate_of_ours(folder, jitter))
                theirs.append(rate_of_torchvision(paths, jitter))
            ratio = statistics.median(a / b for a, b in zip(ours, theirs))
            reached = reached and ratio >= 2.5
            print(f"{'with jitter' if jitter else 'crop, flip':12} ours {statistics.median(ours):.0f}"
                  f", torchvision {statistics.median(theirs):.0f}, ratio {ratio:.2f}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
