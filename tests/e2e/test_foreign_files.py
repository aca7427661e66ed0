"""Files with odd names, and things that are not files, given to the real programs."""
import json
import os
import shutil
import struct
import subprocess
import unittest

from program import INTEGRITY, OK, USAGE, Case, ROOT

WEIGHTS = ROOT / "tests/weights/foreign/state_dict_ema.pth"


class ForeignFiles(Case):
    def pipe(self, name):
        path = self.folder / name
        os.mkfifo(path)
        return path

    def picture(self, name="a.ppm"):
        path = self.folder / name
        path.write_bytes(b"P6\n8 8\n255\n" + bytes(range(192)))
        return path

    def harness_bytes(self, *arguments):
        """Runs the program with output as bytes, because names may not be UTF-8."""
        return subprocess.run([os.fsencode(word) for word in self.command(*arguments)],
                              capture_output=True, timeout=120, env=self.environment(),
                              stdin=subprocess.DEVNULL, cwd=self.folder)

    def test_a_pipe_is_not_waited_for(self):
        done = self.expect(INTEGRITY, "weights", "inspect", self.pipe("a.pth"), timeout=30)
        self.assertIn("is a pipe, not a file", done.stderr)
        self.expect(INTEGRITY, "weights", "convert", self.folder / "a.pth",
                    self.folder / "out.safetensors", timeout=30)
        done = self.expect(USAGE, "augment", "cutout", self.pipe("a.jpg"), "-o",
                           self.folder / "out.png", timeout=30)
        self.assertIn("is not a regular file", done.stderr)
        self.expect(INTEGRITY, "weights", "inspect", "/dev/zero", timeout=30)

    def test_weights_for_a_method_are_not_waited_for(self):
        done = self.expect(INTEGRITY, "augment", "mra", self.picture(), "-o",
                           self.folder / "out.png", "--weights", self.pipe("mae.pth"), timeout=60)
        self.assertIn("is a pipe, not a file", done.stderr)

    def test_names_that_are_not_utf8_give_valid_json(self):
        name = self.folder / os.fsdecode(b"caf\xe9.pth")
        shutil.copy(WEIGHTS, name)
        out = self.folder / os.fsdecode(b"out\xff.safetensors")
        done = self.harness_bytes("weights", "convert", name, out, "--json")
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertGreater(json.loads(done.stdout)["tensors"], 0)
        header = struct.unpack("<Q", out.read_bytes()[:8])[0]
        json.loads(out.read_bytes()[8 : 8 + header])
        for options in ((), ("--json",)):
            done = self.harness_bytes("augment", "mra", self.picture(), "-o",
                                      self.folder / "x.png", "--weights", name, *options)
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn(b"patch_embed", done.stderr)
            self.assertNotIn(b"internal", done.stderr + done.stdout)
            if options:
                json.loads(done.stdout)

    def test_control_characters_in_names_are_shown_as_escapes(self):
        name = self.folder / "a\x1b]0;x\x07\r.pth"
        shutil.copy(ROOT / "tests/weights/foreign/keys.pth", name)
        for arguments in (("inspect", name), ("inspect", f"{name}.none"),
                          ("convert", name, self.folder / "\x1b[2J.safetensors"),
                          ("convert", name, self.folder / "\x1b[2J.pth")):
            done = self.harness_bytes("weights", *arguments)
            told = done.stdout + done.stderr
            self.assertIn(b"\\x1b", told)
            self.assertFalse({0x1B, 0x07, 0x0D} & set(told), told)


if __name__ == "__main__":
    unittest.main()
