"""Models judged after they were recorded: Figures 2 and 4, and the speed in Table 9."""
import json

import program


class Judging(program.Case):
    quick = True

    def run_json(self, *arguments):
        done = self.run_harness("run", *arguments, "--json")
        self.assertEqual(done.returncode, program.OK, done.stderr)
        return json.loads(done.stdout)

    def report(self):
        return self.run_harness("report", "figure2", "figure4", "--format", "json").stdout

    def test_a_recorded_model_is_judged_and_not_trained_again(self):
        self.run_json("table6")
        planned = json.loads(self.run_harness("plan", "figure2", "--json").stdout)["runs"]
        self.assertEqual({run["kind"] for run in planned}, {"evaluate"})
        self.assertEqual(len(planned), 3)
        result = self.run_json("figure2")
        self.assertEqual({run["kind"] for run in result["executed"]}, {"evaluate"})
        for row in result["tables"][0]["rows"]:
            for cell in row["cells"]:
                self.assertEqual(cell["state"], "done")
                self.assertGreaterEqual(cell["measured"]["mean"], 0)
                self.assertLessEqual(cell["measured"]["mean"], 100)
        self.assertEqual(self.run_json("figure2")["executed"], [])

    def test_judgements_come_back_from_the_run_directories(self):
        self.run_json("figure2")
        self.run_json("figure4", "--only", "Cutout")
        before = self.report()
        for path in self.workspace.glob("harness.db*"):
            path.unlink()
        self.assertNotEqual(self.report(), before)
        self.assertEqual(self.run_harness("db", "rebuild").returncode, program.OK)
        self.assertEqual(self.report(), before)

    def test_what_judges_drew_stands_beside_the_table(self):
        self.run_json("figure2")
        folder = self.folder / "reports"
        done = self.run_harness("report", "figure2", "-o", folder)
        self.assertEqual(done.returncode, program.OK, done.stderr)
        self.assertTrue((folder / "figure2.png").read_bytes().startswith(b"\x89PNG"))
        self.assertIn("Mean attention score", (folder / "figure2.scores.svg").read_text())
        self.assertIn("](figure2.png)", (folder / "figure2.md").read_text())
        page = self.run_harness("report", "figure2", "--format", "html").stdout
        self.assertIn("data:image/png;base64,", page)
        for picture in self.workspace.glob("runs/*/*/judged/*.png"):
            picture.write_bytes(b"changed")
        done = self.run_harness("report", "figure2", "--format", "html")
        self.assertNotIn("data:image/png;base64,", done.stdout)
        self.assertIn("was changed since it was drawn", done.stderr)

    def test_a_damaged_judgement_is_told_and_made_again(self):
        self.run_json("figure4", "--only", "Baseline")
        before = self.report()
        judgement = next(self.workspace.glob("runs/*/*/judged/occlusion-*.json"))
        judgement.write_text("{")
        for path in self.workspace.glob("harness.db*"):
            path.unlink()
        done = self.run_harness("db", "rebuild")
        self.assertEqual(done.returncode, program.INTEGRITY)
        self.assertIn(judgement.name, done.stderr)
        again = self.run_harness("run", "figure4", "--only", "Baseline", "--json")
        self.assertEqual(again.returncode, program.OK, again.stderr)
        self.assertEqual([run["kind"] for run in json.loads(again.stdout)["executed"]],
                         ["evaluate"])
        cells = lambda text: [row["cells"] for row in json.loads(text)["tables"][1]["rows"]]
        self.assertEqual(cells(self.report()), cells(before))

    def test_speeds_come_with_their_spread(self):
        result = self.run_json("table9", "--only", "MAE-Mini 0.40")
        cells = {cell["column"]: cell for cell in result["tables"][0]["rows"][0]["cells"]}
        self.assertGreater(cells["speed"]["measured"]["mean"], 0)
        self.assertGreater(cells["speed"]["measured"]["within_run_ci95"], 0)
        self.assertEqual(cells["top1"]["state"], "done")
