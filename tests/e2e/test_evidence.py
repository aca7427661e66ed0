"""Which pictures each model got right: kept with the run, compared in pairs, carried along."""
import hashlib
import json
import shutil
import unittest

from program import OK, WORKER, Case


def read_evidence(path):
    """The header, and the number of pictures that are right by metric."""
    head, packed = path.read_bytes().split(b"\n", 1)
    head = json.loads(head)
    each = (head["pictures"] + 7) // 8
    counts = {metric: sum(bin(byte).count("1") for byte in packed[i * each:(i + 1) * each])
              for i, metric in enumerate(head["metrics"])}
    return head, counts


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Evidence(Case):
    quick = True

    def compared(self, **options):
        first, second = sorted(self.records())
        return self.expect_json("compare", first, second, **options)

    def test_it_is_kept_compared_and_carried_along(self):
        run = ("run", "table6", "--only", "Baseline", "--seeds", "0-1")
        self.expect(OK, *run)
        for record in self.records().values():
            path = record["folder"] / "evidence.bits"
            self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(),
                             record["evidence_sha256"])
            head, counts = read_evidence(path)
            self.assertEqual(head["manifest_sha256"],
                             record["environment"]["dataset"]["manifest_sha256"])
            for metric, count in counts.items():
                self.assertEqual(100 * count / head["pictures"], record["metrics"][metric])

        again = self.folder / "again"
        self.expect(OK, *run, workspace=again)
        self.assertEqual({name: one["evidence_sha256"] for name, one in self.records().items()},
                         {name: one["evidence_sha256"] for name, one in self.records(again).items()})

        compared = self.compared()
        top1, = [one for one in compared["flips"] if one["metric"] == "top1"]
        change, = [one for one in compared["metrics"] if one["name"] == "top1"]
        gained = top1["wrong_to_right"] - top1["right_to_wrong"]
        self.assertAlmostEqual(100 * gained / top1["pictures"], change["difference"])

        other = self.folder / "other"
        self.expect(OK, "ingest", self.workspace, workspace=other)
        self.assertEqual(self.compared(workspace=other)["flips"], compared["flips"])
        moved = shutil.copytree(self.workspace, self.folder / "moved")
        (moved / "harness.db").unlink()
        self.expect(OK, "db", "rebuild", workspace=moved)
        self.assertEqual(self.compared(workspace=moved)["flips"], compared["flips"])

    def test_a_lost_file_is_told_and_costs_no_figure(self):
        self.expect(OK, "run", "table6", "--only", "Baseline")
        record, = self.records().values()
        (record["folder"] / "evidence.bits").unlink()
        checked = self.expect_json("db", "check", code=5)
        self.assertIn("evidence.bits: is gone", checked["problems"][0])
        cell = self.expect_json("report", "table6")["tables"][0]["rows"][0]["cells"][0]
        self.assertEqual(cell["state"], "done")


if __name__ == "__main__":
    unittest.main()
