"""Maintenance of a workspace: damage is found, and files that nothing refers to can be deleted."""
import os
import shutil
import unittest

from program import ENVIRONMENT, INTEGRITY, OK, USAGE, WORKER, Case, results


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Workspace(Case):
    quick = True

    def setUp(self):
        super().setUp()
        self.expect(OK, "run", "table6", "--only", "Baseline")
        (self.name, record), = self.records().items()
        self.folder_of_run = record["folder"]

    def check(self):
        return self.expect_json("db", "check", code=INTEGRITY)

    def test_a_sound_one_has_no_problems(self):
        found = self.expect_json("db", "check")
        self.assertEqual((found["runs"], found["directories"], found["problems"]), (1, 1, []))
        self.assertIn("1 runs, 1 run directories looked at, 0 problems",
                      self.expect(OK, "db", "check", "--quick").stdout)

    def test_changed_weights_are_found_and_made_again(self):
        before = results(self.records())
        weights = self.folder_of_run / "weights.safetensors"
        data = bytearray(weights.read_bytes())
        data[-5] ^= 4
        weights.write_bytes(data)
        self.assertEqual(self.check()["files"], [str(weights)])
        self.expect(OK, "db", "check", "--quick")
        self.expect(OK, "run", "table6", "--only", "Baseline", "--fresh")
        self.expect(OK, "db", "check")
        self.expect(OK, "gc", "--delete")  # the run that was moved aside
        self.assertEqual(results(self.records()), before)

    def test_a_lost_database_is_made_again_from_the_runs(self):
        report = self.expect_json("report", "table6")
        for file in self.workspace.glob("harness.db*"):
            file.unlink()
        self.assertIn("not in the database", self.check()["problems"][0])
        self.expect(OK, "db", "rebuild")
        self.expect(OK, "db", "check")
        self.assertEqual(self.expect_json("report", "table6"), report)

    def test_gc_shows_first_and_deletes_only_when_told(self):
        self.assertEqual(self.expect_json("gc")["garbage"], [])
        self.expect(OK, "run", "table6", "--only", "Baseline", "--fresh")
        (self.folder_of_run / "journal.jsonl.damaged").write_text("x")
        (self.workspace / "mine.txt").write_text("x")
        shown = self.expect_json("gc")
        self.assertFalse(shown["deleted"])
        self.assertEqual(sorted(entry["why"] for entry in shown["garbage"]),
                         ["a run moved aside by --fresh", "damaged, and set aside"])
        for entry in shown["garbage"]:
            self.assertTrue(os.path.exists(entry["path"]))
        out = self.expect(OK, "gc", "--delete").stdout
        self.assertIn(".old-", out)
        for entry in shown["garbage"]:
            self.assertFalse(os.path.exists(entry["path"]))
        self.assertTrue((self.workspace / "mine.txt").exists())
        self.expect(OK, "db", "check")
        self.assertEqual(len(self.records()), 1)

    def test_no_secret_of_the_environment_is_in_what_a_run_leaves(self):
        self.expect(OK, "run", "table6", "--only", "Baseline", "--fresh",
                    API_TOKEN="secret-7f3a", HOME="/secret-7f3a")
        self.expect(OK, "report", "table6", "--format", "html", "-o", self.folder / "report",
                    API_TOKEN="secret-7f3a")
        for path in [*self.workspace.rglob("*"), *(self.folder / "report").rglob("*")]:
            if path.is_file():
                self.assertNotIn(b"secret-7f3a", path.read_bytes(), path)

    def test_what_a_run_leaves_can_be_written_by_its_owner_alone(self):
        for path in self.workspace.rglob("*"):
            self.assertEqual(path.stat().st_mode & 0o022, 0, path)

    def test_runs_may_lie_on_another_disk_which_the_workspace_remembers(self):
        report = self.expect_json("report", "table6")
        disk = self.folder / "disk"
        refused = self.expect(USAGE, "list", "--runs", disk / "runs").stderr
        self.assertIn("runs of this workspace are in", refused)
        shutil.rmtree(disk)
        shutil.move(self.workspace / "runs", disk / "runs")
        self.expect(OK, "db", "check", "--runs", disk / "runs")
        found = self.expect_json("db", "check")  # without the option
        self.assertEqual((found["runs"], found["directories"], found["problems"]), (1, 1, []))
        self.assertEqual(self.expect_json("report", "table6"), report)
        self.expect(OK, "run", "table6", "--only", "Baseline", "--seeds", "1")
        self.assertEqual(len(list(disk.glob("runs/*/*/record.json"))), 2)
        self.expect(OK, "run", "table6", "--only", "Baseline", "--fresh")
        self.assertIn("moved aside", self.expect(OK, "gc").stdout)
        disk.rename(self.folder / "away")
        message = self.expect(ENVIRONMENT, "list").stderr
        self.assertIn(f"is a link to {disk}/runs, which does not exist", message)
        self.expect(OK, "db", "rebuild", "--runs", self.folder / "away/runs")
        self.expect(OK, "db", "check")

    def test_another_workspace_takes_in_the_same_runs(self):
        other = self.folder / "other"
        self.expect(OK, "db", "rebuild", "--runs", self.workspace / "runs", workspace=other)
        self.assertEqual(self.expect_json("report", "table6", workspace=other),
                         self.expect_json("report", "table6"))

    def test_an_absent_workspace_is_no_trouble(self):
        shutil.rmtree(self.workspace)
        self.assertEqual(self.expect_json("gc")["garbage"], [])
        self.assertEqual(self.expect_json("db", "check")["runs"], 0)


if __name__ == "__main__":
    unittest.main()
