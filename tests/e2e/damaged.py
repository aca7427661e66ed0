"""Damages single files of a workspace, then checks every command on it.

Each damage must be reported, be harmless, or be repaired. Following the message must help, and no
damaged file may be deleted.
"""
import os
import shutil

from disturbed import PATIENCE_S, power_cut
from outcome import Place, Wrong, differences, journal, outcome, sha256
from program import OK, ROWS, wait_until

COMMAND = ["run", "table6", "figure4", *ROWS]
REPORT = ["table6", "figure4"]
WAYS = ("flipped", "cut", "emptied", "a folder", "another's")
# Files on which no result depends, or which every attempt writes again.
IN_PASSING = ("environment.json", "worker.log", "lock", "spec.json", "harness.db", "harness.db-wal")
# Damage to these files of a finished run must be reported, even if nothing depends on them any
# more. spec.json is not one of them: its name and evaluators are those of the latest command.
WATCHED = ("environment.json", "trace.jsonl", "record.json", "weights.safetensors")
CHECKPOINTS = ("checkpoint.bin", "checkpoint.prev.bin")


def is_run(directory, name):
    start = [event["fields"] for event in journal(directory) if event["event"] == "start"]
    return bool(start) and start[0]["experiment"] == name


def run_called(place, name):
    return next((path for path in place.run_directories() if is_run(path, name)), None)


class Workspaces:
    """The workspaces to damage, one finished and one interrupted, and others to take files from."""

    def __init__(self, folder, experiments):
        self.folder = folder
        self.experiments = experiments
        self.finished = Place(folder / "finished", experiments)
        done = self.finished.call(*COMMAND)
        if done.returncode != OK:
            raise Wrong(f"the undisturbed run ended with {done.returncode}: {done.stderr}")
        self.outcome = outcome(self.finished, *REPORT)
        self.interrupted = self.interrupt("interrupted", COMMAND, "table6/Mask Low")
        self.others = self.interrupt(
            "others", ["run", "table6", "--only", "Mask High"], "table6/Mask High")

    def interrupt(self, name, command, run):
        """A workspace whose command was killed in the last epoch of `run`, with two checkpoints."""
        place = Place(self.folder / name, self.experiments)
        process = place.start(*command)

        def late():
            directory = run_called(place, run)
            return directory and all((directory / file).exists() for file in CHECKPOINTS)
        wait_until(lambda: process.poll() is not None or late(), PATIENCE_S)
        power_cut(process, None)
        directory = run_called(place, run)
        if not late() or (directory / "record.json").exists():
            raise Wrong(f"{run} could not be killed in time")
        return place

    def cases(self):
        """Lists (state, name of the file in the table, path inside the workspace)."""
        baseline = run_called(self.finished, "table6/Baseline")
        pretrained = run_called(self.finished, "pretrain/mae_mini_r40")
        half = run_called(self.interrupted, "table6/Mask Low")
        judged = next(baseline.glob("judged/*.json"))
        finished = [baseline / name for name in (
            "spec.json", "environment.json", "journal.jsonl", "trace.jsonl", "worker.log", "lock",
            "record.json", "weights.safetensors")] + [judged, pretrained / "weights.safetensors",
                                       self.finished.workspace / "harness.db"]
        interrupted = [half / name for name in (
            "spec.json", "environment.json", "journal.jsonl", "trace.jsonl", "worker.log", "lock",
            "checkpoint.bin", "checkpoint.prev.bin")]
        needed = run_called(self.interrupted, "pretrain/mae_mini_r40")
        interrupted += [needed / "weights.safetensors",
                        *(self.interrupted.workspace / name for name in
                          ("harness.db", "harness.db-wal"))]
        for state, place, paths in (("finished", self.finished, finished),
                                    ("interrupted", self.interrupted, interrupted)):
            for path in paths:
                name = path.name if path != judged else "judged/*.json"
                if path.parent == pretrained or "safetensors" in name and state == "interrupted":
                    name += " (needed)"
                yield state, name, path.relative_to(place.workspace)

    def another(self, path, state):
        """An undamaged file of the same kind with other content."""
        name = path.name
        source = getattr(self, state).workspace / path
        places = [self.others, self.finished, self.interrupted]
        found = [file for place in places for file in
                 ([place.workspace / name] if path.parent == path.parent.parent else
                  sorted(place.workspace.glob(f"runs/*/*/{name}")))]
        if path.parent.name == "judged":
            found = list(self.finished.workspace.glob("runs/*/*/record.json"))
        return next((file for file in found if file.is_file() and file.stat().st_size
                     and sha256(file) != sha256(source)), None)


def damage(path, way, other, rng):
    """Damages the file at `path`; False when it cannot be damaged in this way."""
    size = path.stat().st_size if path.exists() else 0
    if way == "a folder":
        if path.exists():
            path.unlink()
        path.mkdir()
        (path / "inside").write_text("what somebody put here")
        return True
    if size == 0 or (way == "another's" and other is None):
        return False
    if way == "another's":
        shutil.copy(other, path)
    elif way == "flipped":
        data = bytearray(path.read_bytes())
        data[rng.randrange(size)] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
    else:
        # Cuts off more than the newline at the end.
        os.truncate(path, 0 if way == "emptied" else rng.randrange(1, max(2, size - 1)))
    return True


def move_away(path):
    target = path.with_name(path.name + ".away")
    path.rename(target)


class Damaged:
    """A copy of a workspace with one damaged file."""

    def __init__(self, spaces, number, state, name, path, way, rng):
        self.what = f"{state}: {name}: {way}"
        self.spaces = spaces
        self.state = state
        self.name = name
        self.place = Place(spaces.folder / f"damage-{number:03}", spaces.experiments)
        shutil.copytree(getattr(spaces, state).workspace, self.place.workspace)
        self.path = self.place.workspace / path
        self.possible = damage(self.path, way, spaces.another(path, state), rng)
        changed = self.path / "inside" if self.path.is_dir() else self.path
        self.bytes = changed.read_bytes() if self.possible else b""
        self.found = []

    def call(self, *command):
        """Runs a command. If it fails, its message must name the file."""
        done = self.place.call(*command)
        text = done.stdout + done.stderr
        if done.returncode != OK:
            self.found.append(" ".join(command[:2]) if command[0] == "db" else command[0])
            if not any(part in text for part in (self.path.name, self.path.parent.name)):
                raise Wrong(f"{command} fails without naming {self.path.name}: {text}")
        elif self.path.name in done.stderr:
            self.found.append(command[0])
        return done.returncode, text

    def look(self):
        self.call("db", "check")
        self.call("list", "table6", "--json")
        self.call("report", *REPORT, "--format", "json")
        return self.call(*COMMAND)

    def follow(self, text):
        """Does what the message says."""
        if "db rebuild" in text:
            for path in list(self.place.workspace.glob("harness.db*")):
                move_away(path)
            self.place.call("db", "rebuild")
        elif "--fresh" in text:
            self.place.call(*COMMAND, "--fresh")
        elif "remove" in text or "move it away" in text or "another workspace" in text:
            move_away(self.path)
        else:
            raise Wrong(f"this message gives no fix: {text}")

    def kept(self):
        """Whether the damaged bytes are still in some file; a journal's may be in two files."""
        files = [path for path in self.place.workspace.rglob("*") if path.is_file()]
        if any(path.read_bytes() == self.bytes for path in files):
            return True
        if self.path.suffix != ".jsonl" or not self.path.is_file():
            return False
        tails = [path.read_bytes() for path in self.path.parent.glob(f"{self.path.name}.damaged*")
                 if path.is_file()]
        now = self.path.read_bytes()
        return any(now.startswith(self.bytes.removesuffix(tail)) for tail in (b"", *tails))

    def noted(self):
        """Whether a journal or a file set aside shows that damage was found."""
        events = [event["event"] for path in self.place.run_directories()
                  for event in journal(path)]
        return "warning" in events or any(self.place.workspace.rglob("*.damaged*"))

    def examine(self):
        """Returns where the damage was found; raises Wrong if it should have been and was not."""
        code, text = self.look()
        for _ in range(4):
            if code == OK:  # this command needs no repair, but the workspace may
                code, text = self.call("db", "check")
            if code == OK:
                break
            self.follow(text)
            code, text = self.call(*COMMAND)
        if code != OK:
            raise Wrong(f"following the message does not help: {text}")
        if not self.found and self.noted():
            self.found.append("the journal")
        wrong = differences(self.spaces.outcome, outcome(self.place, *REPORT))
        watched = self.state == "finished" and self.name in WATCHED
        if not self.found and (wrong or watched):
            wrong.insert(0, "no command reported the damage")
        if wrong:
            raise Wrong("\n".join([f"found at: {', '.join(self.found)}", *wrong]))
        checkpoint_used_up = self.path.name in CHECKPOINTS and not self.found
        if not (self.kept() or self.name in IN_PASSING or checkpoint_used_up):
            raise Wrong("the damaged file is gone")
        return self.verdict()

    def verdict(self):
        if self.found:
            return "found at " + ", ".join(dict.fromkeys(self.found))
        same = self.path.is_dir() or (self.path.exists() and self.path.read_bytes() == self.bytes)
        return "harmless, found by nobody" if same else "written again, as always"


def damage_all(folder, experiments, rng, tally, only=("",), tell=print):
    """Damages every file in every way; `only`: parts of the names of those to do. Raises one Wrong
    with all that went wrong."""
    spaces = Workspaces(folder, experiments)
    wrong = []
    cases = [(*case, way) for case in spaces.cases() for way in WAYS]
    for number, (state, name, path, way) in enumerate(cases):
        if not any(part in f"{state}: {name}: {way}" for part in only):
            continue
        case = Damaged(spaces, number, state, name, path, way, rng)
        if not case.possible:
            continue
        tally[f"{state}, damaged: {name}"] += 1
        try:
            tell(f"{case.what}: {case.examine()}", flush=True)
            shutil.rmtree(case.place.folder)
        except Wrong as error:
            tell(f"{case.what}: WRONG", flush=True)
            wrong.append(f"{case.what}, in {case.place.folder}:\n{error}")
    if wrong:
        raise Wrong("\n\n".join(wrong))
