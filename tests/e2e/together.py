"""Several `harness run` in one workspace, some of them killed, and an observer that only reads."""
import collections
import json
import signal
import threading
import time

from disturbed import PATIENCE_S, await_end, await_quiet, kill, power_cut
from outcome import Place, Wrong, differences, expect_manners, journal, outcome
from program import OK, descendants, send, wait_until


class Observer(threading.Thread):
    """Prints lists and reports again and again and checks that each one is correct."""

    def __init__(self, place, reference):
        super().__init__(daemon=True)
        self.place = place
        self.commands = [("list", "--json"), ("report", *reference.report, "--format", "json")]
        self.known = measured(json.loads(reference.outcome["report"]))
        self.looked = 0
        self.wrong = []
        self.done = threading.Event()

    def run(self):
        while not self.done.is_set() and not self.wrong:
            for command in self.commands:
                try:
                    self.look(command)
                except (Wrong, ValueError) as wrong:
                    self.wrong.append(f"the observer: {command}: {wrong}")
            self.done.wait(0.1)

    def look(self, command):
        document = self.place.call_json(*command)
        self.looked += 1
        if "tables" in document:
            for cell, values in measured(document).items():
                if values not in (None, self.known[cell]):
                    raise Wrong(f"{cell} shows {values}, not {self.known[cell]}")


def measured(document):
    """{(table, row, column): values or None} of a report."""
    return {(table["id"], row["label"], cell["column"]):
            cell["measured"] and cell["measured"]["values"]
            for table in document["tables"] for row in table["rows"] for cell in row["cells"]}


def done_once(directory):
    """Yields signs in a journal that a run was done more than once."""
    run = directory.parent.name + directory.name
    events = [event["event"] for event in journal(directory)]
    attempts = json.loads((directory / "record.json").read_text())["attempts"]
    counts = collections.Counter(events)
    if counts["finish"] > 1:
        yield f"{run} was finished {counts['finish']} times"
    if "finish" in events and "start" in events[events.index("finish"):]:
        yield f"{run} was started again after it was finished"
    if counts["start"] != attempts:
        yield f"{run} was started {counts['start']} times, its record says {attempts}"


class Together:
    """Several processes with the same command in one workspace."""

    def __init__(self, folder, experiments, command, reference, rng, tally):
        self.place = Place(folder, experiments)
        self.command = command
        self.reference = reference
        self.rng = rng
        self.tally = tally
        self.processes = []
        self.orphans = []

    def kill_one(self):
        """Kills a harness with or without its worker, or only a worker; False: none is left."""
        process = self.rng.choice([p for p in self.processes if p.poll() is None] or [None])
        if process is None:
            return False
        workers = descendants(process.pid)
        way = self.rng.choice(("power cut", "harness", "worker"))
        if way == "worker":
            if not workers:
                return False
            send(workers[0], signal.SIGKILL)
        else:
            self.orphans += workers
            power_cut(process, self.rng) if way == "power cut" else kill(process, [process.pid])
            self.processes.remove(process)
        self.tally[f"of several at once, SIGKILL: {way}"] += 1
        return True

    def run(self, count, kills):
        observer = Observer(self.place, self.reference)
        observer.start()
        try:
            self.fill(count)
            killed = 0
            end = time.monotonic() + PATIENCE_S
            while killed < kills and time.monotonic() < end and not self.finished():
                wait_until(lambda: False, self.rng.uniform(0, 0.3) * self.reference.duration_s)
                killed += self.kill_one()
                self.fill(count)
            for process in self.processes:
                await_end(process)
                expect_manners(process.returncode, process.log.read_text(errors="replace"), "run")
            await_quiet(self.orphans)
        finally:
            observer.done.set()
            observer.join(PATIENCE_S)
            for process in self.processes:
                power_cut(process, self.rng)
        self.tally["looks of an observer meanwhile"] += observer.looked
        return self.wrong_in_the_end(observer)

    def finished(self):
        """Whether as many runs are recorded as in the reference."""
        expected = len(self.reference.place.run_directories())
        return sum((path / "record.json").exists()
                   for path in self.place.run_directories()) == expected

    def fill(self, count):
        """Starts processes until `count` run, in place of those that ended."""
        alive = [p for p in self.processes if p.poll() is None]
        for process in self.processes:
            if process not in alive:
                expect_manners(process.returncode, process.log.read_text(errors="replace"), "run")
        self.processes = alive
        while len(self.processes) < count and not self.finished():
            self.processes.append(self.place.start(*self.command))

    def wrong_in_the_end(self, observer):
        done = self.place.call(*self.command)
        if done.returncode != OK:
            return [f"the last run failed: code {done.returncode}: {done.stderr}"]
        wrong = differences(self.reference.outcome, outcome(self.place, *self.reference.report))
        for directory in self.place.run_directories():
            wrong += done_once(directory)
        if observer.looked < 2:
            wrong.append("the observer made fewer than two checks")
        return observer.wrong + wrong


def together(folder, experiments, command, reference, rng, tally, count=4, kills=6):
    trial = Together(folder, experiments, command, reference, rng, tally)
    wrong = trial.run(count, kills)
    if wrong:
        raise Wrong(f"{trial.place.folder}: {count} at once:\n" + "\n".join(wrong))
    tally[f"workspaces with {count} at once"] += 1
