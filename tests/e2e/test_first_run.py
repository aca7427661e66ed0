"""From an empty workspace to a printed table, and later commands on the same workspace."""
import json
import os
import resource
import signal
import subprocess
import sys
import unittest

from program import ROWS, RUNS, WORKER, Case, descendants, results, send, wait_until

TABLE6 = ["Baseline", "Mask Low", "Mask High", "Mask Random"]


class WithoutRunning(Case):
    def cost_s(self, act):
        """The least processor time of several calls in seconds: other programs may disturb."""
        costs = []
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            act()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            costs.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        return min(costs)

    @unittest.skipIf(os.environ.get("HARNESS_SANITIZED"), "a sanitizer's cost is not the program's")
    def test_quick_commands_cost_little_more_than_starting_python(self):
        python_s = self.cost_s(lambda: subprocess.run([sys.executable, "-c", "import json"]))
        # plan and check ask harness-worker for its options, so they take a second.
        for command in (["list"], ["runs"], ["report", "table6"]):
            cost_s = self.cost_s(lambda: self.expect(0, *command))
            self.assertLess(cost_s, 4 * python_s + 0.02, command)

    def test_list_shows_every_row_as_pending(self):
        rows = self.expect_json("list", "table6")["experiments"]
        self.assertEqual([row["row"] for row in rows], TABLE6)
        for row in rows:
            self.assertEqual((row["table"], row["scale"], row["state"]),
                             ("table6", "smoke", "pending"))
            self.assertRegex(row["key"], "^[0-9a-f]{16}$")
            self.assertEqual(row["seeds"]["done"], [])

    def test_list_fits_eighty_columns(self):
        for line in self.expect(0, "list", "table6").stdout.splitlines():
            self.assertLessEqual(len(line), 80)

    def test_list_tells_that_photographs_are_absent(self):
        rows = self.expect_json("list", "table6", "--scale", "mini")["experiments"]
        self.assertEqual({row["state"] for row in rows}, {"unavailable"})
        self.assertIn("imagenette96", rows[0]["reason"])

    def test_plan_puts_the_pretraining_before_what_needs_it_and_only_once(self):
        runs = self.expect_json("plan", "table6", "--seeds", "0")["runs"]
        self.assertEqual(len(runs), 5)
        keys = [run["key"] for run in runs]
        self.assertEqual(len(set(keys)), 5)
        for place, run in enumerate(runs):
            for needed in run["depends_on"]:
                self.assertLess(keys.index(needed), place)
        pretraining = next(run for run in runs if run["experiment"].startswith("pretrain/"))
        self.assertEqual(len(pretraining["needed_by"]), 3)

    def test_dry_run_is_plan_and_leaves_nothing_behind(self):
        dry = self.expect_json("run", "table6", "--dry-run")["runs"]
        self.assertEqual(dry, self.expect_json("plan", "table6")["runs"])
        self.assertFalse(self.workspace.exists())

    def test_another_value_gives_another_key(self):
        keys = [row["key"] for row in self.expect_json("list", "table6")["experiments"]]
        changed = self.expect_json("list", "table6", "--set", "/recipe/epochs=3")["experiments"]
        self.assertTrue(set(keys).isdisjoint(row["key"] for row in changed))

    def test_common_options_stand_before_or_after_the_command(self):
        after = self.run_harness("list", "--json")
        before = self.run_harness("--json", "list")
        self.assertEqual(before.stdout, after.stdout)
        self.assertEqual(json.loads(before.stdout)["schema_version"], 1)

    def test_version(self):
        self.assertRegex(self.expect(0, "--version").stdout, r"^harness \d+\.\d+\.\d+\n$")
        self.assertIn("version", self.expect_json("--version"))

    def test_doctor_answers_in_text_and_json(self):
        checks = self.run_harness("doctor", "--json")
        names = [check["name"] for check in json.loads(checks.stdout)["checks"]]
        for name in ("threads", "memory", "disk", "database"):
            self.assertIn(name, names)

    def test_the_embedded_data_set_is_complete(self):
        self.assertIn("complete", self.expect(0, "data", "check", "shapes").stdout)
        found = {entry["name"]: entry for entry in self.expect_json("data", "list")["datasets"]}
        self.assertEqual(found["shapes"]["state"], "complete")
        self.assertEqual(found["imagenet"]["state"], "absent")


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Running(Case):
    quick = True

    def test_a_table_is_run_once_and_then_only_printed(self):
        first = self.expect(0, "run", "table6", *ROWS)
        self.assertIn("| Mask Low", first.stdout)
        self.assertIn("77.87", first.stdout)
        self.assertNotIn("\r", first.stderr)
        records = self.records()
        self.assertEqual(len(records), RUNS)

        again = self.expect_json("run", "table6", *ROWS)
        self.assertEqual(again["executed"], [])
        cells = [row["cells"][0] for row in again["tables"][0]["rows"]]
        self.assertEqual(sum(cell["measured"] is not None for cell in cells), 2)
        self.check_afterwards(records)
        self.check_database_from_runs()

    def check_database_from_runs(self):
        """The database is an index that can be rebuilt from the run directories."""
        before = self.expect(0, "report", "table6", "--format", "json").stdout
        self.expect(0, "db", "check")
        for file in self.workspace.glob("harness.db*"):
            file.unlink()
        self.assertNotEqual(self.expect(0, "report", "table6", "--format", "json").stdout, before)
        self.assertEqual(self.expect_json("db", "rebuild")["ingested"], RUNS)
        self.assertEqual(self.expect(0, "report", "table6", "--format", "json").stdout, before)
        other = self.folder / "other"
        self.expect(0, "ingest", self.workspace, workspace=other)
        self.assertEqual(self.expect_json("db", "check", workspace=other)["runs"], RUNS)

    def check_afterwards(self, records):
        name, record = next((n, r) for n, r in records.items() if "Baseline" in r["experiment"])
        shown = self.expect_json("show", name[:8])["run"]
        self.assertEqual(shown["metrics"], record["metrics"])
        self.assertIn("top1", self.expect(0, "show", name).stdout)
        self.expect(0, "report", "all", "-o", self.folder / "reports")
        self.assertTrue(list((self.folder / "reports").glob("table6*")))
        picture = self.folder / "grey.ppm"
        picture.write_bytes(b"P6\n40 30\n255\n" + bytes(3600))
        self.expect(0, "masks", picture, "-o", self.folder / "masks.png")  # by the runs' weights
        self.assertEqual((self.folder / "masks.png").read_bytes()[:4], b"\x89PNG")
        done = [r for r in self.expect_json("list", "table6")["experiments"]
                if r["state"] == "done"]
        self.assertEqual(sorted(r["row"] for r in done), ["Baseline", "Mask Low"])
        left = self.expect_json("list", "table6", "--pending")["experiments"]
        self.assertEqual(sorted(r["row"] for r in left), ["Mask High", "Mask Random"])

    def test_fresh_runs_again_and_gets_the_same(self):
        self.expect(0, "run", "table6", "--only", "Baseline")
        before = results(self.records())
        executed = self.expect_json("run", "table6", "--only", "baseline", "--fresh")
        self.assertEqual(len(executed["executed"]), 1)
        self.assertEqual(results(self.records()), before)

    def test_loader_threads_do_not_change_a_result(self):
        found = []
        for threads in (0, 2):
            workspace = self.folder / f"threads{threads}"
            self.expect(0, "run", "table6", "--only", "Baseline", "--loader-threads",
                        threads, workspace=workspace)
            found.append(results(self.records(workspace)))
        self.assertEqual(*found)

    def test_runs_at_the_same_time_do_not_change_a_result(self):
        found = []
        for jobs in (1, 2, 3):
            workspace = self.folder / f"jobs{jobs}"
            self.expect(0, "run", "table6", "--jobs", jobs, workspace=workspace)
            self.assertEqual({record["environment"]["threads"]
                              for record in self.records(workspace).values()}, {1})
            found.append(results(self.records(workspace)))
        self.assertEqual(len(found[0]), 5)
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])

    def test_two_processes_in_one_workspace_share_the_work(self):
        processes = [self.start_harness("run", "table6", *ROWS, "--json")
                     for _ in range(2)]
        executed = []
        for process in processes:
            out, err = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, err)
            executed += [f"{run['key']}-s{run['seed']}" for run in json.loads(out)["executed"]]
        self.assertEqual(sorted(executed), sorted(self.records()))

    def test_a_worker_that_is_killed_is_replaced_and_told_of(self):
        process = self.start_harness("run", "table6", "--only", "Baseline")
        journal = lambda: list(self.workspace.glob("runs/*/*/journal.jsonl"))  # noqa: E731
        self.assertTrue(wait_until(journal))
        for worker in descendants(process.pid):
            send(worker, signal.SIGKILL)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn("SIGKILL", err)
        self.assertIn("tried again", err)


if __name__ == "__main__":
    unittest.main()
