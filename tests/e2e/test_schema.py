"""The JSON Schema that editors complete and check experiments with."""
import json
import sys
import unittest

from program import OK, ROOT, Case

sys.path.append(str(ROOT / ".deps/jsonschema"))  # where ci/setup puts it
try:
    import jsonschema
except ImportError:
    jsonschema = None

EXPERIMENTS = ROOT / "experiments"
TABLE5 = json.loads((EXPERIMENTS / "tables/table5.json").read_text())
MAML = next(i for i, row in enumerate(TABLE5["rows"])
            if row.get("with", {}).get("task_options", {}).get("method") == "maml")
# In a file, the object at a path gets a key or value that the readers refuse.
MISTAKES = (
    ("tables/table6.json", (), "colums", []),
    ("tables/table6.json", ("rows", 0), "whith", {}),
    ("tables/table6.json", ("rows", 1, "paper"), "top1", {"valeu": 77.87}),
    ("tables/table6.json", ("columns", 0), "decimals", 12),
    ("tables/table6.json", ("rows", 1, "with"), "batch_transforms", [{"mraa": {}}]),
    ("tables/table6.json", ("rows", 1, "with"), "batch_transforms", [{"cutout": {"size_frc": 1}}]),
    ("tables/table6.json", ("rows", 1, "with"), "image_transforms", [{"randaugment": {"m": 99}}]),
    ("pretrain/mae_mini_r40.json", ("model",), "widht", 64),
    ("recipes/ablation_r50_90ep.json", (), "extnds", "recipes/imagenet_r50_300ep"),
    ("recipes/ablation_r50_90ep.json", ("recipe",), "epoch", 90),
    ("recipes/ablation_r50_90ep.json", ("recipe",), "epochs", 0),
    ("recipes/ablation_r50_90ep.json", ("recipe",), "optimizer", "sdg"),
    ("pretrain/mae_mini_r40.json", ("input",), "sizee_px", 224),
    ("pretrain/mae_mini_r40.json", (), "task", "mae_pretrian"),
    ("pretrain/mae_mini_r40.json", ("task_options",), "hiden_frac", 0.4),
    ("pretrain/mae_mini_r40.json", ("task_options",), "hidden_frac", 1.5),
    ("pretrain/mae_mini_r40.json", ("task_options",), "sampler", "class"),  # of another task
    ("recipes/imagenet_lt_rx50_90ep.json", ("task_options",), "sampler", "clas"),
    ("recipes/stl10_wrn28.json", ("task_options",), "steps_per_epochs", 64),
    ("recipes/stl10_wrn28.json", ("task_options",), "steps_per_epoch", "many"),
    ("recipes/stl10_wrn28.json", ("at", "mini", "task_options"), "step_per_epoch", 64),
    ("recipes/miniimagenet_episodes.json", ("task_options",), "shots", 5),
    ("tables/table4.json", ("rows", 0, "with", "task_options"), "algorithm", "pimodel"),
    ("tables/table4.json", ("rows", 0, "with", "task_options"), "threshold", 0.9),  # of FixMatch
    ("tables/table4.json", ("rows", 6, "with", "task_options"), "treshold", 0.9),
    ("tables/table4.json", ("rows", 6, "with", "task_options"), "threshold", 3),
    ("tables/table5.json", ("rows", MAML, "with", "task_options"), "method", "mmal"),
    ("tables/table5.json", ("rows", MAML, "with", "task_options"), "method_options",
     {"iner_steps": 3}),
    ("tables/table5.json", ("rows", MAML, "with", "task_options"), "method_options",
     {"relation_loss": "mse"}),  # of RelationNet
    ("scales/smoke.json", ("mae_pretrain", "task_options"), "steps_per_epoch", 4),
    ("scales/smoke.json", (), "supervisd", {}),
    ("scales/smoke.json", ("supervised", "dataset"), "nam", "shapes"),
    ("datasets.json", ("imagenette96",), "clases", 10),
    ("datasets.json", ("imagenette96",), "classes", "ten"),
    ("origins.json", ("cutmix",), "titel", "CutMix"),
    ("claims.json", ("t6-low-random",), "sentense", "Mask Low is superior"),
    ("claims.json", ("t6-low-random",), "kind", "gapp"),
    ("claims.json", ("t6-low-random", "margin"), "sauce", "half of the gap"),
    ("statements.json", ("mra-cutmix",), "colum", "top1"),
    ("open_choices.json", ("mra-score", "alternatives", 0), "sets", []),
)
# The same, with what the readers take.
RIGHT = (
    ("tables/table4.json", ("rows", 6, "with", "task_options"), "threshold", 0.9),
    ("tables/table4.json", ("rows", 6, "with", "task_options"), "ramp_frac", None),
    ("tables/table4.json", ("rows", 6, "with"), "task_options", None),
    ("tables/table5.json", ("rows", MAML, "with", "task_options"), "method_options",
     {"inner_steps": 3}),
    ("recipes/stl10_wrn28.json", ("task_options",), "algorithm", "uda"),
)


@unittest.skipUnless(jsonschema, "jsonschema could not be installed; see .deps/jsonschema.log")
class Schema(Case):
    def setUp(self):
        super().setUp()
        schema = json.loads(self.expect(OK, "check", "--schema").stdout)
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)

    def test_every_shipped_file_is_valid(self):
        files = [path for path in EXPERIMENTS.rglob("*.json") if path.parent.name != "policies"]
        self.assertGreater(len(files), 30)
        for path in files:
            with self.subTest(file=str(path.relative_to(EXPERIMENTS))):
                errors = self.validator.iter_errors(json.loads(path.read_text()))
                self.assertEqual([], [error.message[:300] for error in errors])

    def check_changed(self, changes, valid):
        for name, path, key, value in changes:
            with self.subTest(file=name, key=key, value=value):
                whole = json.loads((EXPERIMENTS / name).read_text())
                part = whole
                for step in path:
                    part = part[step]
                part[key] = value
                self.assertEqual(valid, self.validator.is_valid(whole))

    def test_mistakes_are_found(self):
        self.check_changed(MISTAKES, False)

    def test_what_the_readers_take_is_valid(self):
        self.check_changed(RIGHT, True)


if __name__ == "__main__":
    unittest.main()
