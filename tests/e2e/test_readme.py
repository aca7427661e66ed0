"""What the README shows is what there is."""
import json
import re
import shlex
import unittest

from program import OK, ROOT, WORKER, Case


class Readme(unittest.TestCase):
    def test_the_example_of_a_method_is_the_one_that_is_compiled(self):
        blocks = re.findall(r"```cpp\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
        self.assertEqual(blocks, [(ROOT / "tests/baselines/blackout.cpp").read_text()])


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class OwnPhotographs(Case):
    """The README's recipe for own photographs works as printed, at the default scale."""

    def test_it_works_as_printed(self):
        text = (ROOT / "README.md").read_text()
        recipe = re.search(r"<!-- own photographs: begin -->(.*?)<!-- own photographs: end -->",
                           text, re.S)[1]
        (entry,) = re.findall(r"```json\n(.*?)```", recipe, re.S)
        ((name, dataset),) = json.loads(entry).items()
        (self.folder / "experiments").mkdir()
        (self.folder / "experiments/datasets.json").write_text(entry)
        for split, count in ((dataset["train"], 40), (dataset["val"], 5)):
            for number, flower in enumerate(("daisy", "rose", "tulip")):
                folder = self.folder / dataset["folder"] / split / flower
                folder.mkdir(parents=True)
                for i in range(count):
                    colour = bytes([250 - 80 * number, i, 80 * number])
                    (folder / f"{i}.ppm").write_bytes(b"P6\n48 40\n255\n" + colour * (48 * 40))
        commands = re.findall(r"^harness (.*)$", recipe, re.M)
        self.assertEqual(len(commands), 2)
        for command in commands:
            done = self.expect(OK, *shlex.split(command))
        self.assertIn("| Baseline", done.stdout)
        (record,) = self.records().values()
        self.assertEqual(record["spec"]["dataset"], {**dataset, "name": name})
        self.assertEqual(record["environment"]["dataset"]["train_pictures"], 120)


if __name__ == "__main__":
    unittest.main()
