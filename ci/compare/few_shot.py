#!/usr/bin/env python3
"""Compares Baseline's episodes, and a step of MAML, with plain Python on the same LibTorch.

The program saves features, orders and first weights of 600 episodes, the accuracies it came to,
and the network, pictures and loss of a step of MAML. Python then learns the last layer of each
episode with torch.optim.SGD, and does MAML's step with functional_call, as their authors write it.
Every episode's accuracy and the loss must agree; times are of one thread on the same machine.

Ends with 0 when results agree, the episodes are at least five times as fast as Python's, and a
step of second order takes at most Python's time, else with 1.

Needs torch 2.11.0 (the wheel that ci/setup installs, whole) and torchvision, as python_loop.py:
  V/bin/python ci/compare/few_shot.py
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

from python_loop import Network
from saved_tensors import read_safetensors

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = {"name": "few_shot_resnet18", "width": 16, "stem": "conv3_s2"}
WAYS, QUERIES, EPOCHS, BATCH = 5, 15, 100, 4
INNER_STEPS, INNER_LR = 5, 0.01


def head_accuracy(features, orders, weight, bias, shots):
    """Percent of an episode's queries that a new last layer names rightly."""
    support = features[:, :shots].reshape(WAYS * shots, -1)
    queries = features[:, shots:].reshape(WAYS * QUERIES, -1)
    labels = torch.arange(WAYS).repeat_interleave(shots)
    head = nn.Linear(support.shape[1], WAYS)
    with torch.no_grad():
        head.weight.copy_(weight)
        head.bias.copy_(bias)
    optimizer = torch.optim.SGD(head.parameters(), lr=0.01, momentum=0.9, dampening=0.9,
                                weight_decay=0.001)
    for order in orders:
        for chosen in order.split(BATCH):
            optimizer.zero_grad()
            F.cross_entropy(head(support[chosen]), labels[chosen]).backward()
            optimizer.step()
    with torch.no_grad():
        right = head(queries).argmax(1) == torch.arange(WAYS).repeat_interleave(QUERIES)
    return 100 * right.float().mean().item()


def compare_heads(saved, ours_s, episodes, shots):
    """Python does the first `episodes`; its time is scaled to all of them."""
    start, theirs = time.perf_counter(), []
    for e in range(episodes):
        theirs.append(head_accuracy(saved["features"][e], saved["orders"][e], saved["weight"][e],
                                    saved["bias"][e], shots))
    all_episodes = len(saved["features"])
    theirs_s = (time.perf_counter() - start) * all_episodes / episodes
    ours = saved["accuracies"][:episodes].tolist()
    differ = sum(abs(a - b) > 1e-3 for a, b in zip(ours, theirs))
    ratio = theirs_s / statistics.median(ours_s)
    print(f"{shots}-shot, {all_episodes} episodes: {statistics.median(ours_s):.2f} s, Python "
          f"{theirs_s:.1f} s, {ratio:.1f}x; {differ} of {episodes} accuracies differ")
    return differ == 0 and ratio >= 5


def maml_loss(network, images, shots, second_order):
    loss = 0
    labels = torch.arange(WAYS).repeat_interleave(shots)
    query_labels = torch.arange(WAYS).repeat_interleave(QUERIES)
    for episode in images:
        support = episode[:, :shots].flatten(0, 1)
        queries = episode[:, shots:].flatten(0, 1)
        fast = dict(network.named_parameters())
        for _ in range(INNER_STEPS):
            inner = F.cross_entropy(functional_call(network, fast, support), labels)
            slopes = torch.autograd.grad(inner, fast.values(), create_graph=second_order)
            fast = {name: weight - INNER_LR * slope
                    for (name, weight), slope in zip(fast.items(), slopes)}
        loss = loss + F.cross_entropy(functional_call(network, fast, queries), query_labels)
    return loss


def compare_maml(saved, report, shots, second_order, rounds=5):
    network = Network(classes=WAYS)
    network.load_state_dict({name[len("maml/network."):]: tensor for name, tensor in saved.items()
                             if name.startswith("maml/network.")})
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):  # of the batch alone
            part.track_running_stats, part.running_mean, part.running_var = False, None, None
    network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    first, seconds = None, []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        loss = maml_loss(network, saved["images"], shots, second_order)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
        first = loss.item() if first is None else first
    ours_s, theirs_s = statistics.median(report["maml_step_s"]), statistics.median(seconds[1:])
    agree = abs(first - report["loss"]) < 1e-3 * abs(first)
    order = "second" if second_order else "first"
    print(f"MAML, {order} order, {shots}-shot: {ours_s:.3f} s a step, Python {theirs_s:.3f} s, "
          f"{theirs_s / ours_s:.2f}x; loss {report['loss']:.5f}, Python {first:.5f}")
    return agree and (ours_s <= theirs_s or not second_order)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worker", type=pathlib.Path,
                        default=ROOT / "build/release/harness/harness-worker")
    parser.add_argument("--python-episodes", type=int, default=600, help="that Python repeats")
    options = parser.parse_args()
    torch.set_num_threads(1)
    good = True
    for shots, second_order in ((1, False), (5, True)):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "saved.safetensors"
            command = [str(options.worker), "few-shot-times", "--model", json.dumps(MODEL),
                       "--shots", str(shots), "--second-order", str(second_order).lower(),
                       "--save", str(file)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            report, saved = json.loads(done.stdout), read_safetensors(file)
        good &= compare_heads(saved, report["heads_s"], options.python_episodes, shots)
        good &= compare_maml(saved, report, shots, second_order)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
