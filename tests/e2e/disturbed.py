"""Ends `harness run` in every way and at any moment, repeats it, and looks for what was lost."""
import collections
import os
import shutil
import signal
import time

from outcome import Place, Wrong, differences, expect_manners, journal, outcome, recorded, tables
from program import OK, STOPPED, descendants, send, wait_until

PATIENCE_S = 600  # what takes longer counts as a deadlock
FILES = ("journal.jsonl", "checkpoint.bin", "record.json", "weights.safetensors")


def kill(process, pids):
    for pid in pids:
        send(pid, signal.SIGKILL)
    process.wait()


def power_cut(process, rng):
    kill(process, [process.pid, *descendants(process.pid)])


def harness_killed(process, rng):
    kill(process, [process.pid])  # the kernel then sends its worker SIGTERM


def worker_killed(process, rng):
    workers = descendants(process.pid)
    for pid in workers[:1]:
        send(pid, signal.SIGKILL)
    await_end(process)


def terminated(process, rng):
    process.send_signal(signal.SIGTERM)
    await_end(process)


def control_c(process, rng):
    os.killpg(process.pid, signal.SIGINT)
    await_end(process)


def control_c_twice(process, rng):
    process.send_signal(signal.SIGINT)
    time.sleep(rng.uniform(0, 0.1))
    process.send_signal(signal.SIGINT)
    await_end(process)


# Name in the table: (how to do it, the exit codes that are allowed beside the documented ones).
DISTURBANCES = {
    "power cut: SIGKILL of all": (power_cut, (-signal.SIGKILL,)),
    "SIGKILL of harness": (harness_killed, (-signal.SIGKILL,)),
    "SIGKILL of a worker": (worker_killed, ()),
    "SIGTERM": (terminated, (-signal.SIGTERM,)),  # the signal may come before it is handled
    "Ctrl-C": (control_c, (-signal.SIGINT,)),
    "Ctrl-C twice": (control_c_twice, (-signal.SIGINT,)),
}


def await_end(process):
    try:
        process.wait(timeout=PATIENCE_S)
    except Exception:
        power_cut(process, None)
        raise Wrong(f"did not end within {PATIENCE_S} s; see {process.log}") from None


def is_alive(pid):
    """Whether a process exists and has not ended."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return bool(file.read())
    except OSError:
        return False


def await_quiet(pids):
    """Waits until orphaned processes have ended."""
    if not wait_until(lambda: not any(map(is_alive, pids)), PATIENCE_S, 0.02):
        raise Wrong(f"orphaned workers {pids} do not end")


def sizes(place):
    """A value that changes when a file of a run appears or grows."""
    found = {}
    for directory in place.run_directories():
        for name in FILES:
            try:
                status = os.stat(directory / name)
                found[directory, name] = status.st_ino, status.st_size
            except OSError:
                pass
    return found


def await_moment(place, process, rng, duration_s):
    """Waits until a random moment or, equally often, until just after a file has changed."""
    ended = lambda: process.poll() is not None  # noqa: E731
    if rng.random() < 0.5:
        wait_until(ended, rng.uniform(0, 0.7) * duration_s)
        return
    for _ in range(rng.randint(1, 6)):
        before = sizes(place)
        wait_until(lambda: ended() or sizes(place) != before, PATIENCE_S)
    wait_until(ended, rng.uniform(0, 0.03), 0.001)


def tear(path, rng):
    """Damages a file as a power loss during writing would; returns what was done."""
    size = path.stat().st_size
    way = rng.choice(("cut", "last block zeroed", "random tail"))
    if way == "cut":
        os.truncate(path, rng.randrange(size))
    else:
        length = min(size, rng.randint(1, 4096))
        with open(path, "r+b") as file:
            file.seek(size - length)
            file.write(bytes(length) if way == "last block zeroed" else rng.randbytes(length))
    return f"{way}: {path.name}"


class Trial:
    """One workspace that is disturbed until it is done."""

    def __init__(self, folder, experiments, command, reference, rng, tally):
        self.place = Place(folder, experiments)
        self.command = command
        self.reference = reference
        self.rng = rng
        self.tally = tally  # Counter of what was done
        self.kept = {}      # {run: its record when it was first in the database}
        self.torn = {}      # {run directory: whether torn files must be reported there}
        self.torn_when_done = []  # journals torn after their run was finished
        self.story = []

    def repeat(self, kind):
        """Starts the command and disturbs it; False when it ended before that."""
        process = self.place.start(*self.command)
        await_moment(self.place, process, self.rng, self.reference.duration_s)
        if process.poll() is not None:
            expect_manners(process.returncode, process.log.read_text(errors="replace"), "run")
            return False
        orphans = descendants(process.pid)
        act, codes = DISTURBANCES[kind]
        act(process, self.rng)
        said = process.log.read_text(errors="replace")
        self.story.append(f"{kind}: code {process.returncode}")
        expect_manners(process.returncode, said, self.story[-1], codes)
        if process.returncode == STOPPED and "repeat the command" not in said:
            raise Wrong(f"{kind}: it stopped without saying what to do: {said[-500:]}")
        self.tally[kind] += 1
        self.after(orphans)
        return True

    def after(self, orphans):
        loses_power = self.rng.random() < 1 / 3
        if loses_power or self.rng.random() < 0.5:  # else orphans still work at the next start
            await_quiet(orphans)
            self.remember()
        if loses_power:
            self.lose_power()

    def remember(self):
        """Remembers the records of now, which must not change later."""
        in_database = recorded(self.place.workspace / "harness.db")
        for directory in self.place.run_directories():
            run = directory.parent.name + directory.name
            if run in in_database and run not in self.kept and (directory / "record.json").exists():
                self.kept[run] = (directory / "record.json").read_bytes()

    def lose_power(self):
        """Tears one or two of the files that were written last."""
        database = self.place.workspace / "harness.db"
        candidates = [database.with_name("harness.db-wal")]
        for directory in self.place.run_directories():
            candidates += [directory / "journal.jsonl", directory / "checkpoint.bin"]
        files = sorted((path for path in candidates if path.is_file() and path.stat().st_size),
                       key=lambda path: -path.stat().st_mtime_ns)
        before = recorded(database)
        for path in files[:self.rng.randint(1, 2)]:
            done = tear(path, self.rng)
            self.tally[f"torn by power loss: {path.name}"] += 1
            self.story.append(f"{done} of {path.parent.name}")
            done = (path.parent / "record.json").exists()
            told = not whole(path) and not done
            self.torn[path.parent] = told or self.torn.get(path.parent, False)
            if done:  # no process writes to it any more
                self.torn_when_done.append(str(path))
        self.tally["records the torn log lost, taken from the run"] += len(
            before - recorded(database))

    def finish(self):
        """Repeats the command without disturbance and checks its results."""
        process = self.place.start(*self.command)
        await_end(process)
        expect_manners(process.returncode, process.log.read_text(errors="replace"), "the last run")
        if process.returncode != OK:
            raise Wrong(f"the last run failed: code {process.returncode}, see {process.log}")
        found = outcome(self.place, *self.reference.report)
        if told_of_no_others(found["db check"], self.torn_when_done):
            found["db check"] = "clean"
        wrong = differences(self.reference.outcome, found)
        for directory in self.place.run_directories():
            wrong += self.lost_in(directory)
        if wrong:
            raise Wrong("\n".join(wrong))

    def lost_in(self, directory):
        run = directory.parent.name + directory.name
        events = journal(directory)
        if run in self.kept and (directory / "record.json").read_bytes() != self.kept[run]:
            yield f"{run} was recorded and was made again"
        if directory in self.torn:
            if self.torn[directory] and not says_so(directory, events):
                yield f"{run}: files were torn, but nothing reports it: {self.story}"
            return
        names = collections.Counter(event["event"] for event in events)
        if names["finish"] > 1:
            yield f"{run} was finished {names['finish']} times"
        yield from went_back(run, events)


def told_of_no_others(text, paths):
    """Whether `db check` complains about these files only; its last line is a summary."""
    complaints = text.strip().splitlines()[:-1]
    return all(any(path in line for path in paths) for line in complaints)


def says_so(directory, events):
    """Whether a line in the journal, or a file set aside, shows that damage was found."""
    return "warning" in [event["event"] for event in events] or any(directory.glob("*.damaged*"))


def whole(path):
    """Whether a torn file looks undamaged: a journal that was cut between two lines does."""
    data = path.read_bytes()
    return (path.name == "journal.jsonl" and data[-1:] in (b"", b"\n")
            and data.count(b"\n") == len(journal(path.parent)))


def went_back(run, events):
    """Yields epochs that were done again although a checkpoint held them."""
    last, started = 0, False
    for event in events:
        if event["event"] == "start":
            started = True
        if event["event"] == "epoch":
            epoch = event["fields"]["epoch"]
            if started and epoch < last:  # only the last epoch may have no checkpoint yet
                yield f"{run}: went from epoch {last} back to {epoch} without need"
            last, started = epoch, False


class Reference:
    """The undisturbed run to compare others with."""

    def __init__(self, folder, experiments, command, report):
        self.place = Place(folder, experiments)
        self.report = report
        started = time.monotonic()
        done = self.place.call(*command)
        self.duration_s = time.monotonic() - started
        if done.returncode != OK:
            raise Wrong(f"the undisturbed run ended with {done.returncode}: {done.stderr}")
        self.outcome = outcome(self.place, *report)
        if self.outcome["db check"] != "clean":
            raise Wrong(f"the undisturbed run is not clean: {self.outcome['db check']}")
        if not tables(self.place.workspace / "harness.db")["runs"]:
            raise Wrong("the undisturbed run recorded nothing")


def disturb(folder, experiments, command, reference, rng, kills, tally, tell=print):
    """Disturbs the command `kills` times, in one workspace after another."""
    done = number = 0
    while done < kills:
        number += 1
        trial = Trial(folder / f"trial-{number:03}", experiments, command, reference, rng, tally)
        try:
            for _ in range(min(rng.randint(3, 9), kills - done)):
                # All ways equally often, in random order.
                kind = min(DISTURBANCES, key=lambda name: (tally[name], rng.random()))
                if not trial.repeat(kind):
                    break
                done += 1
            trial.finish()
        except Wrong as wrong:
            raise Wrong(f"{trial.place.folder}: {wrong}\n  after: "
                        + "; ".join(trial.story)) from None
        tally["workspaces"] += 1
        tell(f"workspace {number}: {done} of {kills} disturbances, nothing lost", flush=True)
        shutil.rmtree(trial.place.folder)
