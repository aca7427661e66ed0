"""Reports and pictures as files: every format, the index, and errors."""
import json
import subprocess

import program
from page import Page


class Reports(program.Case):
    quick = True

    def expect_sound(self, text):
        page = Page(text)
        self.assertEqual(page.faults, [])
        return page

    def test_every_format_names_every_table(self):
        for name in ("markdown", "latex", "csv", "json", "html"):
            done = self.run_harness("report", "all", "--format", name)
            self.assertEqual(done.returncode, program.OK, done.stderr)
            for table in ("table1", "table9", "figure4"):
                heading = table.replace("table", "Table ").replace("figure", "Figure ")
                self.assertTrue(table in done.stdout or heading in done.stdout, f"{name} {table}")

    def test_a_folder_gets_a_file_for_each_table_and_an_index(self):
        for name, extension, index in (("csv", "csv", "index.md"), ("html", "html", "index.html")):
            folder = self.folder / name
            done = self.run_harness("report", "table1", "table6", "--format", name, "-o", folder)
            self.assertEqual(done.returncode, program.OK, done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertEqual({path.name for path in folder.iterdir()},
                             {f"table1.{extension}", f"table6.{extension}", index})
            self.assertIn("table1", (folder / index).read_text())
            if name == "html":
                self.assertIn("index.html", self.expect_sound(
                    (folder / "table1.html").read_text()).links)
                self.expect_sound((folder / index).read_text())

    def test_a_finished_run_stands_in_every_format_with_its_origin(self):
        done = self.run_harness("run", "table6", "--only", "Baseline")
        self.assertEqual(done.returncode, program.OK, done.stderr)
        report = json.loads(self.run_harness("report", "table6", "--format", "json").stdout)
        table = report["tables"][0]
        cell = table["rows"][0]["cells"][0]
        record = table["records"][0]
        self.assertEqual(record["key"], cell["runs"][0])
        for part in ("program", "libraries", "machine", "device", "threads", "command_line",
                     "started_by", "dataset"):
            self.assertTrue(record["environment"][part], part)
        self.assertGreater(record["cpu_s"], 0)
        self.assertEqual(cell["origin"]["id"], "cutmix")
        page = self.run_harness("report", "table6", "--format", "html").stdout
        self.assertIn(f"{cell['measured']['mean']:.2f}", page)
        self.assertIn(record["key"], page)
        self.assertIn(f"#run-{record['key']}-s0", self.expect_sound(page).links)
        self.assertIn("Measured on shapes (drawn; 128 train, 64 val pictures; 32 px).", page)
        badge = self.run_harness("report", "table6", "--format", "badge").stdout
        self.assertIn("at smoke scale: ", badge)

    def test_what_set_changes_shows_in_every_format(self):
        for name in ("markdown", "latex", "csv", "json", "html", "badge"):
            done = self.run_harness("report", "table6", "--set", "/recipe/epochs=2",
                                    "--format", name)
            self.assertIn("/recipe/epochs=2", done.stdout, name)

    def test_a_database_of_made_up_runs_is_measured(self):
        bench = program.HARNESS.parents[1] / "tests/store_bench"
        done = subprocess.run([bench, program.HARNESS, "50"], capture_output=True, text=True,
                              env=self.environment(HARNESS_EXPERIMENTS=program.ROOT / "experiments"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([line.split(":")[0] for line in done.stdout.splitlines()[1:]],
                         ["list all", "plan all", "report all"])


class Augment(program.Case):
    def picture(self, name, value):
        path = self.folder / name
        path.write_bytes(b"P6\n40 30\n255\n" + bytes([value, 255 - value, 90]) * 1200)
        return path

    def test_draws_of_every_built_method_are_a_picture(self):
        pictures = [self.picture("one.ppm", 30), self.picture("two.ppm", 200)]
        for method in ("autoaugment", "fast_autoaugment", "faster_autoaugment", "randaugment",
                       "dada", "cutout", "mixup", "cutmix", "saliencymix", "puzzlemix"):
            grid = self.folder / f"{method}.png"
            done = self.run_harness("augment", method, *pictures, "-o", grid, "--size", "64",
                                    "--draws", "2")
            self.assertEqual(done.returncode, program.OK, done.stderr)
            self.assertEqual(grid.read_bytes()[:4], b"\x89PNG", method)

    def test_the_same_seed_draws_the_same(self):
        picture = self.picture("one.ppm", 30)
        grids = []
        for seed in (1, 1, 2):
            path = self.folder / f"grid{len(grids)}.png"
            self.run_harness("augment", "randaugment", picture, "-o", path, "--seed", seed)
            grids.append(path.read_bytes())
        self.assertEqual(grids[0], grids[1])
        self.assertNotEqual(grids[0], grids[2])

    def test_mistakes_name_the_cure(self):
        picture = self.picture("one.ppm", 30)
        for arguments, word in ((("cutmx", picture), "cutmix"),
                                (("cutmix", picture), "two or more"),
                                (("randaugment", self.folder / "none.jpg"), "does not exist"),
                                (("randaugment", picture, "--set", "nn=3"), "did you mean"),
                                (("mixup", picture, picture, "--set", "alpha=-1"), "alpha"),
                                (("mra", picture), "--weights")):
            done = self.run_harness("augment", *arguments, "-o", self.folder / "grid.png")
            self.assertEqual(done.returncode, program.USAGE, (arguments, done.stderr))
            self.assertIn(word, done.stderr)
            self.assertFalse((self.folder / "grid.png").exists())

    def test_masks_need_runs_of_the_workspace_or_weight_files(self):
        picture = self.picture("one.ppm", 30)
        done = self.run_harness("masks", picture, "-o", self.folder / "masks.png", "--scale", "mini")
        self.assertEqual(done.returncode, program.USAGE, done.stderr)
        self.assertIn("harness run table6 --scale mini", done.stderr)
        done = self.run_harness("masks", self.folder, "-o", self.folder / "masks.png")
        self.assertIn("is a folder", done.stderr)
