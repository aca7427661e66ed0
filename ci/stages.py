"""The stages of ci/test, in order. It ends after the first stage that fails."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tally  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1]
RELEASE = ROOT / "build/release"
NO_TORCH = ROOT / "build/notorch"
SOURCE_FOLDERS = ("harness", "baselines", "reports", "tests")
CLANG = 14  # other versions format some lines differently and give other warnings
# Folders without LibTorch, whose headers take clang-tidy too long.
TIDY_FOLDERS = ("harness/base", "harness/spec", "harness/record", "harness/weights",
                "harness/data", "harness/store", "harness/run", "harness/cli", "reports")


def succeeds(*command, **options):
    return subprocess.run([str(part) for part in command], cwd=ROOT, **options).returncode == 0


def sources():
    files = (path for folder in SOURCE_FOLDERS for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in files if path.suffix in (".cpp", ".h"))


def format_stage():
    for program in (f"clang-format-{CLANG}", "clang-format"):
        if not shutil.which(program):
            continue
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        if f"version {CLANG}." in version:
            return tally.one("format", succeeds(program, "--dry-run", "-Werror", *sources()))
    skipped = tally.Tally()
    skipped.skipped[f"the format check needs clang-format {CLANG}, which is not installed"] = 1
    return skipped


def layers_stage():
    return tally.one("layers", succeeds(ROOT / "ci/check_layers"))


def security_stage():
    return tally.one("security", succeeds(ROOT / "ci/check_security"))


def build_stage():
    return tally.one("build", succeeds(ROOT / "ci/build", "release"))


def first_build_stage():
    """Builds what ci/harness builds, which compiles several sources at a time."""
    return tally.one("first build", succeeds(ROOT / "ci/harness", "--version"))


def changed_sources():
    """Sources in TIDY_FOLDERS changed by the last commit or later; None if that is the first."""
    done = subprocess.run(["git", "diff", "--name-only", "--diff-filter=d", "HEAD~1", "--",
                           *(f"{folder}/*.cpp" for folder in TIDY_FOLDERS)],
                          cwd=ROOT, capture_output=True, text=True)
    return None if done.returncode else done.stdout.split()


def tidy_stage():
    """Runs clang-tidy on the changed sources only, because all of them take minutes."""
    program = f"clang-tidy-{CLANG}"
    files = changed_sources()
    reason = (f"the check of sources needs {program}, which is not installed"
              if not shutil.which(program) else
              "git has no earlier commit, so the changed sources for clang-tidy are unknown"
              if files is None else None)
    if reason:
        skipped = tally.Tally()
        skipped.skipped[reason] = 1
        return skipped
    done = subprocess.run(["xargs", "-r", "-n", "1", "-P", str(os.cpu_count()), program,
                           "--quiet", "-p", RELEASE], input="\n".join(files), text=True, cwd=ROOT,
                          stderr=subprocess.DEVNULL)
    return tally.one("tidy", done.returncode == 0)


def check_stage():
    return tally.one("harness check", succeeds(RELEASE / "harness/harness", "check"))


def ctest(build, label, **variables):
    """Runs the test programs with one ctest label and counts their cases."""
    with tempfile.TemporaryDirectory() as folder:
        junit = pathlib.Path(folder) / "ctest.xml"
        environment = {**os.environ, "GTEST_OUTPUT": f"xml:{folder}/", **variables}
        succeeds("ctest", "--test-dir", build, "-L", f"^{label}$", "--output-on-failure",
                 "--timeout", "900", "-j", os.cpu_count(), "--output-junit", junit,
                 env=environment)
        return tally.of_ctest(junit, folder)


def avx2_stage():
    """The same tests with the kernels of a processor without AVX-512; each label is one case."""
    result = tally.Tally()
    for label in ("unit", "golden"):
        cases = ctest(RELEASE, label, ONEDNN_MAX_CPU_ISA="AVX2", ATEN_CPU_CAPABILITY="avx2")
        result.add(cases if cases.failed else tally.one(f"{label} with AVX2", cases.passed > 0))
    return result


def pillow_stage():
    """Compares random operations with Pillow, which is in its own virtual environment."""
    python = ROOT / ".deps/pillow/bin/python"
    if not (ROOT / ".deps/pillow/stamp").exists():
        skipped = tally.Tally()
        skipped.skipped["Pillow could not be installed; see .deps/pillow.log"] = 1
        return skipped
    return tally.one("random operations against Pillow",
                     succeeds(python, ROOT / "tests/pillow/test_random_operations.py"))


def gpu_lease_stage():
    """Makes the pack for a GPU host and rehearses the first part of its checks on the CPU."""
    with tempfile.TemporaryDirectory() as folder:
        python = ROOT / ".deps/venv/bin/python"
        pack = pathlib.Path(folder) / "pack"
        return tally.one("GPU lease rehearsed", succeeds(ROOT / "ci/gpu_pack", pack) and succeeds(
            python, pack / "gpu_lease", pack, "--out", f"{folder}/report", "--part", "a",
            "--rehearse", "--home", f"{folder}/home"))


def no_torch_stage():
    """Builds and tests the program without LibTorch; one case, as `unit` has counted its cases."""
    if not succeeds(ROOT / "ci/build", "notorch"):
        return tally.one("build without LibTorch", False)
    result = ctest(NO_TORCH, "unit")
    return result if result.failed else tally.one("without LibTorch", result.passed > 0)


def fuzz_stage():
    """Tries 2000 inputs for each reader, the same ones each time; skipped without libFuzzer."""
    done = subprocess.run([ROOT / "ci/fuzz", "--inputs", "2000"], stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="", flush=True)
    if done.stdout.startswith("skipped: "):
        skipped = tally.Tally()
        skipped.skipped["no fuzzing: " + done.stdout.strip().removeprefix("skipped: ")] = 1
        return skipped
    return tally.one("fuzz", done.returncode == 0)


def with_root_hidden(*command):
    """The command with an empty folder in place of the source tree, in a mount namespace."""
    return ("unshare", "-rm", "sh", "-c", 'mount -t tmpfs none "$0" && cd / && exec "$@"', ROOT, *command)


def install_stage():
    """An installed folder that was moved works without the source tree: it finds its experiments,
    its worker and that one's libraries. Its completion scripts are where the shells look."""
    with tempfile.TemporaryDirectory() as folder:
        installed, prefix = pathlib.Path(folder) / "installed", pathlib.Path(folder) / "moved"
        workspace = ("--workspace", f"{folder}/out")
        commands = (("check",), ("list", *workspace), ("doctor", *workspace),
                    ("run", "table6", "--only", "Baseline", "--set", "/recipe/epochs=1",
                     "--set", "/dataset/train_pictures=128", *workspace))
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HARNESS_")}
        quiet = {"stdout": subprocess.DEVNULL, "env": environment}
        if not succeeds("cmake", "--install", RELEASE, "--prefix", installed, **quiet):
            return tally.one("install", False)
        installed.rename(prefix)
        documents = [prefix / "share" / name for name in (
            "bash-completion/completions/harness",
            "zsh/site-functions/_harness", "fish/vendor_completions.d/harness.fish")]
        result = tally.one("completion scripts installed", all(
            document.is_file() and document.stat().st_size > 0 for document in documents))
        if succeeds(*with_root_hidden("true"), stderr=subprocess.DEVNULL):
            result.add(tally.one("install", all(succeeds(
                *with_root_hidden(prefix / "bin/harness", *arguments), **quiet)
                for arguments in commands)))
        else:
            result.skipped["no mount namespace here to hide the source tree in"] = 1
        return result


def e2e_stage():
    return tally.of_unittest(ROOT / "tests/e2e")


STAGES = (
    ("format", format_stage),
    ("layers", layers_stage),
    ("security", security_stage),
    ("build", build_stage),
    ("first build", first_build_stage),
    ("tidy", tidy_stage),
    ("check", check_stage),
    ("unit", lambda: ctest(RELEASE, "unit")),
    ("golden", lambda: ctest(RELEASE, "golden")),
    ("avx2", avx2_stage),
    ("pillow", pillow_stage),
    ("gpu", lambda: ctest(RELEASE, "gpu")),
    ("gpu lease", gpu_lease_stage),
    ("without LibTorch", no_torch_stage),
    ("fuzz", fuzz_stage),
    ("install", install_stage),
    ("e2e", e2e_stage),
)
# Stages that need the release build; the others build what they need, or need nothing.
NEED_THE_BUILD = {"tidy", "check", "unit", "golden", "avx2", "pillow", "gpu", "install", "e2e"}


def print_longest_files():
    lengths = sorted(((path.read_text().count("\n"), path) for path in sources()), reverse=True)
    print("longest files:", ", ".join(
        f"{path.relative_to(ROOT)} {lines}" for lines, path in lengths[:5]))


def main(wanted):
    total = tally.Tally()
    if NEED_THE_BUILD.intersection(wanted):
        wanted = [*wanted, "build"]
    for name, stage in STAGES:
        if wanted and name not in wanted:
            continue
        started = time.monotonic()
        result = stage()
        total.add(result)
        print(f"stage {name}: {result.line()} ({time.monotonic() - started:.0f} s)", flush=True)
        if result.failed:
            print(f"stage {name} failed:", *result.failed, sep="\n  ")
            break
    print_longest_files()
    for reason, count in total.skipped.most_common():
        print(f"skipped {count}: {reason}")
    print(total.line())
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
