"""Charts of figures as files, drawn from prepared records, so that nothing is trained."""
import csv
import json
import os
import shutil
import struct
import unittest
import xml.etree.ElementTree

import program

RECORDS = program.ROOT / "tests/reports/expected/runs"
TOP1 = (81.5, 82.25, 84.5)  # of the seeds 0, 1, 2: their mean is 82.75
SVG = "{http://www.w3.org/2000/svg}"
RASTERISER = shutil.which("rsvg-convert")


class Charts(program.Case):
    def setUp(self):
        super().setUp()
        other = self.folder / "recorded"
        for path in RECORDS.iterdir():
            record = json.loads(path.read_text())
            for seed, top1 in enumerate(TOP1):
                record["seed"] = seed
                if "top1" in record["metrics"]:
                    record["metrics"]["top1"] = top1
                run = other / "runs" / record["key"][:2] / f"{record['key'][2:]}-s{seed}"
                run.mkdir(parents=True)
                (run / "record.json").write_text(json.dumps(record))
        self.expect(program.OK, "ingest", other)

    def report(self, *arguments, folder="report", **environment):
        done = self.expect(program.OK, "report", "figure3", *arguments, "-o", self.folder / folder,
                           **environment)
        return self.folder / folder, done

    def test_numbers_of_the_csv_are_those_of_json(self):
        folder, _ = self.report()
        with open(folder / "figure3.points.csv", newline="") as file:
            points = list(csv.DictReader(file))
        table = self.expect_json("report", "figure3")["tables"][0]
        expected = []
        for row in table["rows"]:
            cell = row["cells"][0]
            if cell["paper"] is not None:
                expected.append(("paper", float(row["label"]), cell["paper"], None, None))
            if cell["measured"]:
                measured = cell["measured"]
                expected.append(("measured", float(row["label"]), measured["mean"],
                                 measured["sd"], measured["n"]))
        got = [(point["series"], float(point["x"]), float(point["y"]),
                float(point["sd"]) if point["sd"] else None,
                int(point["n"]) if point["n"] else None) for point in points]
        self.assertEqual(sorted(got, key=str), sorted(expected, key=str))
        self.assertIn(("measured", 0.4, 82.75), [point[:3] for point in got])

    def test_the_svg_stands_alone(self):
        folder, _ = self.report()
        root = xml.etree.ElementTree.parse(folder / "figure3.svg").getroot()
        self.assertEqual(root.tag, SVG + "svg")
        words = {text.text for text in root.iter(SVG + "text")}
        self.assertLessEqual({"Figure 3", "Masking ratio", "Top-1 (%)", "paper", "measured",
                              "0.2", "0.75", "0.8"}, words)
        for element in root.iter():
            self.assertNotIn("class", element.attrib)
            self.assertFalse([name for name in element.attrib if name.endswith("href")])

    @unittest.skipUnless(RASTERISER, "rsvg-convert is not there")
    def test_the_png_is_the_svg_at_two_pixels_a_unit(self):
        folder, done = self.report()
        picture = (folder / "figure3.png").read_bytes()
        self.assertEqual(picture[:8], b"\x89PNG\r\n\x1a\n")
        root = xml.etree.ElementTree.parse(folder / "figure3.svg").getroot()
        self.assertEqual(struct.unpack(">II", picture[16:24]),
                         (2 * int(root.get("width")), 2 * int(root.get("height"))))
        self.assertIn("figure3.png", done.stderr)

    def test_the_same_database_gives_the_same_bytes(self):
        first, _ = self.report(folder="one")
        second, _ = self.report(folder="two", LC_ALL="de_DE.UTF-8", TZ="Asia/Tokyo")
        names = sorted(path.name for path in first.iterdir())
        self.assertEqual(names, sorted(path.name for path in second.iterdir()))
        for name in names:
            self.assertEqual((first / name).read_bytes(), (second / name).read_bytes(), name)

    def test_without_the_program_for_png_one_line_says_so(self):
        folder, _ = self.report()
        (folder / "figure3.png").write_bytes(b"of an older report")
        folder, done = self.report(PATH="")
        self.assertEqual({path.name for path in folder.iterdir()},
                         {"figure3.md", "figure3.svg", "figure3.points.csv", "index.md"})
        said = [line for line in done.stderr.splitlines() if "librsvg2-bin" in line]
        self.assertEqual(len(said), 1, done.stderr)
        self.assertNotIn("figure3.png", (folder / "index.md").read_text())

    def test_a_program_for_png_that_fails_leaves_no_picture(self):
        broken = self.folder / "bin/rsvg-convert"
        broken.parent.mkdir()
        broken.write_text("#!/bin/sh\nexit 3\n")
        broken.chmod(0o755)
        folder, done = self.report(PATH=f"{broken.parent}:{os.environ['PATH']}")
        self.assertIn(f"{broken} failed", done.stderr)
        self.assertEqual([path.name for path in folder.iterdir() if "png" in path.name], [])

    def test_pictures_are_shown_where_they_stand_beside(self):
        folder, _ = self.report("--format", "latex")
        self.assertIn("](figure3.svg)", (folder / "index.md").read_text())
        folder, _ = self.report(folder="markdown")
        self.assertIn("](figure3.svg)", (folder / "figure3.md").read_text())
        printed = self.expect(program.OK, "report", "figure3").stdout
        self.assertNotIn("](", printed)

    def test_a_figure_without_a_point_has_no_chart(self):
        folder = self.folder / "none"
        self.expect(program.OK, "report", "figure4", "-o", folder)
        self.assertEqual({path.name for path in folder.iterdir()}, {"figure4.md", "index.md"})
