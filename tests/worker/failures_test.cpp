#include "harness/worker/failures.h"

#include <filesystem>
#include <new>

#include <c10/util/Exception.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "harness/base/disk.h"
#include "harness/train/loss_meter.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace {

/// What the journal tells of a run whose work does this, and the exit code.
std::pair<std::string, int> cause_and_code(const std::function<void()>& work) {
  const TempDir dir;
  JournalWriter journal(dir / "journal.jsonl");
  const int code = report_failures(dir.path(), journal, [&] {
    work();
    return 0;
  });
  const auto events = read_journal(dir / "journal.jsonl");
  return {events.size() == 1 ? events[0].fields.value("cause", "") : "", code};
}

using Told = std::pair<std::string, int>;

}  // namespace

TEST(Failures, EachCauseIsToldApart) {
  EXPECT_EQ(cause_and_code([] { throw std::bad_alloc(); }), Told("out_of_memory", 1));
  EXPECT_EQ(cause_and_code([] { throw DivergedError("loss is nan"); }), Told("non_finite", 1));
  EXPECT_EQ(cause_and_code([] { fail_io("checkpoint.bin", "cannot be written", ENOSPC); }),
            Told("io", 6));
  EXPECT_EQ(cause_and_code([] { std::filesystem::rename("/absent/a", "/absent/b"); }),
            Told("io", 6));
  EXPECT_EQ(cause_and_code([] { fail(ErrorKind::kIntegrity, "a.jpg", "is cut off", ""); }),
            Told("bad_data", 5));
  EXPECT_EQ(cause_and_code([] { fail(ErrorKind::kEnvironment, "--device", "no GPU", ""); }),
            Told("machine", 6));
  EXPECT_EQ(cause_and_code([] { fail(ErrorKind::kUsage, "/lr", "is no number", ""); }),
            Told("spec", 2));
  EXPECT_EQ(cause_and_code([] { throw std::logic_error("impossible"); }), Told("defect", 1));
  EXPECT_EQ(cause_and_code([] { TORCH_CHECK(false, "shapes do not fit"); }), Told("defect", 1));
}

TEST(Failures, OfADeviceAreOfTheMachineUnlessItIsOutOfMemory) {
  const auto told = [](const char* text) {
    return cause_and_code([&] { TORCH_CHECK(false, text); });
  };
  EXPECT_EQ(told("CUDA error: an illegal memory access was encountered"), Told("machine", 6));
  EXPECT_EQ(told("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"), Told("machine", 6));
  EXPECT_EQ(told("CUDA error: out of memory"), Told("out_of_memory", 1));
  EXPECT_EQ(told("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
            Told("out_of_memory", 1));
}

TEST(Failures, TensorsThatFitIntoNoMemoryAreOutOfMemory) {
  EXPECT_EQ(cause_and_code([] { torch::empty({int64_t{1} << 60}); }), Told("out_of_memory", 1));
}

}  // namespace mra
