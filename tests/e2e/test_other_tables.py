"""Rows of Tables 2, 3 and 5, made short: trained, killed and gone on with, judged, printed."""
import json
import unittest

import program

TABLES = {  # a row, and what makes it short
    "table2": ("MRA", ["/recipe/epochs=2"]),
    "table3": ("Class-Balanced", ["/recipe/epochs=3", "/dataset/most=20", "/dataset/least=2"]),
    "table5": ("5-shot ProtoNet",
               ["/recipe/epochs=3", "/recipe/evaluate_every_epochs=1",
                "/task_options/episodes_per_epoch=4", "/task_options/validation_episodes=4",
                "/dataset/of/train_pictures=400"]),
}


class Mini(program.Case):
    def test_cars_and_aircraft_say_that_they_have_no_small_stand_in(self):
        said = "no small stand-in: the whole data set is needed"
        report = self.expect_json("report", "table2", "--scale", "mini")["tables"][0]
        self.workspace.mkdir()
        entries = self.expect_json("list", "table2", "--scale", "mini")["experiments"]
        for row in report["rows"]:
            self.assertEqual([said in (cell["reason"] or "") for cell in row["cells"]],
                             [False, True, True])
        for entry in entries:
            self.assertEqual(said in (entry["reason"] or ""), entry["columns"] != ["CUB-200"])


@unittest.skipUnless(program.WORKER.exists(), "harness-worker is not built")
class OtherTables(program.Case):
    quick = True

    def arguments(self, table):
        row, changes = TABLES[table]
        only = ["--only", row]
        return only + [word for change in changes for word in ("--set", change)]

    def measured(self, table, workspace):
        """What the row's cells show."""
        changes = self.arguments(table)[2:]
        done = self.expect(program.OK, "report", table, "--format", "json", *changes,
                           workspace=workspace)
        [row] = [row for row in json.loads(done.stdout)["tables"][0]["rows"]
                 if TABLES[table][0] in (row["label"], f"{row['group']} {row['label']}")]
        return [(cell["state"], cell["measured"]) for cell in row["cells"]]

    def test_killed_and_resumed_they_come_out_the_same(self):
        for table in TABLES:
            with self.subTest(table):
                undisturbed, killed = self.folder / f"{table}-a", self.workspace
                command = ["run", table, *self.arguments(table)]
                self.expect(program.OK, *command, workspace=undisturbed)
                for _ in range(3):
                    self.kill_after_a_journal_line(command)
                self.expect(program.OK, *command)
                expected = program.results(self.records(undisturbed))
                found = program.results(self.records(killed))
                self.assertEqual({name: found.get(name) for name in expected}, expected)
                cells = self.measured(table, undisturbed)
                self.assertEqual({state for state, _ in cells}, {"done"})
                self.assertEqual(self.measured(table, killed), cells)

    def kill_after_a_journal_line(self, command):
        def lines():
            return sum(path.read_text(errors="replace").count("\n")
                       for path in self.workspace.glob("runs/*/*/journal.jsonl"))
        before = lines()
        process = self.start_harness(*command)
        program.wait_until(lambda: lines() > before or process.poll() is not None)
        program.kill_all(process)


if __name__ == "__main__":
    unittest.main()
