#!/usr/bin/env python3
"""Compares the time of each image operation, and of a whole RandAugment draw, with Pillow's.

Uses one core and pictures of 224 px, in turns on the same machine; each time is the least computing
time of several rounds. Exits with 0 when every operation is at least 1.3 times as fast as Pillow's,
the median 4 times and the draw 5 times.

Needs Pillow, which ci/setup installs into .deps/pillow:
  .deps/pillow/bin/python ci/compare/pillow_operations.py [--turns 3]
"""
import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/pillow"))
import operations  # noqa: E402
from PIL import Image  # noqa: E402

HARNESS = ROOT / "build/release/harness/harness"
SIZE_PX = 224


def test_picture():
    draws = random.Random(0)
    return Image.frombytes("RGB", (SIZE_PX, SIZE_PX), bytes(
        20 + (x + y) * 150 // (4 * SIZE_PX) + draws.randrange(80)
        for y in range(SIZE_PX) for x in range(3 * SIZE_PX)))


def microseconds_of(work, rounds=7, round_s=0.02):
    work()
    least = float("inf")
    for _ in range(rounds):
        start, calls = time.thread_time(), 0
        while time.thread_time() - start < round_s:
            work()
            calls += 1
        least = min(least, (time.thread_time() - start) / calls)
    return 1e6 * least


def pillow_operation(options, picture):
    apply = operations.OPERATIONS[options["op"]][1]
    value = options["value"]
    given = {"fill": [125, 123, 114], **options,
             "value": int(value) if value == int(value) else value}
    return lambda: apply(picture, given)


def randaugment(draws, picture):
    """Applies two of the sixteen operations at strength 9 of 10, as users of Pillow write it."""
    for name in draws.choices(list(RANDAUGMENT), k=2):
        sign = draws.choice((-1, 1))
        options = {"resample": "nearest", "fill": [128] * 3, **RANDAUGMENT[name](sign, draws)}
        picture = operations.OPERATIONS[name][1](picture, options)
    return picture


def fixed(value):
    return lambda sign, draws: {"value": value}


def signed(value):
    return lambda sign, draws: {"value": sign * value}


RANDAUGMENT = {
    "AutoContrast": fixed(0), "Equalize": fixed(0), "Invert": fixed(0), "Rotate": signed(27),
    "Posterize": fixed(3), "Solarize": fixed(230), "Color": fixed(1.72), "Contrast": fixed(1.72),
    "Brightness": fixed(1.72), "Sharpness": fixed(1.72), "ShearX": signed(0.27),
    "ShearY": signed(0.27), "TranslateX": signed(90), "TranslateY": signed(90),
    "CutoutSquare": lambda sign, draws: {"value": 36, "center_row": draws.randrange(SIZE_PX),
                                         "center_col": draws.randrange(SIZE_PX)},
    "SolarizeAdd": fixed(99),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=3)
    turns = parser.parse_args().turns
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # the program inherits it
    picture = test_picture()
    ours, theirs = {}, {}
    for _ in range(turns):
        report = json.loads(subprocess.run(
            [HARNESS, "bench", "augment", "--json", "--size", str(SIZE_PX)],
            check=True, capture_output=True, text=True).stdout)
        for options in report["operations"]:
            name = f"{options['op']} {options.get('resample', '')}".strip()
            ours[name] = min(options["us"], ours.get(name, float("inf")))
            theirs[name] = min(microseconds_of(pillow_operation(options, picture)),
                               theirs.get(name, float("inf")))
        draw_us = next(m["us"] for m in report["methods"] if m["name"] == "randaugment")
        draws = random.Random(1)
        pillow_us = microseconds_of(
            lambda: [randaugment(draws, picture) for _ in range(200)], rounds=3) / 200
        name = "a RandAugment draw"
        ours[name] = min(draw_us, ours.get(name, float("inf")))
        theirs[name] = min(pillow_us, theirs.get(name, float("inf")))
    ratios = {name: theirs[name] / ours[name] for name in ours}
    print(f"{'operation':24} {'ours':>8} {'Pillow':>8} {'ratio':>6}   (microseconds, 224 px)")
    for name, ratio in ratios.items():
        print(f"{name:24} {ours[name]:8.0f} {theirs[name]:8.0f} {ratio:6.2f}")
    draw = ratios.pop("a RandAugment draw")
    median = statistics.median(ratios.values())
    print(f"least {min(ratios.values()):.2f}, median {median:.2f}, draw {draw:.2f}")
    return 0 if min(ratios.values()) >= 1.3 and median >= 4 and draw >= 5 else 1


if __name__ == "__main__":
    sys.exit(main())
