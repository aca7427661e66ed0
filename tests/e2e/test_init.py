"""A user's own experiments: the example runs without changes, and installed files stay as they are.
"""
import json
import os
import subprocess
import unittest

from program import HARNESS, OK, USAGE, WORKER, Case


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Init(Case):

    def here(self, *words, code=OK):
        """Runs the program in the example's folder, without options or variables for paths."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HARNESS_")}
        done = subprocess.run([HARNESS, *words], cwd=self.folder / "own", env=environment,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_the_example_runs_at_once_and_from_a_folder_below(self):
        self.expect(OK, "init", str(self.folder / "own"))
        self.assertIn("my_table", self.here("list", "my_table").stdout)
        words = ["run", "my_table", "--set", "/recipe/epochs=1", "--json"]
        table = json.loads(self.here(*words).stdout)
        self.assertEqual([run["state"] for run in table["executed"]], ["done", "done"])
        below = self.folder / "own/my_pictures/train"
        self.assertIn("my_table", subprocess.run([HARNESS, "list", "my_table"], cwd=below,
                                                 capture_output=True, text=True).stdout)
        self.assertIn("complete", self.here("data", "list").stdout)
        self.assertIn("own/my_pictures", self.here("doctor").stdout)

    def test_what_is_there_is_not_written_over(self):
        self.expect(OK, "init", str(self.folder / "own"))
        again = self.expect(USAGE, "init", str(self.folder / "own"))
        self.assertIn("exists already", again.stderr)

    def test_a_table_of_a_taken_name_is_refused_with_both_places(self):
        self.expect(OK, "init", str(self.folder / "own"))
        tables = self.folder / "own/experiments/tables"
        (tables / "my_table.json").rename(tables / "table6.json")
        told = self.here("list", "table6", code=USAGE).stderr
        self.assertIn("table6.json is defined in ", told)
        self.assertIn(str(tables), told)


if __name__ == "__main__":
    unittest.main()
