"""The paper against itself, and controls of the program."""
import json
import unittest

from program import OK, ROOT, USAGE, WORKER, Case


class Audit(Case):
    def test_findings_name_places_and_both_values(self):
        audit = self.expect_json("audit")
        (found,) = [f for f in audit["findings"]
                    if {"table": "table4", "row": "PseudoLabel", "column": "l250"} in f["places"]]
        self.assertEqual((found["said"], found["found"]), (47.94, 44.55))
        self.assertTrue(all(f["places"] or f["kind"] == "text" for f in audit["findings"]))
        gap = next(one for one in audit["recomputed"] if one["id"] == "t1-gain")
        self.assertEqual((gap["said"], gap["found"], gap["agrees"]), (2.04, 2.04, True))
        recomputed = {one["id"] for one in audit["recomputed"]}
        for name, claim in json.loads((ROOT / "experiments/claims.json").read_text()).items():
            if claim["table"] not in ("controls", "figure4"):  # which print no numbers
                self.assertIn(name, recomputed)
        text = self.expect(OK, "audit", "table9").stdout
        self.assertIn("Table 9, MAE-Large, Params(M): 329.2", text)
        self.assertNotIn("Table 4", text)

    def test_an_unknown_table_is_an_error(self):
        self.assertIn("did you mean 'table4'", self.expect(USAGE, "audit", "table44").stderr)


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Controls(Case):
    quick = True

    def test_they_run_and_are_judged(self):
        data = json.loads((self.experiments / "datasets.json").read_text())
        data["shuffled_shapes"]["of"] |= {"train_pictures": 128, "val_pictures": 64}
        (self.experiments / "datasets.json").write_text(json.dumps(data))
        self.expect(OK, "run", "controls")
        rows = {row["label"]: row["cells"][0]["measured"]["values"]
                for row in self.expect_json("report", "controls")["tables"][0]["rows"]}
        self.assertEqual(rows["Identity"], rows["Baseline"])
        self.assertEqual(len(rows["Shuffled labels"]), 4)
        claims = {c["id"]: c for c in self.expect_json("claims", "controls")["claims"]}
        self.assertEqual(set(claims), {"control-identity", "control-labels", "control-seeds"})
        for claim in claims.values():
            self.assertNotEqual(claim["verdict"], "not comparable", claim)


if __name__ == "__main__":
    unittest.main()
