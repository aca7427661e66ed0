"""A result belongs to the contents of the files it was measured with, not only to their names."""
import json
import shutil
import unittest

from program import OK, WORKER, Case


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Inputs(Case):
    quick = True

    def trained(self, *words):
        done = self.expect_json("run", *words)
        self.assertEqual({run["state"] for run in done["executed"]} - {"done"}, set())
        return [run["experiment"] for run in done["executed"]]

    def cell(self, *words):
        (table,) = self.expect_json("report", *words)["tables"]
        (row,) = table["rows"]
        return next(cell for cell in row["cells"] if cell["state"])  # the first measured column

    def check_a_change(self, words, change, change_back, name):
        """Checks messages and results after a file changes and after it is restored."""
        said = f"measured with other contents of {name}"
        self.assertEqual(len(self.trained(*words)), 1)
        before = self.cell(*words)["measured"]
        self.assertEqual(self.trained(*words), [])
        change()
        (row,) = self.expect_json("list", *words)["experiments"]
        self.assertEqual((row["state"], row["reason"]), ("pending", said))
        self.assertEqual(self.expect_json("plan", *words)["runs"][0]["reason"], said)
        cell = self.cell(*words)
        self.assertEqual((cell["measured"], cell["state"]), (None, "pending"))
        self.assertEqual(cell["reason"], said)
        label = words[0] + "/" + words[words.index("--only") + 1]
        options = [word for word in words[1:] if word not in ("--only", label.split("/")[1])]
        explained = self.expect(OK, "explain", label, *options).stdout
        self.assertIn(said, explained.replace("\n", " "))
        (old,) = self.records().values()
        self.assertEqual(len(self.trained(*words)), 1)
        weights = {json.loads(path.read_text())["weights_sha256"]
                   for path in self.workspace.glob("runs/*/*/record.json")}
        self.assertEqual(len(weights), 2)
        (kept,) = self.workspace.glob("runs/*/*.inputs-*/record.json")
        self.assertEqual(json.loads(kept.read_text())["weights_sha256"], old["weights_sha256"])
        self.assertNotIn("inputs-", self.expect(OK, "gc").stdout)
        self.expect(OK, "db", "check")
        change_back()
        self.assertEqual(self.trained(*words), [])
        self.assertEqual(self.cell(*words)["measured"], before)

    def test_the_default_policy_of_a_method(self):
        policy = self.experiments / "policies/autoaugment_imagenet.json"
        text = policy.read_text()
        other = json.loads(text)
        other["sub_policies"] = [[["Invert", 1.0, None], ["Solarize", 1.0, 0]]]
        self.check_a_change(["table1", "--only", "AutoAugment"],
                            lambda: policy.write_text(json.dumps(other)),
                            lambda: policy.write_text(text), "policies/autoaugment_imagenet.json")

    def test_a_file_of_weights(self):
        self.expect(OK, "run", "table6", "--only", "Mask Low")
        for record in self.records().values():
            if record["spec"]["task"] == "mae_pretrain":
                shutil.copy(record["folder"] / "weights.safetensors", self.folder / "mae.weights")
        shutil.rmtree(self.workspace)
        weights = self.folder / "mae.weights"
        data = weights.read_bytes()
        other = data[:-1000] + bytes(1000)
        self.check_a_change(
            ["table6", "--only", "Mask Low",
             "--set", f'/batch_transforms=[{{"mra":{{"hide":"low","weights":"{weights}"}}}}]'],
            lambda: weights.write_bytes(other), lambda: weights.write_bytes(data), str(weights))

    def test_the_pictures_of_a_data_set(self):
        own = self.folder / "own"
        self.expect(OK, "init", own)
        picture = sorted((own / "my_pictures/train").glob("*/*.png"))[0]
        other = sorted((own / "my_pictures/train").glob("*/*.png"))[-1]
        data = picture.read_bytes()
        self.check_a_change(
            ["my_table", "--only", "Baseline", "--experiments", own / "experiments", "--set",
             "/recipe/epochs=1"],
            lambda: shutil.copy(other, picture), lambda: picture.write_bytes(data),
            "data set my_pictures")


if __name__ == "__main__":
    unittest.main()
