"""Table 4 at smoke scale with few steps: interrupted, and with data that cannot be right."""
import signal
import unittest

from program import OK, STOPPED, USAGE, WORKER, Case, kill_all, results, wait_until

FEW_STEPS = ("/dataset/of/train_pictures=300", "/dataset/of/val_pictures=50", "/model/width=8",
             "/task_options/steps_per_epoch=12", "/recipe/epochs=5")


def few_steps(row, *more):
    sets = [part for patch in (*FEW_STEPS, *more) for part in ("--set", patch)]
    return ["run", "table4", "--only", row, "--seeds", "0", *sets]


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class SemiSupervised(Case):
    def journal_lines(self):
        return sum(path.read_text(errors="replace").count("\n")
                   for path in self.workspace.glob("runs/*/*/journal.jsonl"))

    def expect_same_when_interrupted(self, row):
        undisturbed = self.folder / "undisturbed"
        self.expect(OK, *few_steps(row), workspace=undisturbed)
        expected = results(self.records(undisturbed))
        self.assertEqual(len(expected), 2)  # with 40 labels and with 250
        for kill in (kill_all, lambda process: process.send_signal(signal.SIGTERM), kill_all):
            process = self.start_harness(*few_steps(row))
            before = self.journal_lines()
            wait_until(lambda: self.journal_lines() >= before + 3 or process.poll() is not None)
            kill(process)
            process.communicate(timeout=120)
            self.assertIn(process.returncode, (OK, STOPPED, -signal.SIGKILL))
        self.expect(OK, *few_steps(row))
        self.assertEqual(results(self.records()), expected)
        for record in self.records().values():
            self.assertEqual(len(record["curves"]["top1"]), 5)

    def test_an_interrupted_teacher_ends_with_the_same_bits(self):
        self.expect_same_when_interrupted("MeanTeacher")

    def test_an_interrupted_run_with_pseudo_labels_ends_with_the_same_bits(self):
        self.expect_same_when_interrupted("PseudoLabel")

    def test_every_row_reports_best_last_mean_and_median(self):
        report = self.expect_json(*few_steps("PseudoLabel"))
        row = next(row for row in report["tables"][0]["rows"] if row["label"] == "PseudoLabel")
        values = {cell["column"]: cell["measured"]["mean"] for cell in row["cells"]}
        self.assertGreaterEqual(values["l250"], values["l250_last"])
        self.assertGreaterEqual(values["l250"], values["l250_mean"])
        self.assertGreaterEqual(values["l250"], values["l250_median"])

    def test_more_labels_than_pictures_are_refused_before_anything_runs(self):
        done = self.expect(USAGE, *few_steps("PseudoLabel", "/dataset/of/train_pictures=100"))
        self.assertIn("25 labels of each class are asked for, but class 0 has 10 pictures",
                      done.stderr)


if __name__ == "__main__":
    unittest.main()
