"""Results in one file: made, checked without data, and refused when they are not what they were."""
import hashlib
import io
import json
import os
import shutil
import tarfile
import unittest

from program import INTEGRITY, OK, USAGE, WORKER, Case


def members(path):
    """{name: bytes} of a capsule, as Python's tarfile reads it."""
    with tarfile.open(path) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}


def pack(path, files, entries=()):
    """A tar archive of files, written by Python; `entries`: more TarInfo objects."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in entries:
            archive.addfile(info)
    # Python fills up to 10,240 bytes; the format asks for two empty blocks.
    archive = path.read_bytes().rstrip(b"\0")
    whole = -(-len(archive) // 512) * 512
    path.write_bytes(archive.ljust(whole + 1024, b"\0"))


def with_fitting_manifest(files):
    """The files, with hashes in the manifest that are right."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {name: hashlib.sha256(content).hexdigest()
                         for name, content in files.items() if name != "manifest.json"}
    return {**files, "manifest.json": json.dumps(manifest).encode()}


class OfNothing(Case):
    """A capsule of a workspace without runs: no training is needed to attack it."""

    def setUp(self):
        super().setUp()
        self.file = self.folder / "mine.tar"
        self.scratch = self.folder / "scratch"
        self.scratch.mkdir()
        self.expect(OK, "capsule", "make", "table6", "--out", self.file)
        self.files = members(self.file)

    def refused(self, code=INTEGRITY):
        """What is told; and nothing is left behind or written elsewhere."""
        before = sorted(os.listdir(self.folder))
        done = self.expect(code, "capsule", "verify", self.file, TMPDIR=str(self.scratch))
        self.assertEqual(os.listdir(self.scratch), [])
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        return done.stdout + done.stderr

    def test_a_cut_one_is_refused(self):
        whole = self.file.read_bytes()
        for size in (0, 100, 512, 3000, len(whole) // 2, len(whole) - 1024, len(whole) - 1):
            self.file.write_bytes(whole[:size])
            self.assertIn("mine.tar", self.refused())

    def test_hostile_members_are_refused(self):
        for name in ("../evil", "runs/../../evil", "/tmp/harness-evil", "evil"):
            pack(self.file, {**self.files, name: b"x"})
            self.assertIn("not part of a capsule", self.refused())
        link = tarfile.TarInfo("runs/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        pack(self.file, self.files, [link])
        self.assertIn("more than plain files", self.refused())
        twice = tarfile.TarInfo("runs/x")
        pack(self.file, {**self.files, "runs/x": b""}, [twice])
        self.assertIn("two members 'runs/x'", self.refused())

    def test_another_format_is_refused(self):
        manifest = json.loads(self.files["manifest.json"]) | {"format": 2, "program": "9.0.0"}
        pack(self.file, {**self.files, "manifest.json": json.dumps(manifest).encode()})
        told = self.refused()
        self.assertIn("has format 2, and this program reads format 1", told)
        self.assertIn("harness 9.0.0", told)

    def test_pages_of_another_program_are_told_as_such(self):
        self.files["reports/table6.md"] += b"more\n"
        manifest = json.loads(self.files["manifest.json"]) | {"program": "9.0.0"}
        self.files["manifest.json"] = json.dumps(manifest).encode()
        pack(self.file, with_fitting_manifest(self.files))
        told = self.refused()
        self.assertIn("reports/table6.md  line", told)
        self.assertIn("made by harness 9.0.0", told)

    def test_no_file_and_no_table_are_usage(self):
        self.file.unlink()
        self.assertIn("mine.tar", self.refused())
        self.expect(USAGE, "capsule", "make")
        self.expect(USAGE, "capsule", "make", "tabel6")


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class OfRuns(Case):
    quick = True

    def test_it_is_made_verified_elsewhere_and_changes_are_found(self):
        self.expect(OK, "run", "table6", "--only", "Baseline", "--only", "Mask Low",
                    "--seeds", "0-1")
        file = self.folder / "mine.tar"
        made = self.expect_json("capsule", "make", "table6", "--out", file)
        self.assertEqual(made["runs"], 5)  # with the pretraining
        bytes_made = file.read_bytes()
        self.expect(OK, "capsule", "make", "table6", "--out", file)
        self.assertEqual(file.read_bytes(), bytes_made)
        files = members(file)
        self.assertFalse([name for name in files if name.endswith((".safetensors", ".png", ".log"))])
        for end in ("/evidence.bits", "/journal.jsonl", "/trace.jsonl", "/environment.json"):
            self.assertTrue([name for name in files if name.endswith(end)], end)

        # Elsewhere: without the workspace, its experiments and its data.
        shutil.rmtree(self.workspace)
        shutil.rmtree(self.experiments)
        self.experiments = None
        self.assertEqual(self.expect_json("capsule", "verify", file)["faults"], [])

        # A digit in a record: its journal knows the hash, so the run no longer counts.
        name = next(name for name in files if name.endswith("/record.json")
                    and b"table6" in files[name])
        at = files[name].index(b'"top1"') + len(b'"top1":')
        at += next(i for i, byte in enumerate(files[name][at:]) if chr(byte).isdigit())
        digit = b"8" if files[name][at:at + 1] != b"8" else b"7"
        changed = files[name][:at] + digit + files[name][at + 1:]
        pack(file, with_fitting_manifest({**files, name: changed}))
        told = self.expect(INTEGRITY, "capsule", "verify", file).stdout
        self.assertIn("reports/table6.md  line", told)
        self.assertIn(f"{name}: was changed after it was written", told)

        # The same byte without a manifest that fits, and a digit in a report.
        file.write_bytes(bytes_made.replace(files[name], changed))
        self.assertIn(f"{name} is not as the manifest says",
                      self.expect(INTEGRITY, "capsule", "verify", file).stdout)
        page = files["reports/table6.csv"].replace(b"77.87", b"77.88")
        pack(file, with_fitting_manifest({**files, "reports/table6.csv": page}))
        found = self.expect_json("capsule", "verify", file, code=INTEGRITY)
        self.assertEqual([one["report"] for one in found["reports"] if not one["same"]],
                         ["reports/table6.csv"])


if __name__ == "__main__":
    unittest.main()
