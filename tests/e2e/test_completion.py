"""The scripts of `harness completion`, tested in those shells that are installed."""
import os
import shutil
import subprocess
import unittest

import program

ZSH = """
compdef() { :; }
compadd() { print -rl -- $choices; }
_files() { print files; }
source ./script
words=(harness $WORDS) CURRENT=${#words}
_harness
"""
BASH = """
source ./script
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_harness
printf "%s\\n" "${COMPREPLY[@]}"
"""


class Completion(program.Case):
    def offered(self, shell, *words):
        """What the shell offers as the last of `words` after `harness`."""
        if not shutil.which(shell):
            self.skipTest(f"{shell} is not installed")
        script = self.run_harness("completion", shell).stdout
        (self.folder / "script").write_text(script)
        arguments = {"bash": ["-c", BASH, "bash", "harness", *words],
                     "zsh": ["-fc", ZSH.replace("$WORDS", " ".join(f"'{w}'" for w in words))],
                     "fish": ["--no-config", "-c", "source ./script; complete -C 'harness "
                              + " ".join(words) + "'"]}[shell]
        done = subprocess.run([shell, *arguments], cwd=self.folder, text=True, capture_output=True,
                              env=self.environment(PATH=f"{program.HARNESS.parent}:"
                                                        f"{os.environ['PATH']}"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    def answers(self, shell):
        self.assertEqual(self.offered(shell, "expl"), ["explain"])
        self.assertEqual(self.offered(shell, "data", "check", "imagenette9"), ["imagenette96"])
        self.assertIn("--state", self.offered(shell, "list", "--st"))

    def test_bash(self):
        self.answers("bash")
        self.assertEqual(self.offered("bash", "explain", "table6/Mask\\ L"), ["table6/Mask\\ Low"])
        self.assertEqual(self.offered("bash", "run", "--only", '"Mask L'), ["Mask Low"])

    def test_zsh(self):
        self.answers("zsh")
        self.assertEqual(self.offered("zsh", "explain", "table6/Mask L"), ["table6/Mask Low"])
        self.assertEqual(self.offered("zsh", "list", "--scale=mi"), ["--scale=mini"])
        self.assertEqual(self.offered("zsh", "masks", ""), ["files"])

    def test_fish(self):
        self.answers("fish")
        self.assertEqual(self.offered("fish", "list", "--scale=mi"), ["--scale=mini"])
        self.assertIn("script", self.offered("fish", "masks", "scr"))


if __name__ == "__main__":
    unittest.main()
