"""Counts test cases: those of GoogleTest programs run by ctest, and of unittest scripts."""
import collections
import pathlib
import re
import unittest
import xml.etree.ElementTree as ElementTree


class Tally:
    """The results of test cases, with the reasons why some were skipped."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = collections.Counter()

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def line(self):
        return (f"{self.passed} passed, {len(self.failed)} failed, "
                f"{sum(self.skipped.values())} skipped")


def one(name, passed):
    """The tally of a stage with a single check."""
    tally = Tally()
    if passed:
        tally.passed = 1
    else:
        tally.failed = [name]
    return tally


def first_line(text):
    """The reason in a skip message: GoogleTest puts file and line before it."""
    lines = [line for line in (text or "").splitlines() if line.strip()]
    if len(lines) > 1 and re.search(r":\d+$", lines[0]):
        lines = lines[1:]
    return lines[0].strip() if lines else "no reason given"


def of_gtest_case(tally, case):
    name = f"{case.get('classname')}.{case.get('name')}"
    skip = case.find("skipped")
    if case.find("failure") is not None:
        tally.failed.append(name)
    elif skip is not None or case.get("result") == "skipped":
        tally.skipped[first_line(skip.get("message") if skip is not None else "")] += 1
    elif case.get("status") == "run":
        tally.passed += 1


def of_ctest(junit, xml_folder):
    """The cases of the programs in ctest's report; a program without a report of its own failed."""
    tally = Tally()
    programs = list(ElementTree.parse(junit).getroot().iter("testcase")) if junit.exists() else []
    if not programs:
        tally.failed.append("ctest found no tests")
    for program in programs:
        name = program.get("name")
        report = pathlib.Path(xml_folder) / f"test_{name}.xml"
        before = len(tally.failed)
        if report.exists():
            for case in ElementTree.parse(report).getroot().iter("testcase"):
                of_gtest_case(tally, case)
        passed = report.exists() and program.find("failure") is None
        if not passed and len(tally.failed) == before:
            tally.failed.append(f"{name} (crashed, hung or could not start)")
    return tally


class _Counting(unittest.TextTestResult):
    passes = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passes += 1


def of_unittest(folder):
    """Runs the test_*.py scripts of a folder and counts their cases."""
    suite = unittest.defaultTestLoader.discover(str(folder), pattern="test_*.py")
    result = unittest.TextTestRunner(verbosity=2, resultclass=_Counting).run(suite)
    tally = Tally()
    tally.passed = result.passes
    tally.failed = [str(test) for test, _ in result.failures + result.errors]
    tally.skipped.update(reason for _, reason in result.skipped)
    return tally
