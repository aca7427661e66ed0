"""The code that the README shows is in the sources."""
import re
import unittest

from program import ROOT


class Readme(unittest.TestCase):
    def test_the_example_of_a_method_is_the_one_that_is_compiled(self):
        blocks = re.findall(r"```cpp\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
        self.assertEqual(blocks, [(ROOT / "tests/baselines/blackout.cpp").read_text()])
