"""The final contents of a workspace, without what may differ: times, machines, processes, paths."""
import hashlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

import program

# Keys of JSON objects and columns of tables that are about time, speed or place, not about results.
LEFT_OUT = {"started_utc", "measured_utc", "wall_s", "cpu_s", "peak_memory_bytes", "attempts",
            "images_per_s", "data_wait_s", "data_wait_frac", "basis", "host", "command_line", "time",
            "duration_s"}
CODES = (program.OK, program.FAILED, program.USAGE, 4, program.INTEGRITY, program.ENVIRONMENT,
         program.STOPPED)
OURS = ("bug in the program", "internal error", "terminate called",
        "Traceback", "Sanitizer")  # what a user must never read


class Wrong(Exception):
    """Something was lost, is wrong or hangs."""


class Place:
    """A workspace with functions to run commands on it."""

    def __init__(self, folder, experiments):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.workspace = self.folder / "out"
        self.experiments = experiments
        self.started = 0

    def options(self):
        kept = {k: v for k, v in program.os.environ.items() if not k.startswith("HARNESS_")}
        return {"cwd": self.folder, "stdin": subprocess.DEVNULL, "start_new_session": True,
                "env": {**kept, "HARNESS_EXPERIMENTS": str(self.experiments)}}

    def command(self, *arguments):
        return [str(program.HARNESS), *map(str, arguments), "--workspace", str(self.workspace)]

    def start(self, *arguments):
        """Starts a command in the background; its output goes to `process.log`."""
        self.started += 1
        log = self.folder / f"said-{self.started:03}.txt"
        with open(log, "wb") as file:
            process = subprocess.Popen(self.command(*arguments), stdout=file, stderr=file,
                                       **self.options())
        process.log = log
        return process

    def call(self, *arguments, timeout_s=600):
        try:
            done = subprocess.run(self.command(*arguments), capture_output=True, text=True,
                                  errors="replace", timeout=timeout_s, **self.options())
        except subprocess.TimeoutExpired:
            raise Wrong(f"harness {' '.join(arguments)} hangs: over {timeout_s} s") from None
        expect_manners(done.returncode, done.stdout + done.stderr, arguments)
        return done

    def call_json(self, *arguments):
        done = self.call(*arguments)
        if done.returncode != program.OK:
            raise Wrong(f"{arguments} ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def run_directories(self):
        return sorted(path for path in self.workspace.glob("runs/??/*-s*")
                      if path.is_dir() and path.name.rpartition("-s")[2].isdigit())

    def said(self):
        return "".join(path.read_text(errors="replace")
                       for path in sorted(self.folder.glob("said-*.txt")))


def expect_manners(code, text, arguments, also=()):
    """Checks for a documented exit code (or one of `also`) and no message about a defect."""
    if code not in (*CODES, *also):
        raise Wrong(f"harness {arguments} ended with {code}:\n{text[-2000:]}")
    for phrase in OURS:
        if phrase in text:
            raise Wrong(f"harness {arguments} says '{phrase}':\n{text[-2000:]}")


def journal(directory):
    """The events in the complete lines of a run's journal."""
    path = directory / "journal.jsonl"
    events = []
    for line in path.read_bytes().split(b"\n") if path.is_file() else []:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and "event" in event:
            events.append(event)
    return events


def stable(value, workspace):
    """JSON without what may differ."""
    if isinstance(value, dict):
        return {key: stable(part, workspace) for key, part in value.items() if key not in LEFT_OUT}
    if isinstance(value, list):
        return [stable(part, workspace) for part in value]
    return value.replace(str(workspace), "WORKSPACE") if isinstance(value, str) else value


def stable_cell(value, workspace):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, str) and value[:1] in "{[":
        return json.dumps(stable(json.loads(value), workspace), sort_keys=True)
    return value


def tables(path):
    """{table: [row as a dict]} of a database, read from a copy so that it is not changed."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("", "-wal"):
            if pathlib.Path(f"{path}{suffix}").is_file():
                shutil.copy(f"{path}{suffix}", f"{folder}/db{suffix}")
        db = sqlite3.connect(f"{folder}/db")
        db.row_factory = sqlite3.Row
        query = "SELECT name FROM sqlite_schema WHERE type = 'table'"
        names = [row[0] for row in db.execute(query)]
        found = {name: [dict(row) for row in db.execute(f'SELECT * FROM "{name}"')]
                 for name in names if not name.startswith("sqlite_")}
        db.close()
    return found


def recorded(path):
    """The runs in a database; none when it cannot be read."""
    try:
        return {f"{row['key']}-s{row['seed']}" for row in tables(path).get("runs", ())}
    except sqlite3.Error:
        return set()


def database_rows(workspace):
    """Every row of every table as text; row ids are replaced by what they refer to."""
    found = tables(workspace / "harness.db")
    runs = {row["id"]: f"{row['key']}-s{row['seed']}" for row in found["runs"]}
    shapes = {row["id"]: row["pointers"] for row in found["shapes"]}
    rows = set()
    for name, lines in found.items():
        for line in lines:
            named = {key: runs.get(value) if key == "run" else
                     shapes.get(value) if key == "shape" else stable_cell(value, workspace)
                     for key, value in line.items()
                     if key not in LEFT_OUT and not (key == "id" and isinstance(value, int))}
            rows.add(f"{name}: {json.dumps(named, sort_keys=True)}")
    return rows


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"


def outcome(place, *report):
    """All results that must not depend on disturbances: {what: value}."""
    found = {"database": database_rows(place.workspace)}
    weights = {line for line in found["database"] if line.startswith("artifacts: ")}
    for line in weights:
        row = json.loads(line.partition(": ")[2])
        run = row["run"]
        path = place.workspace / "runs" / run[:2] / run[2:] / row["file"]
        found[f"weights of {run}"] = sha256(path)
        if found[f"weights of {run}"] != row["sha256"]:
            found[f"weights of {run}"] += ", which is not what the database says"
    document = place.call_json("report", *report, "--format", "json")
    found["report"] = json.dumps(stable(document, place.workspace), sort_keys=True, indent=1)
    check = place.call("db", "check")
    found["db check"] = "clean" if check.returncode == 0 else check.stdout + check.stderr
    return found


def differing_lines(expected, found):
    a, b = (set(value.splitlines()) if isinstance(value, str) else value
            for value in (expected, found))
    return [f"  {sign} {line[:300]}" for sign, lines in (("-", a - b), ("+", b - a))
            for line in sorted(lines)[:4]]


def differences(expected, found):
    """The differences as lines of text; empty when all is equal."""
    lines = []
    for what in sorted({*expected, *found}):
        a, b = expected.get(what, ""), found.get(what, "")
        if a != b:
            lines += [f"{what} differs from the undisturbed one (-):", *differing_lines(a, b)]
    return lines
