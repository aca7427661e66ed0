#!/usr/bin/env python3
"""Compares FixMatch, PseudoLabel and MeanTeacher with those of semilearn (USB, the successor of
TorchSSL), at smoke scale: on one data set of drawn picture files, with the same labelled pictures,
network, views and recipe.

Semilearn's algorithms are driven directly: its losses, optimizer, schedule, average and loader of
pictures, without evaluations, checkpoints and logs in between. Both programs use one thread for
tensors. Printed are the accuracy of each method over the seeds, and the steps per second of both,
taken in turns.

Exits with 0 when the accuracies of each method agree within the spread of their seeds and the
program does 1.5 times the steps, else with 1.

Needs torch 2.11.0, torchvision 0.26.0 and semilearn 0.3.2 (without aim and wandb, which only send
logs elsewhere):
  V/bin/pip install --no-deps semilearn==0.3.2
  V/bin/pip install ruamel.yaml scikit-learn scikit-image tensorboard timm 'transformers<5' \
    progress torchaudio
  V/bin/python ci/compare/semilearn_methods.py
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import types
import warnings

import numpy
import torch
from PIL import Image, ImageDraw
from torch import nn

import semi_supervised as smoke

for unused in ("aim", "wandb"):
    sys.modules.setdefault(unused, types.ModuleType(unused))
warnings.filterwarnings("ignore")
from semilearn.algorithms import get_algorithm  # noqa: E402
from semilearn.core import AlgorithmBase  # noqa: E402
from semilearn.core.hooks import Hook, ParamUpdateHook  # noqa: E402
from semilearn.core.utils import EMA  # noqa: E402
from semilearn.datasets.augmentation import RandAugment  # noqa: E402
from semilearn.datasets.cv_datasets.datasetbase import BasicDataset  # noqa: E402
from torchvision import transforms  # noqa: E402

LABELS = 250
# Row of Table 4: semilearn's name, unlabelled pictures for each labelled one, weight of their loss.
METHODS = {"FixMatch": ("fixmatch", 7, 1), "PseudoLabel": ("pseudolabel", 1, 1),
           "MeanTeacher": ("meanteacher", 1, 50)}


class WithFeatures(smoke.Network):
    """The network as semilearn asks it: logits and features by name."""

    def forward(self, x):
        logits = super().forward(x)
        return {"logits": logits, "feat": logits}


class Average(Hook):
    def before_run(self, algorithm):
        algorithm.ema = EMA(algorithm.model, algorithm.ema_m)
        algorithm.ema.register()

    def after_train_step(self, algorithm):
        algorithm.ema.update()


def hooks_of_a_step(algorithm):
    """Update of the parameters and of their average; the others evaluate, save and log."""
    algorithm.register_hook(ParamUpdateHook(), None, "HIGHEST")
    algorithm.register_hook(Average(), None, "HIGH")


AlgorithmBase.set_hooks = hooks_of_a_step


class Files(BasicDataset):
    def __sample__(self, index):
        path = self.data[index]
        return Image.open(path).convert("RGB"), int(path.parent.name)


class Theirs:
    """A method of semilearn with its pictures, ready for steps."""

    def __init__(self, method, labelled, unlabelled, steps, workers):
        name, ratio, weight = METHODS[method]
        arguments = types.SimpleNamespace(
            algorithm=name, num_classes=smoke.CLASSES, ema_m=smoke.EMA, epoch=1,
            num_train_iter=steps, num_eval_iter=steps, num_log_iter=steps, num_warmup_iter=0,
            ulb_loss_ratio=weight, use_cat=True, amp=False, clip_grad=0, save_name="", save_dir="",
            resume=False, gpu=None, rank=0, distributed=False, world_size=1, dataset="none",
            num_labels=LABELS, data_dir="", include_lb_to_ulb=True, use_pretrain=False,
            pretrain_path="", optim="SGD", lr=smoke.LR, momentum=smoke.MOMENTUM,
            weight_decay=smoke.WEIGHT_DECAY, layer_decay=1.0, use_wandb=False, use_aim=False,
            T=0.5, p_cutoff=smoke.THRESHOLD, hard_label=True, unsup_warm_up=0.4)
        quiet = types.SimpleNamespace(info=lambda *_: None)
        self.algorithm = get_algorithm(arguments, lambda **_: WithFeatures(), None, quiet)
        self.algorithm.model.train()
        self.algorithm.call_hook("before_run")
        self.labelled = self.batches(name, labelled, smoke.BATCH, steps, workers, False)
        self.unlabelled = self.batches(name, unlabelled, smoke.BATCH * ratio, steps, workers, True)

    @staticmethod
    def batches(name, paths, size, steps, workers, unlabelled):
        flip, crop, *to_tensor = smoke.WEAK.transforms
        strong = transforms.Compose([RandAugment(3, 5), flip, crop, *to_tensor])
        files = Files(name, paths, num_classes=smoke.CLASSES, transform=smoke.WEAK,
                      is_ulb=unlabelled, strong_transform=strong)
        drawn = torch.utils.data.RandomSampler(files, replacement=True, num_samples=steps * size)
        return iter(torch.utils.data.DataLoader(files, size, sampler=drawn, num_workers=workers,
                                                prefetch_factor=3))

    def step(self):
        batch = {**next(self.labelled), **next(self.unlabelled)}
        batch = {name: value for name, value in batch.items() if not name.startswith("idx")}
        algorithm = self.algorithm
        algorithm.out_dict, algorithm.log_dict = algorithm.train_step(**batch)
        algorithm.call_hook("after_train_step")
        algorithm.it += 1

    def accuracy(self, paths):
        """Percent of the pictures that the averaged weights name rightly."""
        algorithm = self.algorithm
        algorithm.model.eval()
        algorithm.ema.apply_shadow()
        to_tensor = transforms.Compose(smoke.WEAK.transforms[2:])
        right = 0
        with torch.no_grad():
            for path in paths:
                image = to_tensor(Image.open(path).convert("RGB"))[None]
                right += algorithm.model(image)["logits"].argmax().item() == int(path.parent.name)
        return 100 * right / len(paths)


def write_pictures(folder, of_class, draw):
    """Ten classes of outlines, of any colour, size and place on noise of another colour."""
    turns = numpy.arange(0, 360, 6) * math.pi / 180
    for label in range(smoke.CLASSES):
        (folder / str(label)).mkdir(parents=True)
        corners = 2 + label % 5
        for i in range(of_class):
            ground, object_ = draw.integers(0, 100, 3), draw.integers(156, 256, 3)
            noise = ground + draw.integers(-25, 26, (smoke.SIZE_PX, smoke.SIZE_PX, 3))
            image = Image.fromarray(noise.clip(0, 255).astype(numpy.uint8))
            radius = draw.uniform(8, 12)
            x, y = draw.uniform(radius, smoke.SIZE_PX - radius, 2)
            reach = radius * (0.65 + 0.35 * numpy.cos(corners * turns + draw.uniform(-0.4, 0.4)))
            outline = [(x + r * math.cos(t), y + r * math.sin(t)) for r, t in zip(reach, turns)]
            color = tuple(map(int, object_))
            ImageDraw.Draw(image).polygon(outline, None if label < 5 else color, color)
            image.save(folder / str(label) / f"{i:03}.png")


def write_experiments(folder):
    """Writes a table of the three rows with Table 4's recipe for the picture files."""
    smoke.write_experiments(folder)
    table = json.loads((smoke.ROOT / "experiments/tables/table4.json").read_text())
    rows = [row for row in table["rows"] if row["label"] in METHODS]
    for row in rows:
        row["with"]["dataset"] = {"name": "drawn_few", "labels": LABELS}
        row.pop("paper", None), row.pop("origin", None)
    column = {"name": "l250", "title": "250", "metric": "top1"}
    (folder / "tables/methods.json").write_text(json.dumps(
        {"title": "On files", "base": table["base"], "columns": [column], "rows": rows}))


def harness(options, folder, *arguments):
    command = [str(options.harness), *map(str, arguments), "--data-dir", str(folder),
               "--experiments", str(folder / "experiments")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}")
    return done.stdout


def our_accuracies(options, folder):
    """By method, of each seed."""
    steps = ["--set", "/task_options/steps_per_epoch=40",
             "--set", f"/recipe/epochs={options.steps // 40}"]
    text = harness(options, folder, "run", "methods", "--seeds", f"0-{options.seeds - 1}", "--json",
                   "--workspace", folder / "out", *steps)
    rows = json.loads(text)["tables"][0]["rows"]
    return {row["label"]: row["cells"][0]["measured"]["values"] for row in rows}


def labelled_paths(options, folder, paths, seed):
    """The pictures that a run of the seed has labels of."""
    file = folder / f"labels{seed}.json"
    if not file.exists():
        harness(options, folder, "data", "labels", "drawn", "--count", LABELS, "--seed", seed,
                "--output", file)
    return [paths[i] for i in json.loads(file.read_text())["indices"]]


def compare_accuracies(options, folder, paths):
    ours, good = our_accuracies(options, folder), True
    for method in METHODS:
        theirs = []
        for seed in range(options.seeds):
            torch.manual_seed(seed)
            labelled = labelled_paths(options, folder, paths["train"], seed)
            run = Theirs(method, labelled, paths["train"], options.steps, options.loader_threads)
            for _ in range(options.steps):
                run.step()
            theirs.append(run.accuracy(paths["val"]))
        means = [statistics.mean(values) for values in (ours[method], theirs)]
        spread = statistics.stdev(ours[method]) + statistics.stdev(theirs)
        good &= abs(means[0] - means[1]) <= spread
        print(f"{method:12} program {means[0]:.1f} % {[round(v, 1) for v in ours[method]]}  "
              f"semilearn {means[1]:.1f} % {[round(v, 1) for v in theirs]}  difference "
              f"{means[0] - means[1]:+.1f}, spread {spread:.1f}", flush=True)
    return good


def their_rate(options, folder, paths, method):
    labelled = labelled_paths(options, folder, paths["train"], 0)
    run = Theirs(method, labelled, paths["train"], options.timed_steps, options.loader_threads)
    warmup_steps = options.timed_steps // 5
    for step in range(options.timed_steps):
        if step == warmup_steps:
            start = time.perf_counter()
        run.step()
    return (options.timed_steps - warmup_steps) / (time.perf_counter() - start)


def our_rate(options, folder, method):
    text = harness(options, folder, "bench", "train", "methods", "--only", method, "--json",
                   "--steps", options.timed_steps, "--warmup-steps", options.timed_steps // 5,
                   "--loader-threads", options.loader_threads)
    pictures = smoke.BATCH * (1 + METHODS[method][1])
    return json.loads(text)["rates"][0]["images_per_s"] / pictures


def compare_rates(options, folder, paths):
    good = True
    for method in METHODS:
        ratios = []
        for _ in range(options.turns):
            ours = our_rate(options, folder, method)
            theirs = their_rate(options, folder, paths, method)
            ratios.append(ours / theirs)
            print(f"{method:12} program {ours:6.2f} steps/s  semilearn {theirs:6.2f} steps/s  ratio "
                  f"{ratios[-1]:.2f}", flush=True)
        good &= statistics.median(ratios) >= 1.5
        print(f"{method:12} median ratio {statistics.median(ratios):.2f} (at least 1.5 is wanted)")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--harness", type=pathlib.Path,
                        default=smoke.ROOT / "build/release/harness/harness")
    parser.add_argument("--steps", type=int, default=1000, help="of each training")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--timed-steps", type=int, default=120, help="of each turn")
    parser.add_argument("--turns", type=int, default=3, help="0: compare accuracies alone")
    parser.add_argument("--loader-threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        draw = numpy.random.default_rng(0)
        write_pictures(folder / "drawn/train", 200, draw)
        write_pictures(folder / "drawn/val", 100, draw)
        write_experiments(folder / "experiments")
        paths = {split: sorted((folder / "drawn" / split).glob("*/*.png"))
                 for split in ("train", "val")}
        fast = options.turns == 0 or compare_rates(options, folder, paths)
        same = options.seeds == 0 or compare_accuracies(options, folder, paths)
    return 0 if same and fast else 1


if __name__ == "__main__":
    sys.exit(main())
