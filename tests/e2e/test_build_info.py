"""The build records its source: commit and uncommitted changes, of any content and size."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from program import ROOT


class BuildInfo(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="harness-build-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.source = self.folder / "source"
        (self.source / "tests").mkdir(parents=True)
        (self.source / "a.cpp").write_text("int a;\n")
        (self.source / "tests/b.cpp").write_text("int b;\n")
        self.git("init", "-q")
        self.git("add", ".")
        self.git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", "first")

    def git(self, *words, **options):
        return subprocess.run(["git", *words], cwd=self.source, check=True, capture_output=True,
                              **options).stdout

    def patch(self):
        """Returns (dirty, the patch as the compiled program would return it)."""
        output = self.folder / "build_info.cpp"
        subprocess.run(["cmake", f"-DSOURCE_DIR={self.source}", f"-DOUTPUT={output}",
                        "-DVERSION=1", "-DCOMPILER=c", "-DFLAGS=-O3", "-DBUILD_TYPE=Release",
                        "-P", ROOT / "ci/cmake/BuildInfo.cmake"], check=True)
        text = output.read_text()
        literal = re.search(r'kPatch\[\] = "(.*)";', text).group(1)
        self.assertRegex(literal, r"^(\\x[0-9a-f]{2})*$")
        return ".dirty = true" in text, bytes.fromhex(literal.replace("\\x", ""))

    def test_a_clean_source_has_no_patch(self):
        self.assertEqual(self.patch(), (False, b""))

    def test_a_change_of_tests_alone_is_none_of_the_program(self):
        (self.source / "tests/b.cpp").write_text("int c;\n")
        self.assertEqual(self.patch(), (False, b""))

    def test_the_patch_makes_the_source_again_whatever_is_in_it(self):
        changed = 'a;b[c"\\ \\x41 ${D} @COMMIT@ $<E>\n'.encode() + b"\xff\xfe\n"
        (self.source / "a.cpp").write_bytes(changed)
        dirty, patch = self.patch()
        self.assertTrue(dirty)
        self.git("checkout", "-q", ".")
        self.git("apply", input=patch)
        self.assertEqual((self.source / "a.cpp").read_bytes(), changed)

    def test_new_files_are_named(self):
        (self.source / "new one.cpp").write_text("int d;\n")
        self.assertEqual(self.patch(), (True, b"new file: new one.cpp\n"))

    def test_a_large_patch_is_cut_and_says_so(self):
        (self.source / "a.cpp").write_text("0123456789\n" * 200_000)
        patch = self.patch()[1]
        self.assertRegex(patch, rb"^cut after 1048576 bytes; git diff prints \d+\n")
        self.assertEqual(len(patch), 1048576 + patch.index(b"\n") + 1)

    def test_without_git_there_is_neither_commit_nor_patch(self):
        shutil.rmtree(self.source / ".git")
        self.assertEqual(self.patch(), (False, b""))


if __name__ == "__main__":
    unittest.main()
