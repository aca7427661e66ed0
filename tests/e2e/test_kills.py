"""Whatever ends a run or damages its files, the results are those of an undisturbed one.

The short form of ci/soak. What happens is drawn with a fixed seed; when, depends on the machine.
"""
import collections
import pathlib
import random
import shutil
import sqlite3
import tempfile
import unittest

import damaged
import program
from disturbed import Reference, disturb
from outcome import Place, differences, outcome
from together import together

SEED = 7
KILLS = 10
COMMAND = ["run", "table6", *program.ROWS]
DAMAGES = (  # a selection; ci/soak does all
    "finished: harness.db: flipped", "interrupted: harness.db: cut",
    "interrupted: journal.jsonl: flipped", "interrupted: checkpoint.bin: another's",
    "interrupted: weights.safetensors (needed): flipped")


@unittest.skipUnless(program.WORKER.exists(), "harness-worker is not built")
class Kills(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="harness-kills-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.experiments = program.quick_experiments(cls.folder)
        cls.reference = Reference(cls.folder / "undisturbed", cls.experiments, COMMAND, ["table6"])

    def setUp(self):
        print(f"seed {SEED}")
        self.rng = random.Random(SEED)
        self.tally = collections.Counter()

    def test_a_changed_byte_would_be_noticed(self):
        """Checks that the comparison finds differences; without them no test here could fail."""
        place = Place(self.folder / "changed", self.experiments)
        shutil.copytree(self.reference.place.workspace, place.workspace)
        self.assertEqual(differences(self.reference.outcome, outcome(place, "table6")), [])
        weights = next(place.workspace.glob("runs/*/*/weights.safetensors"))
        damaged.damage(weights, "flipped", None, self.rng)
        wrong = differences(self.reference.outcome, outcome(place, "table6"))
        self.assertIn(f"weights of {weights.parent.parent.name}{weights.parent.name}", wrong[-3])
        with sqlite3.connect(place.workspace / "harness.db") as database:
            database.execute("UPDATE metrics SET value = value + 1e-9 WHERE name = 'top1'")
        database.close()
        wrong = "\n".join(differences(self.reference.outcome, outcome(place, "table6")))
        self.assertIn("database differs", wrong)
        self.assertIn("report differs", wrong)

    def test_whatever_ends_it_nothing_is_lost(self):
        disturb(self.folder, self.experiments, COMMAND, self.reference, self.rng, KILLS, self.tally)
        self.assertGreaterEqual(self.tally["workspaces"], 1)

    def test_four_at_once_do_each_run_once(self):
        together(self.folder / "together", self.experiments, COMMAND, self.reference, self.rng,
                 self.tally, count=4, kills=3)
        self.assertEqual(self.tally["workspaces with 4 at once"], 1)

    def test_damage_is_found_and_told_and_mended(self):
        damaged.damage_all(self.folder, self.experiments, self.rng, self.tally, DAMAGES)
        self.assertEqual(sum(self.tally.values()), len(DAMAGES))


if __name__ == "__main__":
    unittest.main()
