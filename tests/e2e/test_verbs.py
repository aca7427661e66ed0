"""Labels, pictures of methods, the live line, and what is told when something goes wrong."""
import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import termios
import unittest
import zlib

from program import ENVIRONMENT, HARNESS, OK, ROOT, USAGE, WORKER, Case


def write_png(path, size_px=32):
    """A picture with all kinds of colours."""
    rows = b"".join(b"\0" + bytes((7 * x + 5 * y * c) % 256 for x in range(size_px) for c in range(3))
                    for y in range(size_px))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", size_px, size_px, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
                     chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Labels(Case):
    quick = True

    def test_a_label_stands_for_its_set_in_every_command(self):
        values = ("--set", "/recipe/epochs=1")
        self.expect(OK, "run", "table6", "--only", "Baseline", *values, "--as", "one epoch")
        cells = self.expect_json("report", "--as", "one epoch")["tables"][0]["rows"][0]["cells"]
        self.assertEqual(cells[0]["state"], "done")
        listed = self.expect_json("list", "--as", "one epoch", "--only", "Baseline")["experiments"]
        self.assertEqual([entry["state"] for entry in listed], ["done"])
        planned = self.expect_json("plan", "--as", "one epoch", "--only", "Baseline")
        self.assertEqual(planned["runs"], [])
        run, = self.expect_json("runs")["runs"]
        self.assertEqual(run["cells"], ["table6/Baseline at smoke as one epoch"])
        done = self.expect(USAGE, "run", "table6", "--set", "/recipe/epochs=2", "--as", "one epoch")
        self.assertIn("stands for --set /recipe/epochs=1 already", done.stderr)


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Pictures(Case):
    def augment(self, *arguments):
        return self.expect_json("augment", *arguments, "-o", self.folder / "grid.png")

    def test_each_picture_tells_the_operations_that_were_drawn(self):
        picture = write_png(self.folder / "Mädchen.png")
        drawn = self.augment("randaugment", picture, "--set", "n=2", "--draws", "3")
        name, *captions = drawn["captions"][0]
        self.assertEqual(name, "Mädchen.png")
        self.assertEqual(len(captions), 3)
        for caption in captions:
            self.assertRegex(caption, r"^[A-Z]\w+( -?[\d.e+-]+)?, [A-Z]\w+( -?[\d.e+-]+)?$")
        self.assertEqual(drawn["note"], 'randaugment {"n":2}')

    def test_what_a_mixing_method_changed_is_visible(self):
        pictures = [write_png(self.folder / "a.png", 32), write_png(self.folder / "b.png", 48)]
        drawn = self.augment("saliencymix", *pictures, "--draws", "1", "--size", "32")
        self.assertIn("changed in 1", drawn["titles"])

    def test_a_name_that_begins_with_a_dash_stands_after_two(self):
        write_png(self.folder / "-rf.png")
        done = self.expect(OK, "augment", "cutout", "-o", self.folder / "grid.png", "--workspace",
                           self.workspace, "--", "-rf.png", workspace=self.folder / "unused")
        self.assertIn("grid.png", done.stderr)

    def test_a_name_that_is_a_command_too_is_an_argument(self):
        write_png(self.folder / "list")
        self.expect(OK, "augment", "cutout", self.folder / "list", "-o", self.folder / "grid.png")
        done = self.expect(USAGE, "plan", "methods", "--seeds", "0")
        self.assertIn("unknown table or figure 'methods'", done.stderr)

    def command(self, *arguments, workspace=None):
        words = super().command(*arguments, workspace=workspace)
        # What follows "--" is no option: the workspace goes before it.
        return words[:-2] if "--" in arguments else words

    def test_the_reason_of_the_worker_is_in_the_error(self):
        damaged = self.folder / "damaged.png"
        damaged.write_bytes(b"no picture")
        done = self.run_harness("augment", "cutout", damaged, "-o", self.folder / "x.png", "--json")
        error = json.loads(done.stdout)["error"]
        self.assertIn("damaged.png", error["message"])
        for text in (error["message"], error["hint"]):
            self.assertNotIn("stands above", text)
            self.assertNotIn("[harness-worker]", text)
        self.assertNotIn("[harness-worker]", done.stderr)

    def test_a_killed_worker_is_told_with_its_signal(self):
        program = shutil.copy(HARNESS, self.folder)
        worker = self.folder / "harness-worker"
        worker.write_text("#!/bin/sh\nkill -9 $$\n")
        worker.chmod(0o755)
        done = subprocess.run([program, "augment", "cutout", write_png(self.folder / "a.png"), "-o",
                               self.folder / "x.png"], stderr=subprocess.PIPE, text=True,
                              env=self.environment(HARNESS_EXPERIMENTS=ROOT / "experiments"))
        self.assertIn("harness-worker: was killed by signal 9 (SIGKILL)", done.stderr)


class FullOutput(Case):
    def test_a_full_stdout_has_one_reason(self):
        for arguments in (("list",), ("--version",), ("report", "table6"), ("methods",), ("-h",),
                          ("list", "--json"), ("data", "list")):
            with open("/dev/full", "w") as full:
                done = subprocess.run(self.command(*arguments), stdout=full, text=True,
                                      stderr=subprocess.PIPE, env=self.environment(
                                          HARNESS_EXPERIMENTS=ROOT / "experiments"))
            self.assertEqual(done.returncode, ENVIRONMENT, arguments)
            self.assertIn("stdout: cannot be written: No space left on device", done.stderr)


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class LiveLine(Case):
    quick = True

    def test_it_keeps_loss_and_time_left_within_40_columns(self):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
        process = subprocess.Popen(self.command("run", "table6", "--only", "Baseline", "--set",
                                                "/recipe/epochs=12"),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=theirs, env=self.environment(TERM="xterm"))
        os.close(theirs)
        text = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the program has closed the terminal
                break
            if not piece:
                break
            text += piece
        os.close(ours)
        self.assertEqual(process.wait(), OK)
        lines = [re.sub(r"\x1b\[\d*m", "", line)
                 for line in re.split(r"\r\x1b\[K|\r\n", text.decode())]
        live = [line for line in lines if "loss" in line]
        self.assertTrue(live, text)
        for line in live:
            self.assertLess(len(line), 40, line)
            self.assertRegex(line, r"loss \d.*left|loss \d")


if __name__ == "__main__":
    unittest.main()
