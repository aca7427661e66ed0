"""The paper against itself, other answers to what it leaves open, and controls of the program."""
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
class Sensitivity(Case):
    quick = True

    def test_an_alternative_is_run_and_compared_with_what_is_chosen(self):
        asked = ("sensitivity", "table8", "--choice", "mask-fill")
        planned = self.expect_json(*asked, "--dry-run")["runs"]
        done = self.expect_json(*asked)
        self.assertEqual(len(planned), len(self.records()))
        self.assertEqual(len(planned), 7)  # a pretraining, four rows, and those with MRA again
        (answer,) = done["alternatives"]
        self.assertEqual([(c["row"], len(c["alternative"]["values"])) for c in answer["cells"]],
                         [("MRA Mask", 1), ("MRA", 1)])
        repeated = answer["cells"][1]  # reconstructs, so nothing is filled
        self.assertEqual(repeated["default"]["values"], repeated["alternative"]["values"])
        self.assertEqual({v["claim"] for v in answer["verdicts"]}, {"t8-mask-cutout", "t8-reconstruction"})
        self.assertEqual(self.expect_json(*asked, "--dry-run")["runs"], [])
        row = self.expect_json("report", "--as", "mask-fill/black")["tables"][0]["rows"][2]
        self.assertEqual(row["cells"][0]["measured"]["values"], answer["cells"][0]["alternative"]["values"])
        self.assertIn("did you mean 'mask-fill'",
                      self.expect(USAGE, "sensitivity", "table8", "--choice", "mask-fil").stderr)

    def test_a_choice_with_a_wrong_place_or_value_is_found(self):
        path = self.experiments / "open_choices.json"
        choices = json.loads(path.read_text())
        choices["mra-output"]["alternatives"][0]["set"] = ["/batch_transforms/0/mra/compose=pasted"]
        choices["nesterov"]["alternatives"][0]["set"] = ["/recipe/nestrov=false"]
        choices["warm-up"]["alternatives"][0]["set"] = ["/batch_transforms/7/mra/prob=1"]
        choices["table1-recipe"]["alternatives"][0]["set"] = ["/recipe/epochs=300"]
        path.write_text(json.dumps(choices))
        done = self.run_harness("check")
        for part in ("unknown value 'pasted'", "nestrov", "no row of table1 has this element"):
            self.assertIn(part, done.stderr)


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
