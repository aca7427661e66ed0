"""Names of tables, rows and columns that mean something to the formats they are printed in."""
import json
import shutil
import subprocess
import sys
import unittest

from page import Page
from program import OK, ROOT, Case

sys.path.append(str(ROOT / ".deps/markdown"))  # where ci/setup puts it
try:
    from markdown_it import MarkdownIt
except ImportError:
    MarkdownIt = None

LABELS = ["[1em] up", "*", "*b* _c_ `d`", "a|b", r"a\|b", "two\nlines", "<script>alert(1)</script>",
          "&amp; \"q\" 'r'", r"\\ \end{tabular} %", "#1 ~ ^ {}", "[link](http://x.y)", "ü–±"]
ID = 'a "b"&<c>'


def has_booktabs():
    return shutil.which("pdflatex") and 0 == subprocess.run(
        ["kpsewhich", "booktabs.sty"], capture_output=True).returncode


class HostileLabels(Case):
    def setUp(self):
        super().setUp()
        folder = self.folder / "own"
        (folder / "tables").mkdir(parents=True)
        table = {"title": "a | b\n# c <b>", "base": "recipes/ablation_r50_90ep", "note": "<i>x</i> | y",
                 "columns": [{"name": "top1", "title": "*Top* | 1", "metric": "top1", "unit": "%"}],
                 "rows": [{"label": label, "note": "n <b> | *"} for label in LABELS]}
        (folder / f"tables/{ID}.json").write_text(json.dumps(table))
        self.folder.joinpath("out").mkdir()

    def report(self, form):
        return self.expect(OK, "report", ID, "--format", form, "--experiments",
                           self.folder / "own").stdout

    def test_html_is_read_as_it_was_written(self):
        page = Page(self.report("html"))
        shown = [label for label in page.labels if label]
        for label in LABELS:
            self.assertTrue(any(text.startswith(label.replace("\n", " ")) for text in shown), label)
        self.assertEqual(page.faults, [])
        self.assertNotIn("i", page.tags)
        for name in page.ids:
            self.assertRegex(name, r"^[A-Za-z0-9_-]+$")

    @unittest.skipUnless(MarkdownIt, "markdown-it-py could not be installed")
    def test_markdown_is_read_as_it_was_written(self):
        tokens = MarkdownIt("commonmark").enable("table").parse(self.report("markdown"))
        rows, cell, row = [], None, None
        for token in tokens:
            if token.type == "tr_open":
                row = []
            elif token.type in ("td_open", "th_open"):
                cell = []
            elif token.type == "inline" and cell is not None:
                self.assertTrue(all(child.type in ("text", "text_special") for child in token.children),
                                token.content)
                cell = ["".join(child.content for child in token.children)]
            elif token.type in ("td_close", "th_close"):
                row.append("".join(cell))
                cell = None
            elif token.type == "tr_close":
                rows.append(row)
        self.assertEqual({len(row) for row in rows}, {2})
        for label, row in zip(LABELS, rows[1:]):
            self.assertTrue(row[0].startswith(label.replace("\n", " ")), (label, row[0]))
        self.assertEqual([], [token for token in tokens if token.type.startswith("html")])

    def test_latex_rows_are_no_options_of_the_row_above(self):
        text = self.report("latex")
        for line in text.splitlines():
            self.assertFalse(line.startswith(("[", "*")), line)

    @unittest.skipUnless(has_booktabs(), "pdflatex or its package booktabs is not installed")
    def test_latex_compiles(self):
        source = "\\documentclass{article}\n\\usepackage{booktabs}\n\\usepackage[T1]{fontenc}\n" \
            "\\begin{document}\n" + self.report("latex") + "\\end{document}\n"
        self.folder.joinpath("report.tex").write_text(source)
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"],
                              cwd=self.folder, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:])


if __name__ == "__main__":
    unittest.main()
