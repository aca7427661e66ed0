"""A run interrupted in any way and at any moment gives the same result as without interruption."""
import os
import shlex
import signal
import subprocess
import time
import unittest

from program import OK, ROWS, RUNS, STOPPED, WORKER, Case, kill_all, results, wait_until

COMMAND = ["run", "table6", *ROWS]
PARTS = (0.13, 0.22, 0.17, 0.25, 0.19)  # fractions of the undisturbed time until each kill


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Interrupted(Case):
    quick = True
    undisturbed = None  # results of a run without interruption, made once

    def setUp(self):
        super().setUp()
        if Interrupted.undisturbed is None:
            started = time.monotonic()
            self.expect(OK, *COMMAND, workspace=self.folder / "undisturbed")
            Interrupted.duration_s = time.monotonic() - started
            Interrupted.undisturbed = results(self.records(self.folder / "undisturbed"))
            self.assertEqual(len(Interrupted.undisturbed), RUNS)

    def expect_undisturbed(self):
        self.expect(OK, *COMMAND)
        self.assertEqual(results(self.records()), Interrupted.undisturbed)

    def journal_lines(self):
        return sum(path.read_text(errors="replace").count("\n")
                   for path in self.workspace.glob("runs/*/*/journal.jsonl"))

    def test_under_nohup_a_closed_terminal_stops_nothing(self):
        process = subprocess.Popen(self.command(*COMMAND), cwd=self.folder, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self.environment(),
                                   start_new_session=True,
                                   preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.addCleanup(kill_all, process)
        wait_until(lambda: self.journal_lines() > 0, 60)
        process.send_signal(signal.SIGHUP)
        told = process.communicate(timeout=120)[1]
        self.assertEqual(process.returncode, OK, told)
        self.assertNotIn("stopp", told)

    def test_a_full_or_closed_stderr_ends_no_run(self):
        for stderr in (">/dev/null 2>/dev/full", ">/dev/null 2>&-"):
            command = " ".join(map(shlex.quote, self.command(*COMMAND, "--fresh")))
            done = subprocess.run(["sh", "-c", f"exec {command} {stderr}"], cwd=self.folder,
                                  env=self.environment(), timeout=120)
            self.assertEqual(done.returncode, OK, stderr)
            self.assertEqual(len(self.records()), RUNS)

    def test_killed_at_many_moments(self):
        """Kills the command during the pretraining, during the trainings and between them."""
        for part in PARTS:
            process = self.start_harness(*COMMAND)
            wait_until(lambda: process.poll() is not None, Interrupted.duration_s * part)
            kill_all(process)
        self.expect_undisturbed()

    def test_killed_right_after_each_line_of_a_journal(self):
        """Kills the command after a new line in a journal, when it is changing other files."""
        for lines in (1, 2, 3, 4, 6, 8):
            process = self.start_harness(*COMMAND)
            before = self.journal_lines()
            wait_until(lambda: self.journal_lines() >= max(lines, before + 1)
                       or process.poll() is not None)
            kill_all(process)
        self.expect_undisturbed()

    def test_control_c_once_stops_and_the_repeat_goes_on(self):
        for wait_for, number in ((1, signal.SIGINT), (3, signal.SIGTERM)):
            before = self.journal_lines()
            process = self.start_harness(*COMMAND)
            self.assertTrue(wait_until(lambda: self.journal_lines() >= before + wait_for))
            process.send_signal(number)
            out, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, STOPPED, err)
            self.assertIn("repeat the command", err)
        states = {row["row"]: row["state"]
                  for row in self.expect_json("list", "table6")["experiments"]}
        self.assertNotEqual(set(states.values()), {"done"})
        self.expect_undisturbed()

    def test_control_c_of_a_terminal_reaches_the_workers_too(self):
        process = self.start_harness(*COMMAND)
        self.assertTrue(wait_until(lambda: self.journal_lines() >= 1))
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, STOPPED, err)
        self.expect_undisturbed()

    def test_control_c_twice_stops_at_once(self):
        process = self.start_harness(*COMMAND)
        self.assertTrue(wait_until(lambda: self.journal_lines() >= 1))
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertIn(process.returncode, (STOPPED, -signal.SIGINT, 128 + signal.SIGINT))
        self.expect_undisturbed()

    def test_a_time_limit_stops_and_the_repeat_goes_on(self):
        """The trainings take many times as long as the limit, so it always comes within one."""
        long = [*COMMAND, "--set", "/recipe/epochs=150", "--as", "long"]
        self.expect(OK, *long, workspace=self.folder / "long")
        self.expect(STOPPED, *long, "--time-limit", "1s")
        self.assertGreater(self.journal_lines(), 0)
        self.expect(OK, *long)
        self.assertEqual(results(self.records()), results(self.records(self.folder / "long")))

    def test_a_torn_journal_and_a_damaged_checkpoint_are_survived(self):
        process = self.start_harness(*COMMAND)
        checkpoints = lambda: list(self.workspace.glob("runs/*/*/checkpoint.bin"))  # noqa: E731
        self.assertTrue(wait_until(checkpoints))
        kill_all(process)
        for journal in self.workspace.glob("runs/*/*/journal.jsonl"):
            with open(journal, "a") as file:
                file.write('{"sequence": 99, "ev')
        for checkpoint in checkpoints():
            os.truncate(checkpoint, checkpoint.stat().st_size // 2)
        self.expect_undisturbed()


if __name__ == "__main__":
    unittest.main()
