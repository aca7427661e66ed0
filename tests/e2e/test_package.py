"""The tarball of ci/package runs where there is neither compiler, package, network nor source tree."""
import pathlib
import shutil
import subprocess
import unittest

from program import ROOT, Case

GLIBC = ("ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0",
         "librt.so.1", "libresolv.so.2", "libutil.so.1")
# In namespaces of its own: no network, and a file system that holds glibc and the package alone.
RUN = ('mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" && '
       'exec chroot "$0" /moved/bin/harness "$@"')


def namespaces():
    return subprocess.run(["unshare", "-rmn", "true"], capture_output=True).returncode == 0


@unittest.skipUnless(namespaces(), "no namespaces here to try the package in")
class Package(Case):
    def bare_system(self):
        root = self.folder / "root"
        for name in ("proc", "dev", "tmp", "lib64", "lib/x86_64-linux-gnu"):
            (root / name).mkdir(parents=True)
        for name in GLIBC:
            folder = "lib64" if name.startswith("ld-") else "lib/x86_64-linux-gnu"
            shutil.copy(pathlib.Path("/") / folder / name, root / folder)
        return root

    def test_table6_runs_on_a_bare_system(self):
        made = subprocess.run([ROOT / "ci/package", self.folder], capture_output=True, text=True)
        self.assertEqual(made.returncode, 0, made.stderr)
        archive = pathlib.Path(made.stdout.split(": ")[0])
        root = self.bare_system()
        shutil.unpack_archive(archive, root)
        (root / archive.name.removesuffix(".tar.gz")).rename(root / "moved")
        done = subprocess.run(
            ["unshare", "-rmn", "sh", "-c", RUN, root, "run", "table6", "--workspace", "/out",
             "--set", "/recipe/epochs=1"],
            capture_output=True, text=True, timeout=600,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Mask Low", done.stdout)
        self.assertNotIn("pending", done.stdout)


if __name__ == "__main__":
    unittest.main()
