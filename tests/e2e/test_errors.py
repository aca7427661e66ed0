"""Every error message says where the mistake is and how to fix it; exit codes are as documented."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import unittest

from program import ENVIRONMENT, INTEGRITY, ROOT, ROWS, USAGE, WORKER, Case

MISTAKES = [
    # arguments, exit code, words that the message must contain
    (["rn"], USAGE, ["unknown command 'rn'", "did you mean 'run'?"]),
    (["run"], USAGE, ["no table or figure is named", "table6"]),
    (["run", "tabel6"], USAGE, ["tabel6", "did you mean 'table6'?"]),
    (["run", "table6", "--scale", "mni"], USAGE, ["unknown scale 'mni'", "did you mean 'mini'?"]),
    (["run", "table6", "--sclae", "mini"], USAGE, ["--sclae", "did you mean '--scale'?"]),
    (["run", "table6", "--only", "Mask Lwo"], USAGE,
     ["unknown row 'Mask Lwo'", "did you mean 'Mask Low'?"]),
    (["run", "table6", "--seeds", "2-0"], USAGE, ["--seeds", "'2-0'", "0-2"]),
    (["run", "table6", "--time-limit", "soon"], USAGE, ["--time-limit", "'soon'", "30m"]),
    (["run", "table6", "--jobs", "0"], USAGE, ["--jobs"]),
    (["run", "table6", "--device", "gpu"], USAGE, ["--device", "gpu", "cuda"]),
    (["list", "--set", "recipe.epochs=1"], USAGE, ["--set", "/recipe/epochs"]),
    (["list", "--set", "/recipe/epocs=1"], USAGE, ["epocs", "did you mean 'epochs'?"]),
    (["list", "--set", '/recipe/epochs="many"'], USAGE, ["/recipe/epochs", "many"]),
    (["list", "--set", "/recipe/micro_batch=999"], USAGE,
     ["/recipe/micro_batch", "above the batch_size of"]),
    (["list", "--color", "blue"], USAGE, ["--color", "blue"]),
    (["report", "table6", "--format", "markdwn"], USAGE, ["markdwn", "did you mean 'markdown'?"]),
    (["bench", "train", "table4", "--only", "FixMatch", "--save", "x"], USAGE,
     ["--save", "of one run, but 2 runs are chosen"]),
    (["show", "0123"], USAGE, ["no run begins with '0123'"]),
    (["data", "check", "imagenete96"], USAGE, ["imagenete96", "imagenette96"]),
]


class Mistakes(Case):
    def test_each_says_what_and_cure_in_text(self):
        for arguments, code, words in MISTAKES:
            with self.subTest(" ".join(arguments)):
                done = self.expect(code, *arguments)
                self.assertEqual(done.stdout, "")
                self.assertIn("fix: ", done.stderr)
                for word in words:
                    self.assertIn(word, done.stderr)

    def test_each_says_the_same_in_json(self):
        for arguments, code, words in MISTAKES:
            with self.subTest(" ".join(arguments)):
                error = self.expect_json(*arguments, code=code)["error"]
                self.assertEqual(error["kind"], "usage")
                for word in words:
                    self.assertIn(word, error["message"] + " " + error["hint"])


class Surroundings(Case):
    def test_no_command_shows_help_and_is_a_mistake(self):
        self.assertIn("Examples:", self.expect(USAGE).stderr)

    def test_help_begins_with_examples(self):
        for arguments in (["-h"], ["run", "-h"], ["data", "-h"], ["data", "check", "--help"]):
            self.assertTrue(self.expect(0, *arguments).stdout.startswith("Examples:\n"), arguments)

    def test_experiments_that_are_not_there(self):
        done = self.expect(USAGE, "list", HARNESS_EXPERIMENTS=str(self.folder))
        self.assertIn(str(self.folder), done.stderr)

    def test_a_spec_with_an_unknown_key_is_found_by_check(self):
        experiments = self.copy_of_experiments()
        path = experiments / "tables/table6.json"
        table = json.loads(path.read_text())
        table["rows"][0]["lable"] = table["rows"][0].pop("label")
        path.write_text(json.dumps(table))
        done = self.expect(USAGE, "check", HARNESS_EXPERIMENTS=str(experiments))
        self.assertIn("table6.json: /rows/0", done.stderr)

    def test_a_cycle_of_extends_shows_its_way(self):
        experiments = self.copy_of_experiments()
        path = experiments / "recipes/imagenet_r50_300ep.json"
        recipe = json.loads(path.read_text())
        recipe["extends"] = "recipes/ablation_r50_90ep"
        path.write_text(json.dumps(recipe))
        done = self.expect(USAGE, "check", HARNESS_EXPERIMENTS=str(experiments))
        self.assertIn("recipes/ablation_r50_90ep", done.stderr)
        self.assertIn("recipes/imagenet_r50_300ep", done.stderr)

    def copy_of_experiments(self):
        return shutil.copytree(ROOT / "experiments", self.folder / "experiments")

    def test_an_absent_data_set_shows_the_folders_expected(self):
        done = self.expect(ENVIRONMENT, "run", "table6", "--scale", "mini", "--data-dir",
                           self.folder)
        for word in ("imagenette96", "train", "val", "--data-dir", "HARNESS_DATA"):
            self.assertIn(word, done.stderr)

    def test_a_database_of_another_program_is_left_alone(self):
        self.workspace.mkdir()
        path = self.workspace / "harness.db"
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE notes (text)")
        before = path.read_bytes()
        for command in (["list"], ["report", "table6"], ["run", "table6"]):
            done = self.expect(INTEGRITY, *command)
            self.assertIn("harness.db", done.stderr)
        self.assertEqual(path.read_bytes(), before)

    def test_a_database_of_a_newer_version_is_refused(self):
        self.expect(0, "run", "table6", "--dry-run")
        self.workspace.mkdir(exist_ok=True)
        with sqlite3.connect(self.workspace / "harness.db") as database:
            database.execute(f"PRAGMA application_id = {0x4d524148}")
            database.execute("PRAGMA user_version = 999")
        self.assertIn("999", self.expect(INTEGRITY, "list").stderr)

    def test_a_workspace_that_cannot_be_made_is_named(self):
        (self.folder / "file").write_text("in the way")
        done = self.expect(ENVIRONMENT, "run", "table6", *ROWS,
                           workspace=self.folder / "file/out")
        self.assertIn(str(self.folder / "file"), done.stderr)

    def test_a_read_only_workspace_is_named(self):
        folder = pathlib.Path("/proc/1") if os.getuid() == 0 else self.folder / "locked"
        if os.getuid() != 0:  # root may write to any folder but those of the kernel
            folder.mkdir(mode=0o555)
        done = self.expect(ENVIRONMENT, "run", "table6", *ROWS, workspace=folder / "out")
        self.assertIn(str(folder), done.stderr)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_full_disk_behind_stdout_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run(self.command("list"), stdout=full, stderr=subprocess.PIPE,
                                  text=True, cwd=self.folder, env=self.environment())
        self.assertEqual(done.returncode, ENVIRONMENT)
        self.assertIn("stdout", done.stderr)

    @unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
    @unittest.skipIf(os.path.exists("/proc/driver/nvidia"), "this machine has a GPU")
    def test_cuda_without_a_gpu_is_an_error_with_a_cure(self):
        done = self.expect(ENVIRONMENT, "run", "table6", *ROWS, "--device", "cuda")
        self.assertIn("--device cpu", done.stderr)


if __name__ == "__main__":
    unittest.main()
