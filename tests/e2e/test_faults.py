"""After a full or failing disk or a lost worker, the message says where and how to fix it, nothing
is lost, and the same command goes on. With HARNESS_FAULTS=all, each call on each file fails once
(15 minutes)."""
import os
import resource
import subprocess
import unittest

from program import (ENVIRONMENT, FAILED, HARNESS, INTEGRITY, OK, ROOT, WORKER, Case, results,
                     wait_until)

SHIM = HARNESS.parents[1] / "tests/fault_shim.so"
RUN = ("run", "table6", "--only", "Baseline")
undisturbed = {}  # results of RUN without faults, once they are known


def fault(call, error, number, path, program="harness-worker"):
    return f"{call}:{error}:{number}:{path}:{program}"


# Faults that one run meets one after the other, in the order in which it uses these files, each
# with words that the message must contain.
ONE_AFTER_THE_OTHER = [
    (fault("statfs", "0x6969", "1+", "harness-e2e", "harness"), ["harness.db", "network", "NFS"]),
    (fault("write", "ENOSPC", "1+", "harness.db", "harness"), ["harness.db", "make room"]),
    (fault("open", "EDQUOT", "1", "spec.json", "harness"), ["spec.json", "make room"]),
    (fault("open", "ENOSPC", "1", "worker.log", "harness"), ["worker.log", "make room"]),
    (fault("write", "ENOSPC", "1", "environment.json"), ["environment.json", "make room"]),
    (fault("write", "ENOSPC", "1+", "journal.jsonl"), ["journal.jsonl", "make room"]),
    (fault("write", "ENOSPC", "1+", "checkpoint.bin"), ["checkpoint.bin", "make room"]),
    (fault("statvfs", "4096", "1+", "runs"), ["a checkpoint needs", "make room"]),
    (fault("fsync", "EIO", "3", "journal.jsonl"), ["journal.jsonl", "failing"]),
    (fault("rename", "ENOSPC", "1", "checkpoint.bin"), ["checkpoint.bin", "make room"]),
    (fault("mmap", "ENOMEM", "1", "checkpoint.bin"), ["checkpoint.bin", "ulimit"]),
    (fault("write", "ENOSPC", "2", "weights.safetensors"), ["weights.safetensors", "make room"]),
    (fault("fsync", "EIO", "1", "record.json"), ["record.json", "failing"]),
    (fault("write", "ENOSPC", "1+", "harness.db-wal", "harness"), ["harness.db", "make room"]),
    (fault("read", "EIO", "1+", "record.json", "harness"), ["record.json", "failing"]),
]

CALLS = [("open", "EROFS"), ("write", "ENOSPC"), ("fsync", "EIO"), ("rename", "EIO")]
FILES = {"spec.json": "harness", "environment.json": "harness-worker",
         "checkpoint.bin": "harness-worker", "weights.safetensors": "harness-worker",
         "record.json": "harness-worker"}
EACH_ALONE = [fault(call, error, number, path, program)
              for path, program in FILES.items() for call, error in CALLS for number in ("1", "1+")]
EACH_ALONE += [fault(call, error, number, "journal.jsonl")
               for call, error in (("open", "EROFS"), ("write", "ENOSPC"), ("write", "EFBIG"),
                                   ("fsync", "EIO"), ("fsync", "ENOSPC"))
               for number in ("1", "1+", "2", "2+", "3+")  if call != "open" or number[0] == "1"]
EACH_ALONE += [fault(call, error, number, f"harness.db{part}", "harness")
               for part in ("", "-wal") for number in ("1+", "2+", "4+")
               for call, error in (("write", "ENOSPC"), ("write", "EIO"), ("fsync", "EIO"))]
EACH_ALONE += [fault("open", "EACCES", "1+", "harness.db", "harness"),
               fault("mmap", "ENOMEM", "1+", "harness.db-shm", "harness"),
               fault("ftruncate", "EIO", "1+", "harness.db-shm", "harness"),
               fault("open", "ENOSPC", "1+", "worker.log", "harness"),
               fault("open", "EACCES", "1+", "/lock", "harness"),
               fault("rename", "EIO", "1", "checkpoint.prev.bin"),
               fault("rename", "EIO", "4", "checkpoint.bin"),
               fault("openr", "EMFILE", "1", "spec.json"),
               fault("read", "EIO", "1", "journal.jsonl")]


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
@unittest.skipUnless(SHIM.exists(), "fault_shim is not built")
class Faulty(Case):
    quick = True

    def setUp(self):
        super().setUp()
        self.log = self.folder / "faults.log"

    def run_with(self, *rules, arguments=RUN, must_meet=True, **options):
        """Runs the command with these faults and checks that they were injected."""
        self.log.unlink(missing_ok=True)
        done = self.run_harness(*arguments, LD_PRELOAD=str(SHIM), HARNESS_FAULT=" ".join(rules),
                                HARNESS_FAULT_LOG=str(self.log), **options)
        if must_meet:
            self.assertTrue(self.log.exists(), f"{rules} met nothing\n{done.stderr}")
        return done

    def expect_told(self, done, words, code=ENVIRONMENT):
        self.assertEqual(done.returncode, code, done.stderr)
        for word in ["fix: ", *words]:
            self.assertIn(word, done.stderr)

    def expect_unharmed(self):
        """Checks that the database lacks at most a record that it did not get, and that nothing was
        set aside as damaged."""
        if (self.workspace / "harness.db").exists():
            checked = self.run_harness("db", "check")
            self.assertIn(checked.returncode, (OK, INTEGRITY), checked.stderr)
            if checked.returncode != OK:
                self.assertEqual([line for line in checked.stdout.splitlines()[:-1]
                                  if "record.json: is not in the database; " not in line], [])
        self.assertEqual([], sorted(self.workspace.rglob("*.damaged*")))

    def expect_done_as_if_nothing_had_happened(self):
        self.expect_unharmed()
        self.expect(OK, *RUN)
        self.assertEqual(results(self.records()), self.undisturbed())
        self.assertEqual([], sorted(self.workspace.rglob("*.tmp")))
        self.assertEqual([], sorted(self.workspace.rglob("checkpoint*")))
        self.expect(OK, "db", "check")
        self.assertEqual([], self.expect_json(*RUN)["executed"])

    def undisturbed(self):
        if not undisturbed:
            self.expect(OK, *RUN, workspace=self.folder / "undisturbed")
            undisturbed.update(results(self.records(self.folder / "undisturbed")))
        return undisturbed


class Disks(Faulty):
    def test_a_run_that_meets_fault_after_fault_ends_as_if_nothing_had_happened(self):
        for rule, words in ONE_AFTER_THE_OTHER:
            with self.subTest(rule):
                self.expect_told(self.run_with(rule), words)
                self.expect_unharmed()
        self.expect_done_as_if_nothing_had_happened()

    @unittest.skipUnless(os.environ.get("HARNESS_FAULTS") == "all", "set HARNESS_FAULTS=all")
    def test_each_call_on_each_file_alone(self):
        for number, rule in enumerate(EACH_ALONE):
            with self.subTest(rule):
                self.workspace = self.folder / f"out{number}"
                call, _, _, path, _ = rule.split(":")
                # SQLite makes some calls less often than assumed here, or not at all.
                done = self.run_with(rule, must_meet="harness.db" not in path)
                if done.returncode != OK:
                    self.expect_told(done, [path.split("/")[-1].split("-")[0]
                                            .replace("prev.bin", "")])
                else:
                    self.assertIn("harness.db", path)
                self.expect_done_as_if_nothing_had_happened()

    def test_writes_cut_short_are_carried_on(self):
        done = self.run_with(*(fault("write", "SHORT", "1+", path) for path in
                               ("journal.jsonl", "checkpoint.bin", "weights.safetensors",
                                "record.json")))
        self.assertEqual(done.returncode, OK, done.stderr)
        self.expect_done_as_if_nothing_had_happened()

    def test_a_limit_of_file_sizes_is_told(self):
        limit = 1 << 17  # less than a checkpoint and than the database's log after one run

        def set_limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        done = subprocess.run(self.command(*RUN), capture_output=True, text=True, timeout=300,
                              cwd=self.folder, env=self.environment(), preexec_fn=set_limit)
        self.expect_told(done, ["ulimit -f"])
        self.expect_done_as_if_nothing_had_happened()

    def test_a_disk_that_fills_up_during_a_run(self):
        self.mount_small_disk("320m")
        process = self.start_harness(*RUN)
        self.assertTrue(wait_until(lambda: list(self.workspace.glob("runs/*/*/environment.json"))))
        filler = self.workspace / "filler"
        fill(filler)
        output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, ENVIRONMENT, errors)
        self.assertIn("make room", errors)
        done = self.expect(ENVIRONMENT, *RUN)
        self.assertIn("a run needs 256.0 MiB", done.stderr)
        self.expect(OK, "list")
        filler.unlink()
        self.expect_done_as_if_nothing_had_happened()

    def mount_small_disk(self, size):
        self.workspace.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs",
                                  str(self.workspace)], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.workspace)])


class Outputs(Faulty):
    """When a file for people cannot be written, the message says so, no partial file is left, and
    repeating the command writes it."""

    def expect_file_spared(self, path, number, *arguments, errors=("ENOSPC", "EIO")):
        for call, error in (("write", errors[0]), ("fsync", errors[1]), ("rename", errors[1])):
            with self.subTest(f"{call} {path.name}"):
                done = self.run_with(f"{call}:{error}:{number}:{path.name}", arguments=arguments)
                self.expect_told(done, [path.name])
                self.assertEqual([], list(path.parent.glob(f".{path.name}*")))
                self.assertFalse(path.exists())
        self.expect(OK, *arguments)
        self.assertTrue(path.stat().st_size > 0)

    def test_reports(self):
        folder = self.folder / "reports"
        self.expect_file_spared(folder / "table6.md", 1, "report", "table6", "-o", folder)

    def test_a_picture(self):
        path = self.folder / "grid.png"
        picture = self.folder / "grey.ppm"
        picture.write_bytes(b"P6\n40 30\n255\n" + bytes(3600))
        self.expect_file_spared(path, 1, "augment", "randaugment", picture, "-o", path)

    def test_converted_weights(self):
        weights = self.folder / "own.safetensors"
        source = ROOT / "tests/golden/model/mae.safetensors"
        self.expect_file_spared(weights, 1, "weights", "convert", source, weights)


    def test_a_workspace_on_a_network_is_seen_by_the_doctor(self):
        done = self.run_with("statfs:0x6969:1+:harness-e2e", arguments=("doctor",))
        self.assertIn("NFS, a network file system", done.stdout)


class Workers(Faulty):
    def test_one_that_is_lost_is_replaced_and_goes_on(self):
        done = self.run_with(fault("rename", "KILL", "3", "checkpoint.bin"))
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertIn("tried again", done.stderr)
        self.assertIn("SIGKILL", done.stderr)
        self.expect_done_as_if_nothing_had_happened()

    def test_one_that_is_lost_again_and_again_is_given_up_and_a_repeat_goes_on(self):
        done = self.run_with(fault("write", "KILL", "3", "checkpoint.bin"))
        self.expect_told(done, ["batch size", "out of memory"], code=FAILED)
        self.assertEqual(2, self.log.read_text().count("checkpoint.bin"))
        shown = self.expect_json("list", "table6")["experiments"]
        self.assertTrue(any("SIGKILL" in (cell["reason"] or "") for cell in shown))
        done = self.expect(OK, *RUN)
        self.assertIn("failed before: killed by signal 9", done.stderr)
        self.expect_done_as_if_nothing_had_happened()

    def test_a_loss_that_is_no_number_is_not_tried_again_by_itself(self):
        diverging = (*RUN, "--set", "/recipe/lr=1000000")
        done = self.expect(FAILED, *diverging)
        self.assertIn("diverged", done.stderr)
        self.assertNotIn("tried again", done.stderr)
        done = self.expect(FAILED, *diverging)
        self.assertIn("failed before: training: diverged", done.stderr)
        self.assertIn("will fail again", done.stderr)


def fill(path):
    """Fills all the free space of a disk."""
    with open(path, "wb", buffering=0) as file:
        block = bytes(1 << 20)
        try:
            while True:
                file.write(block)
        except OSError:
            pass


if __name__ == "__main__":
    unittest.main()
