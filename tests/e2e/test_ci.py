"""The checks of ci/ notice what they should: a forbidden include, tests that did not run, …"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

from program import ROOT

sys.path.insert(0, str(ROOT / "ci"))
import stages  # noqa: E402
import tally  # noqa: E402

GTEST = """<testsuites><testsuite name="Suite">
<testcase name="Good" status="run" result="completed" classname="Suite"/>
<testcase name="Bad" status="run" result="completed" classname="Suite"><failure message="x"/></testcase>
<testcase name="Left" status="run" result="skipped" classname="Suite">
<skipped message="/a/b_test.cpp:7&#x0A;no photographs here"/></testcase>
<testcase name="Off" status="notrun" result="suppressed" classname="Suite"/>
</testsuite></testsuites>"""


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="harness-ci-"))
        self.addCleanup(shutil.rmtree, self.folder)


class Setup(Folder):
    def test_a_package_that_is_only_known_is_installed(self):
        """Only one package is missing: dpkg knows it, but it is not installed."""
        programs = {"dpkg-query": 'case "$*" in *librsvg2-bin*) echo "not-installed ";; '
                                  '*) echo "installed ";; esac',
                    "apt-get": "exit 1",
                    "sudo": 'shift; exec "$@"'}
        for name, text in programs.items():
            path = self.folder / "bin" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"#!/bin/sh\n{text}\n")
            path.chmod(0o755)
        (self.folder / "ci").mkdir()
        shutil.copy(ROOT / "ci/setup", self.folder / "ci")
        done = subprocess.run([self.folder / "ci/setup"], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL,
                              env={**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn("apt could not install: librsvg2-bin (", done.stderr)


class Stages(unittest.TestCase):
    def stages_of(self, *wanted):
        done = []

        def stage(name):
            return name, lambda: done.append(name) or tally.one(name, True)

        with unittest.mock.patch.object(stages, "STAGES", [stage(n) for n, _ in stages.STAGES]), \
                unittest.mock.patch("builtins.print"):
            self.assertEqual(stages.main(list(wanted)), 0)
        return done

    def test_a_stage_that_tests_the_build_builds_it_first(self):
        self.assertEqual(self.stages_of("unit"), ["build", "unit"])
        self.assertEqual(self.stages_of("build", "e2e"), ["build", "e2e"])

    def test_a_stage_that_looks_at_sources_builds_nothing(self):
        self.assertEqual(self.stages_of("layers"), ["layers"])

    def test_every_stage_that_needs_the_build_is_a_stage(self):
        self.assertLessEqual(stages.NEED_THE_BUILD, {name for name, _ in stages.STAGES})


class Layers(Folder):
    def check(self, file, line):
        for folder, text in (("base", ""), ("store", ""), ("data", "")):
            path = self.folder / "harness" / folder
            path.mkdir(parents=True, exist_ok=True)
            (path / "thing.h").write_text(text)
        (self.folder / "harness/CMakeLists.txt").write_text(
            "harness_layer(base PUBLIC fmt::fmt)\n"
            + "harness_layer(data PUBLIC harness::base)\n"
            + "harness_layer(store PUBLIC harness::base)\n")
        (self.folder / "harness" / file).write_text("// first line\n" + line + "\n")
        return subprocess.run([ROOT / "ci/check_layers", self.folder], capture_output=True,
                              text=True)

    def test_an_include_downwards_passes(self):
        done = self.check("store/a.cpp", '#include "harness/base/thing.h"')
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_an_include_upwards_or_sideways_fails_with_its_place(self):
        for file, header in (("base/a.h", "harness/store/thing.h"),
                             ("store/a.cpp", "harness/data/thing.h"),
                             ("store/a.cpp", "thing.h")):
            done = self.check(file, f'#include "{header}"')
            (self.folder / "harness" / file).unlink()
            self.assertEqual(done.returncode, 1, header)
            self.assertIn(f"harness/{file}:2:", done.stdout)


class Security(Folder):
    def check(self, file, line):
        path = self.folder / "harness" / file
        path.parent.mkdir(parents=True)
        path.write_text("// it may be said: system(x)\n" + line + "\n")
        return subprocess.run([ROOT / "ci/check_security", self.folder], capture_output=True,
                              text=True)

    def test_what_is_promised_not_to_be_done_fails_with_its_place(self):
        for number, line in enumerate(('std::system(text.c_str());', 'run("/bin/sh", "-c", text);',
                                       'int s = socket(AF_INET, 0, 0);', 'std::getenv("HOME");',
                                       'dlopen("x.so", RTLD_NOW);',
                                       'db.exec(fmt::format("DROP {}", name));',
                                       'db.exec("PRAGMA synchronous = OFF");')):
            done = self.check(f"new{number}/a.cpp", line)
            self.assertEqual(done.returncode, 1, line)
            self.assertIn(f"harness/new{number}/a.cpp:2:", done.stdout)
            shutil.rmtree(self.folder / f"harness/new{number}")

    def test_other_code_passes(self):
        done = self.check("a/a.cpp", 'file_system(); subsystem (1); reconnect(2);')
        self.assertEqual(done.returncode, 0, done.stdout)


class Counting(Folder):
    def count(self, ctest_case, gtest=None):
        junit = self.folder / "ctest.xml"
        junit.write_text(f"<testsuite>{ctest_case}</testsuite>")
        if gtest:
            (self.folder / "test_base.xml").write_text(gtest)
        return tally.of_ctest(junit, self.folder)

    def test_every_case_counts_and_a_skipped_one_has_its_reason(self):
        counted = self.count('<testcase name="base" status="fail"><failure/></testcase>', GTEST)
        self.assertEqual(counted.line(), "1 passed, 1 failed, 1 skipped")
        self.assertEqual(counted.failed, ["Suite.Bad"])
        self.assertEqual(dict(counted.skipped), {"no photographs here": 1})

    def test_a_program_without_a_report_has_failed(self):
        for case in ('<testcase name="base" status="fail"><failure/></testcase>',
                     '<testcase name="base" status="notrun"><skipped/></testcase>',
                     '<testcase name="base" status="run"/>'):
            self.assertEqual(self.count(case).line(), "0 passed, 1 failed, 0 skipped")

    def test_no_tests_at_all_is_a_failure(self):
        self.assertEqual(self.count("").line(), "0 passed, 1 failed, 0 skipped")
        self.assertEqual(len(tally.of_ctest(self.folder / "absent.xml", self.folder).failed), 1)


if __name__ == "__main__":
    unittest.main()
