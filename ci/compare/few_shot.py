#!/usr/bin/env python3
"""Compares the few-shot methods with plain Python and with the packages that people use.

The program saves random features and pictures of episodes, and what it makes of them. On the same
numbers are compared, in turns:

1. Baseline's new last layers of 600 episodes: Python learns each with torch.optim.SGD.
2. A step of MAML with four episodes: Python's functional_call, and learn2learn's MAML. All may use
   every core: the program computes episodes side by side, the others use PyTorch's threads. The
   time that passes counts; of the others, that of the faster memory format (the usual one is the
   faster with second derivatives, channels last without).
3. Episodes that ProtoNet, MatchingNet and RelationNet name from features: easyfsl's classes.

In 1 and 3, each uses one thread, and the time of the processor counts. In 2 and 3, it is that of
the fastest of four calls: the first fills caches, and what else the machine does only adds to it.

Where easyfsl defines a score otherwise, the program follows CloserLookFewShot, whose figures the
paper quotes:
  ProtoNet      easyfsl scores minus the distance, the program minus its square.
  MatchingNet   the encodings are the same; then easyfsl takes the product of the query with the
                support of length 1, the program 100 times their cosine, at least 0.
  RelationNet   easyfsl's own relation module pools to 5 x 5 pixels and ends in a sigmoid; here it
                is given the paper's.

Ends with 0 when all results agree and every ratio reaches its goal, else with 1.

Needs torch 2.11.0 (the wheel that ci/setup installs, whole), torchvision, easyfsl and learn2learn,
whose C sources are too old for Python 3.11 and are made anew:
  V/bin/pip install torch==2.11.0 torchvision==0.26.0 "cython<3.1" setuptools gym requests scipy tqdm
  V/bin/pip install --no-deps easyfsl==1.5.0
  V/bin/pip download --no-deps --no-binary :all: learn2learn==0.2.0 && tar xzf learn2learn-0.2.0.tar.gz
  (cd learn2learn-0.2.0 && ../V/bin/python setup.py build_ext --inplace)
  PYTHONPATH=learn2learn-0.2.0 V/bin/python ci/compare/few_shot.py
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import learn2learn
import torch
from easyfsl.methods import MatchingNetworks, PrototypicalNetworks, RelationNetworks
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

from python_loop import Network
from saved_tensors import read_safetensors

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = {"name": "few_shot_resnet18", "width": 16, "stem": "conv3_s2"}
WAYS, QUERIES, BATCH = 5, 15, 4
INNER_STEPS, INNER_LR = 5, 0.01
TIMES = 4  # that the program measures, too
CORES = len(os.sched_getaffinity(0))


def seconds_of(work, clock=time.process_time):
    start = clock()
    result = work()
    return clock() - start, result


def fastest_of(work, clock=time.process_time):
    """Seconds of the fastest of some calls, and all results."""
    seconds, results = zip(*(seconds_of(work, clock) for _ in range(TIMES)))
    return min(seconds), results


def labels_of(each):
    return torch.arange(WAYS).repeat_interleave(each)


def split(episode, shots):
    """Support and queries of [W,k+Q,...], class by class."""
    return episode[:, :shots].flatten(0, 1), episode[:, shots:].flatten(0, 1)


def accuracy_pct(scores):
    return 100 * (scores.argmax(1) == labels_of(QUERIES)).float().mean().item()


# --- Baseline's last layers

def head_accuracy(features, orders, weight, bias, shots):
    support, queries = split(features, shots)
    labels = labels_of(shots)
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
        return accuracy_pct(head(queries))


def compare_heads(saved, report, shots, turn, turns):
    """Python does its part of the episodes in each turn; the time is scaled to all."""
    chosen = range(turn, len(saved["features"]), turns)
    seconds, theirs = seconds_of(lambda: [
        head_accuracy(*(saved[name][e] for name in ("features", "orders", "weight", "bias")), shots)
        for e in chosen])
    ours = saved["accuracies"][list(chosen)].tolist()
    agree = all(abs(a - b) < 1e-3 for a, b in zip(ours, theirs))
    return agree, seconds * len(saved["features"]) / len(chosen) / report["heads_s"]


# --- MAML

def maml_network(saved, memory_format):
    network = Network(classes=WAYS)
    network.load_state_dict({name[len("maml/network."):]: tensor for name, tensor in saved.items()
                             if name.startswith("maml/network.")})
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):  # of the batch alone
            part.track_running_stats, part.running_mean, part.running_var = False, None, None
    return network.to(memory_format=memory_format)


def plain_loss(network, support, queries, shots, second_order):
    fast = dict(network.named_parameters())
    for _ in range(INNER_STEPS):
        inner = F.cross_entropy(functional_call(network, fast, support), labels_of(shots))
        slopes = torch.autograd.grad(inner, fast.values(), create_graph=second_order)
        fast = {name: weight - INNER_LR * slope
                for (name, weight), slope in zip(fast.items(), slopes)}
    return F.cross_entropy(functional_call(network, fast, queries), labels_of(QUERIES))


def learn2learn_loss(network, support, queries, shots, second_order):
    learner = learn2learn.algorithms.MAML(network, lr=INNER_LR, first_order=not second_order).clone()
    for _ in range(INNER_STEPS):
        learner.adapt(F.cross_entropy(learner(support), labels_of(shots)))
    return F.cross_entropy(learner(queries), labels_of(QUERIES))


def maml_step(network, loss_of_episode, saved, shots, second_order):
    """Seconds of the fastest step, and the loss of the first."""
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)

    def step():
        loss = sum(loss_of_episode(network, *split(episode, shots), shots, second_order)
                   for episode in saved["images"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()
    seconds, losses = fastest_of(step, time.perf_counter)
    return seconds, losses[0]


def compare_maml(loss_of_episode, saved, report, shots, second_order):
    torch.set_num_threads(CORES)
    steps = [maml_step(maml_network(saved, memory_format), loss_of_episode, saved, shots,
                       second_order)
             for memory_format in (torch.contiguous_format, torch.channels_last)]
    torch.set_num_threads(1)
    agree = all(abs(first - report["maml"]["loss"]) < 1e-3 * abs(first) for _, first in steps)
    return agree, min(seconds for seconds, _ in steps) / report["maml"]["seconds"]


# --- easyfsl

def weights_of(saved, method):
    prefix = f"{method}/weights/"
    return {name[len(prefix):]: tensor for name, tensor in saved.items() if name.startswith(prefix)}


def proto_net(saved):
    model = PrototypicalNetworks(nn.Identity()).eval()
    return model, lambda theirs: -theirs.square()


def matching_net(saved):
    model = MatchingNetworks(nn.Identity(), feature_dimension=saved["features"].shape[-1]).eval()
    weights = weights_of(saved, "matching_net")
    for part, prefix in ((model.support_features_encoder, "G_encoder."),
                         (model.query_features_encoding_cell, "FCE.lstmcell.")):
        part.load_state_dict({name[len(prefix):]: tensor for name, tensor in weights.items()
                              if name.startswith(prefix)})
    model.encode_query_features = remembering(model.encode_query_features)

    def papers_score(_):
        def unit(rows):
            return rows / (rows.norm(dim=1, keepdim=True) + 1e-5)
        queries, support = model.encode_query_features.last, model.contextualized_support_features
        likeness = 100 * F.relu(unit(queries) @ unit(support).T)
        return (likeness.softmax(1) @ model.one_hot_support_labels + 1e-6).log()
    return model, papers_score


def remembering(function):
    def remembered(*arguments):
        remembered.last = function(*arguments)
        return remembered.last
    return remembered


def relation_net(saved):
    weights = weights_of(saved, "relation_net")
    channels = saved["relation_net/features"].shape[3]

    def block(inputs):
        return [nn.Conv2d(inputs, channels, 3, padding=1), nn.BatchNorm2d(channels, momentum=1),
                nn.ReLU(), nn.MaxPool2d(2)]
    module = nn.Sequential(*block(2 * channels), *block(channels), nn.Flatten(),
                           nn.Linear(channels, 8), nn.ReLU(), nn.Linear(8, 1))
    places = {"conv1": 0, "bn1": 1, "conv2": 4, "bn2": 5, "fc1": 9, "fc2": 11}
    for name, place in places.items():
        prefix = f"relation.{name}."
        module[place].load_state_dict({key[len(prefix):]: tensor for key, tensor in weights.items()
                                       if key.startswith(prefix)}, strict=False)
    model = RelationNetworks(nn.Identity(), feature_dimension=channels, relation_module=module)
    return model.train(), lambda theirs: theirs  # batch norm of the batch, as in the paper's test


def compare_easyfsl(method, saved, report, shots):
    features = saved.get(f"{method.__name__}/features", saved["features"])
    episodes = report[method.__name__]["episodes"]
    model, papers_score = method(saved)

    def name_queries():
        for episode in features[:episodes]:
            support, queries = split(episode, shots)
            model.process_support_set(support, labels_of(shots))
            scores = model(queries)
            accuracy_pct(scores)
        return scores
    with torch.no_grad():
        seconds, last = fastest_of(name_queries)
        ours, theirs = saved[f"{method.__name__}/scores"][-1], papers_score(last[-1])
    agree = torch.allclose(ours, theirs, rtol=1e-3, atol=1e-3 * theirs.abs().max().item())
    return agree, seconds / report[method.__name__]["seconds"]


def run_program(options, shots, second_order):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "saved.safetensors"
        command = [str(options.worker), "few-shot-times", "--model", json.dumps(MODEL),
                   "--shots", str(shots), "--second-order", str(second_order).lower(),
                   "--save", str(file)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout), read_safetensors(file)


def compare_all(options, shots, second_order):
    goals, results = {}, {}

    def add(name, goal, result):
        goals[name] = goal
        results.setdefault(name, []).append(result)
    order = "second" if second_order else "first"
    for turn in range(options.turns):
        report, saved = run_program(options, shots, second_order)
        add("Baseline's last layers, Python", 5,
            compare_heads(saved, report, shots, turn, options.turns))
        add(f"MAML of {order} order, Python", 1,
            compare_maml(plain_loss, saved, report, shots, second_order))
        add(f"MAML of {order} order, learn2learn", 2,
            compare_maml(learn2learn_loss, saved, report, shots, second_order))
        for method in (proto_net, matching_net, relation_net):
            add(f"{method.__name__}, easyfsl", 2, compare_easyfsl(method, saved, report, shots))
    good = True
    for name, turns in results.items():
        agree = all(each for each, _ in turns)
        ratios = sorted(ratio for _, ratio in turns)
        ratio = statistics.median(ratios)
        good &= agree and ratio >= goals[name]
        print(f"{shots}-shot  {name:36} {ratio:6.2f} times as fast ({ratios[0]:.2f} to "
              f"{ratios[-1]:.2f}; goal {goals[name]})  results {'agree' if agree else 'DIFFER'}",
              flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worker", type=pathlib.Path,
                        default=ROOT / "build/release/harness/harness-worker")
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    good = [compare_all(options, shots, second_order)
            for shots, second_order in ((1, False), (5, True))]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
