"""A data set packed into one file is read as any other, and damage to it is told by name."""
import json
import unittest

from program import INTEGRITY, USAGE, Case


class Pack(Case):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.pack = self.data / "small/pictures.pack"
        self.told = self.expect_json("data", "pack", "shapes", "--short-side", 16, "--as", "small",
                                     "-o", self.data)
        self.own = ["--experiments", self.folder / "experiments", "--data-dir", self.data]

    def test_it_is_a_data_set_with_a_name_of_its_own(self):
        entry = json.loads((self.folder / "experiments/datasets.json").read_text())["small"]
        self.assertEqual((entry["kind"], entry["train_pictures"], entry["val_pictures"],
                          entry["classes"]), ("packed", 2000, 1000, 10))
        checked = self.expect_json("data", "check", "small", *self.own)
        self.assertEqual((checked["state"], checked["decoded"], checked["checksums_compared"]),
                         ("complete", True, 1))
        self.expect(USAGE, "data", "pack", "shapes", "--as", "small", "-o", self.data, *self.own[:2])

    def test_damage_is_told_by_name(self):
        whole = self.pack.read_bytes()
        self.pack.write_bytes(whole[:-1])
        told = self.expect(INTEGRITY, "data", "check", "small", "--quick", *self.own).stderr
        self.assertIn(str(self.pack), told)
        self.pack.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
        told = self.expect(INTEGRITY, "data", "check", "small", *self.own).stderr
        self.assertIn(str(self.pack), told)


if __name__ == "__main__":
    unittest.main()
