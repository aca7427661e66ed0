"""`harness verify` reports whether repeating a training gives the same bits."""
import shutil
import unittest

from program import INTEGRITY, OK, USAGE, WORKER, Case


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Verify(Case):
    quick = True

    def run_baseline(self):
        self.expect(OK, "run", "table6", "--only", "Baseline")
        (name, record), = self.records().items()
        return name, record["folder"]

    def grades(self):
        report = self.expect_json("report", "table6")
        return {cell["grade"] for row in report["tables"][0]["rows"] for cell in row["cells"]}

    def test_a_replay_is_identical_and_gives_the_run_its_grade(self):
        name, folder = self.run_baseline()
        self.assertEqual(self.grades(), {"unverified", None})
        found = self.expect_json("verify", "replay", name[:6], "--steps", 10)["replay"]
        self.assertTrue(found["identical"])
        self.assertEqual(found["steps"], 10)
        self.assertGreater(found["tensors"], 20)
        self.assertEqual(self.expect_json("show", name)["run"]["grade"], "replayed")
        self.assertEqual(self.grades(), {"replayed", None})
        self.expect(OK, "db", "rebuild")
        self.assertEqual(self.grades(), {"replayed", None})
        self.expect(OK, "db", "check")

    def test_another_training_is_noticed_with_step_and_tensor(self):
        """A trace copied into the folder of another seed differs at every step."""
        self.expect(OK, "run", "table6", "--only", "Baseline", "--seeds", "0,1")
        (name, record), (_, other) = sorted(self.records().items())
        shutil.copy(other["folder"] / "trace.jsonl", record["folder"])
        found = self.expect_json("verify", "replay", name, "--steps", 5,
                                 code=INTEGRITY)["replay"]
        self.assertFalse(found["identical"])
        self.assertEqual(found["first_step"], 1)
        self.assertRegex(found["what"], "^(model|optimizer)/")
        self.assertIn("differs first at step 1: model/",
                      self.expect(INTEGRITY, "verify", "replay", name, "--steps", 5).stdout)
        self.assertEqual(self.expect_json("show", name)["run"]["grade"], "differs")
        self.assertEqual(self.grades(), {"differs", None})

    def test_a_run_without_a_trace_says_so(self):
        name, folder = self.run_baseline()
        (folder / "trace.jsonl").unlink()
        error = self.expect(USAGE, "verify", "replay", name).stderr
        self.assertIn("trace.jsonl", error)

    def test_a_mistake_is_told_and_leaves_nothing_behind(self):
        error = self.expect(USAGE, "verify", "replay", "3f2a").stderr
        self.assertIn("no run begins with '3f2a'", error)
        self.assertFalse(self.workspace.exists())
        name, folder = self.run_baseline()
        (folder / "spec.json").write_text("[]")
        self.assertIn("spec.json", self.expect(USAGE, "verify", "replay", name).stderr)

    def test_interrupted_training_is_compared_with_straight(self):
        found = self.expect_json("verify", "resume", "table6", "--only", "Baseline",
                                 "--steps", 10)["resume"]
        self.assertTrue(found["identical"])
        self.assertEqual((found["steps"], found["interruptions"]), (10, 3))
        self.assertFalse((self.workspace / "runs").exists())

    def test_what_cannot_be_trained_is_told_with_the_cure(self):
        error = self.expect(USAGE, "verify", "resume", "table6", "--only", "Mask Low").stderr
        self.assertIn("which has not run", error)
        self.assertIn("harness run", error)


if __name__ == "__main__":
    unittest.main()
