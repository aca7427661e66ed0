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

    def test_mistakes_are_found(self):
        for name, path, key, value in MISTAKES:
            with self.subTest(file=name, key=key, value=value):
                whole = json.loads((EXPERIMENTS / name).read_text())
                part = whole
                for step in path:
                    part = part[step]
                part[key] = value
                self.assertFalse(self.validator.is_valid(whole))


if __name__ == "__main__":
    unittest.main()
