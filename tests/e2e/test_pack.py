"""A data set packed into one file is read as any other, and damage to it is told by name."""
import json
import unittest

from program import INTEGRITY, OK, USAGE, WORKER, Case


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

    def test_its_reading_is_timed(self):
        rates = self.expect_json("bench", "loader", "small", "--size", 16, "--pictures", 300,
                                 "--jitter", 0.4, *self.own)
        self.assertEqual(rates["pictures"], 300)
        self.assertGreater(rates["images_per_s"], 0)
        self.assertGreater(rates["images_per_cpu_s"], 0)

    @unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
    def test_a_run_learns_from_it(self):
        done = self.expect_json("run", "table6", "--only", "Baseline", "--set",
                                '/dataset={"name":"small"}', "--set", "/recipe/epochs=1",
                                *self.own)
        self.assertEqual([run["state"] for run in done["executed"]], ["done"])
        (record,) = self.records().values()
        self.assertEqual(record["environment"]["determinism"], "strict")
        self.assertGreater(record["environment"]["data_wait_s"], 0)
        shown = self.expect(OK, "show", record["key"])
        self.assertRegex(shown.stdout, r"waited for pictures .* % of the time")


if __name__ == "__main__":
    unittest.main()
