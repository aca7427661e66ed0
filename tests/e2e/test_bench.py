"""What harness bench measures: training steps without a data set, and reading alone."""
import unittest

from program import ENVIRONMENT, OK, USAGE, WORKER, Case

SHORT = ["--batch", 4, "--windows", 1, "--window-steps", 1]


class Loader(Case):
    def test_pictures_are_read_without_training(self):
        for jitter in (0, 0.4):
            rates = self.expect_json("bench", "loader", "shapes", "--size", 32, "--threads", 2,
                                     "--pictures", 200, "--jitter", jitter)
            self.assertEqual((rates["pictures"], rates["threads"], rates["jitter"]),
                             (200, 2, jitter))
            self.assertGreater(rates["images_per_s"], 0)
            self.assertGreater(rates["images_per_cpu_s"], 0)
        told = self.expect(OK, "bench", "loader", "shapes", "--pictures", 64, "--size", 32)
        self.assertRegex(told.stdout, r"shapes: \d+ images/s with 1 thread, \d+ per second of")

    def test_mistakes_are_told(self):
        self.assertIn("imagenete", self.expect(USAGE, "bench", "loader", "imagenete").stderr)
        self.expect(ENVIRONMENT, "bench", "loader", "imagenet")  # not on this machine


@unittest.skipUnless(WORKER.exists(), "harness-worker is not built")
class Steps(Case):
    def test_each_kind_of_step_is_timed_once_without_a_data_set(self):
        report = self.expect_json("bench", "step", "table6", *SHORT, "--data-dir", self.folder)
        self.assertEqual(sorted(rate["step"] for rate in report["rates"]),
                         ["classify", "mra", "pretrain"])
        for rate in report["rates"]:
            self.assertGreater(rate["median_images_per_s"], 0)
            self.assertEqual((rate["batch"], rate["determinism"]), (4, "strict"))
        self.assertEqual(report["left_out"], [])

    def test_rows_options_and_what_is_left_out(self):
        report = self.expect_json("bench", "step", "table6", "--only", "Baseline", *SHORT,
                                  "--determinism", "fast")
        self.assertEqual([rate["determinism"] for rate in report["rates"]], ["fast"])
        told = self.expect(OK, "bench", "step", "table4", "--only", "FixMatch", *SHORT)
        self.assertIn("is left out", told.stderr)
        self.expect(USAGE, "bench", "step", "table6", "--determinism", "maybe")

    def test_training_is_timed_with_the_threads_asked_for(self):
        short = ["bench", "train", "table6", "--only", "Baseline", "--steps", 2, "--warmup-steps", 1]
        for extra, threads in (([], 1), (["--threads", 2], 2)):
            rate = self.expect_json(*short, *extra)["rates"][0]
            self.assertEqual(rate["threads"], threads)
            self.assertGreater(rate["images_per_s"], 0)
        self.expect(USAGE, *short, "--threads", 0)


if __name__ == "__main__":
    unittest.main()
