"""Random (picture, operation, magnitude) triples of odd sizes: every byte as Pillow has it.

The triples are written as golden cases, and the program that compares those does the rest.
HARNESS_PILLOW_SEED draws others; HARNESS_PILLOW_COUNT more or fewer.
"""
import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

import operations
import safetensors_file
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("HARNESS_BUILD", ROOT / "build/release")) / "tests/test_golden_data"
COUNT = int(os.environ.get("HARNESS_PILLOW_COUNT", 2000))
SEED = int(os.environ.get("HARNESS_PILLOW_SEED", 0))


def draw_size(draws):
    return draws.choice([1, 2, 3, draws.randint(1, 12), draws.randint(4, 71), draws.randint(4, 71)])


def draw_picture(draws):
    """Noise, a soft ramp, few colours or one: each is hard for other operations."""
    width, height = draw_size(draws), draw_size(draws)
    kind = draws.choice(["noise", "ramp", "few", "flat"])
    if kind == "noise":
        data = draws.randbytes(width * height * 3)
    elif kind == "ramp":
        start, steps = draws.randrange(256), [draws.randint(-4, 4) for _ in range(4)]
        data = bytes((start + steps[0] * x + steps[1] * y + steps[2] * c + steps[3] * x * c) % 256
                     for y in range(height) for x in range(width) for c in range(3))
    else:
        colours = [draws.randbytes(3) for _ in range(1 if kind == "flat" else 4)]
        data = b"".join(draws.choice(colours) for _ in range(width * height))
    return Image.frombytes("RGB", (width, height), data)


def draw_case(draws, picture):
    """(kind, options, the picture that Pillow makes)"""
    choice = draws.randrange(len(operations.OPERATIONS) + 2)
    if choice == 0:
        options = operations.draw_jitter(draws, picture)
        return "color_jitter", options, operations.jitter(picture, options)
    if choice == 1:
        return "grayscale", {"channels": 3}, operations.grayscale(picture, None)
    name = list(operations.OPERATIONS)[choice - 2]
    draw, apply = operations.OPERATIONS[name]
    options = {"op": name, **draw(draws, picture)}
    return "pil_op", options, apply(picture, options)


def write_cases(folder):
    draws = random.Random(SEED)
    cases, tensors = [], {}
    for index in range(COUNT):
        picture = draw_picture(draws)
        kind, options, made = draw_case(draws, picture)
        name = f"random_{index}_{options.get('op', kind)}_{picture.width}x{picture.height}"
        for role, image in (("image", picture), ("output", made)):
            tensors[f"{name}/{role}"] = ((image.height, image.width, 3), image.tobytes())
        cases.append({"name": name, "kind": kind, "options": options, "file": "cases.safetensors",
                      "inputs": ["image"], "outputs": ["output"], "compare": "exact"})
    safetensors_file.write(folder / "cases.safetensors", tensors)
    (folder / "cases.json").write_text(
        json.dumps({"format": 1, "area": "pillow", "cases": cases}))


class RandomOperations(unittest.TestCase):
    def test_no_byte_differs_from_pillow(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            write_cases(folder)
            report = folder / "report.json"
            done = subprocess.run(
                [PROGRAM, f"--gtest_output=json:{report}", "--gtest_brief=1"], text=True,
                env={**os.environ, "HARNESS_GOLDEN": name}, capture_output=True)
            self.assertTrue(report.exists(), done.stdout + done.stderr)
            tests = [test for suite in json.loads(report.read_text())["testsuites"]
                     for test in suite["testsuite"]]
            completed = [test for test in tests if test["result"] == "COMPLETED"]
            self.assertEqual(len(completed), COUNT, "cases were left out")
            self.assertEqual(done.returncode, 0, done.stdout[-4000:])


if __name__ == "__main__":
    unittest.main()
