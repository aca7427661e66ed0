"""Mistakes in specs are found before anything runs, and nothing is recorded."""
import json
import os
import stat
import unittest

from program import OK, USAGE, Case

# A row of a table gets a value that some reader refuses; what the message must name.
MISTAKES = (
    ("dataset", {"nam": "shapes"}, "/dataset/nam"),
    ("dataset", {"train_pictures": "many"}, "/dataset/train_pictures"),
    ("input", {"sizee_px": 64}, "/input/sizee_px"),
    ("input", {"hflip_prob": 2}, "/input/hflip_prob"),
    ("model", {"widht": 8}, "/model/widht"),
    ("recipe", {"epoch": 3}, "/recipe/epoch"),
    ("task_options", {"smapler": "class"}, "/task_options/smapler"),
    ("image_transforms", [{"randaugment": {"mm": 3}}], "/image_transforms/0/randaugment/mm"),
    ("batch_transforms", [{"cutout": {"size_frc": 0.5}}], "/batch_transforms/0/cutout/size_frc"),
    ("batch_transforms", [{"mixup": {}}, {"cutmix": {"probb": 1}}],
     "/batch_transforms/1/cutmix/probb"),
    ("batch_transforms", [{"mra": {"weights": "run:pretrain/mae_mini_r40", "hidde": "low"}}],
     "/batch_transforms/0/mra/hidde"),
    ("evaluate", [{"occlusion": {"step": 8}}], "/evaluate/0/occlusion/step"),
)


class Preflight(Case):
    quick = True

    def table(self, **rows):
        """A table "mine" whose rows differ from the smallest of Table 6 in what is given."""
        table = {"title": "Mine", "columns": [{"name": "top1", "metric": "top1"}],
                 "base": "recipes/ablation_r50_90ep",
                 "rows": [{"label": label, "with": patch} for label, patch in rows.items()]}
        (self.experiments / "tables/mine.json").write_text(json.dumps(table))

    def test_every_misspelt_key_is_named_with_its_place(self):
        for number, (key, value, where) in enumerate(MISTAKES):
            with self.subTest(where=where):
                self.table(**{f"row{number}": {key: value}})
                for command in (["check"], ["plan", "mine"], ["run", "mine"]):
                    done = self.expect(USAGE, *command)
                    self.assertIn("mine.json", done.stderr)
                    self.assertIn(where, done.stderr)
        self.assertEqual({}, self.records())
        self.assertFalse(self.workspace.exists())

    def test_all_mistakes_come_in_one_message(self):
        self.table(**{str(i): {key: value} for i, (key, value, _) in enumerate(MISTAKES[7:])})
        document = self.expect_json("run", "mine", code=USAGE)
        told = json.dumps(document["errors"])
        for _, _, where in MISTAKES[7:]:
            self.assertIn(where, told)
        self.assertEqual(document["error"], document["errors"][0])

    def test_the_nearest_option_is_named(self):
        self.table(row={"batch_transforms": [{"cutmix": {"probb": 1}}]})
        self.assertIn("'prob'", self.expect(USAGE, "plan", "mine").stderr)

    def test_a_batch_larger_than_the_data(self):
        done = self.expect(USAGE, "run", "table6", "--only", "Baseline", "--set",
                           "/recipe/batch_size=129")
        self.assertIn("129", done.stderr)
        self.assertIn("128 pictures", done.stderr)
        self.assertEqual({}, self.records())

    def test_published_weights_of_another_network(self):
        weights = self.folder / "weights"
        self.expect(OK, "run", "table6", "--only", "Baseline", timeout=600)
        weights.mkdir()
        [record] = self.records().values()
        (record["folder"] / record["weights_file"]).rename(weights / "small.safetensors")
        self.table(row={"task_options": {"weights": "file:small.safetensors"},
                        "model": {"name": "resnet18", "width": 12}})
        done = self.expect(USAGE, "plan", "mine", "--data-dir", self.folder)
        self.assertIn("small.safetensors", done.stderr)

    def test_only_the_owner_writes_whatever_the_umask(self):
        before = os.umask(0)
        self.addCleanup(os.umask, before)
        self.expect(OK, "run", "table6", "--only", "Baseline", timeout=600)
        for path in self.workspace.rglob("*"):
            self.assertEqual(0, path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH), path)


if __name__ == "__main__":
    unittest.main()
