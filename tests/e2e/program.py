"""Runs the program `harness` as a user does, each time in a workspace of its own."""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HARNESS = pathlib.Path(os.environ.get("HARNESS_BIN", ROOT / "build/release/harness/harness"))
WORKER = HARNESS.with_name("harness-worker")

ROWS = ["--only", "Baseline", "--only", "Mask Low"]
RUNS = 3  # needed for ROWS: the two, and the pretraining that the second needs

OK, FAILED, USAGE, INTEGRITY, ENVIRONMENT, STOPPED = 0, 1, 2, 5, 6, 75


def quick_experiments(folder):
    """A copy of the experiments whose smoke scale takes seconds: few pictures, few epochs."""
    copy = shutil.copytree(ROOT / "experiments", folder / "experiments")
    path = copy / "scales/smoke.json"
    scale = json.loads(path.read_text())
    for task in ("supervised", "mae_pretrain"):
        scale[task]["dataset"] |= {"train_pictures": 128, "val_pictures": 64}
        scale[task]["recipe"] |= {"epochs": 3, "batch_size": 32, "evaluate_every_epochs": 1}
    scale["mae_pretrain"]["recipe"]["warmup_epochs"] = 1
    path.write_text(json.dumps(scale))
    return copy


class Case(unittest.TestCase):
    """A test with a fresh workspace; the program sees no other settings than the test's."""

    quick = False  # True: use quick_experiments()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="harness-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.workspace = self.folder / "out"
        self.experiments = quick_experiments(self.folder) if self.quick else None

    def command(self, *arguments, workspace=None):
        return [str(HARNESS), *map(str, arguments), "--workspace", str(workspace or self.workspace)]

    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HARNESS_")}
        if self.experiments:
            kept["HARNESS_EXPERIMENTS"] = str(self.experiments)
        return {**kept, **more}

    def run_harness(self, *arguments, workspace=None, timeout=300, **environment):
        return subprocess.run(self.command(*arguments, workspace=workspace), capture_output=True,
                              text=True, timeout=timeout, cwd=self.folder,
                              stdin=subprocess.DEVNULL, env=self.environment(**environment))

    def start_harness(self, *arguments):
        """Starts the program in the background, in its own process group; killed after the test.
        Ctrl-C is heard even where a script that was started with & runs the tests."""
        process = subprocess.Popen(self.command(*arguments), cwd=self.folder, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self.environment(),
                                   start_new_session=True,
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.addCleanup(kill_all, process)
        return process

    def expect(self, code, *arguments, **options):
        done = self.run_harness(*arguments, **options)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def expect_json(self, *arguments, code=OK, **options):
        document = json.loads(self.expect(code, *arguments, "--json", **options).stdout)
        self.assertEqual(document["schema_version"], 1)
        return document

    def records(self, workspace=None):
        """{key-sSEED: record} of all finished runs."""
        found = {}
        for path in (workspace or self.workspace).glob("runs/*/*/record.json"):
            record = json.loads(path.read_text())
            found[f"{record['key']}-s{record['seed']}"] = {**record, "folder": path.parent}
        return found


def descendants(pid):
    """Process ids of all children of a process and of their descendants."""
    found = []
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in path.read_text().split()]
        except OSError:  # it ended meanwhile
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def kill_all(process):
    """Kills a process started by start_harness and its workers, as a power cut would."""
    workers = descendants(process.pid) if process.poll() is None else []
    for pid in (process.pid, *workers):
        if pid != process.pid or process.poll() is None:
            send(pid, signal.SIGKILL)
    process.communicate()


def wait_until(holds, timeout_s=120, step_s=0.005):
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(step_s)
    return False


def results(records):
    """What must not depend on interruptions: weights (recorded and actual hash), metrics."""
    return {name: (record["weights_sha256"],
                   hashlib.sha256((record["folder"] / record["weights_file"]).read_bytes()).hexdigest(),
                   record["metrics"], record["curves"])
            for name, record in records.items()}
