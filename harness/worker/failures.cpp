#include "harness/worker/failures.h"

#include <algorithm>
#include <initializer_list>
#include <new>
#include <string_view>

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "harness/base/disk.h"
#include "harness/record/failure_cause.h"
#include "harness/train/loss_meter.h"

namespace mra {

namespace {

struct Failure {
  Error error;
  FailureCause cause;
};

}  // namespace

static int report_failure(JournalWriter& journal, const Failure& failure) {
  const auto& [error, cause] = failure;
  spdlog::error("{}", error.what());
  journal.append("fail", {{"kind", name(error.kind)},
                          {"cause", name(cause)},
                          {"where", error.where},
                          {"what", error.what_happened},
                          {"cure", error.cure}});
  return exit_code(error.kind);
}

static FailureCause cause_of(const Error& error) {
  if (dynamic_cast<const IoError*>(&error)) return FailureCause::kIo;
  if (dynamic_cast<const DivergedError*>(&error)) return FailureCause::kNonFinite;
  switch (error.kind) {
    case ErrorKind::kUsage:
      return FailureCause::kSpec;
    case ErrorKind::kIntegrity:
      return FailureCause::kBadData;
    case ErrorKind::kEnvironment:
      return FailureCause::kMachine;
    default:
      return FailureCause::kDefect;
  }
}

static Failure no_memory(const std::string& where, const char* of) {
  return {{ErrorKind::kFailure, where, fmt::format("{} is out of memory", of),
           "free some memory, or use one with more memory"},
          FailureCause::kOutOfMemory};
}

static Failure defect(const std::string& where, const char* what) {
  return {{ErrorKind::kFailure, where, what, "this is a bug in the program: please report it"},
          FailureCause::kDefect};
}

static bool contains_any(std::string_view text, std::initializer_list<const char*> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const char* part) { return text.find(part) != std::string_view::npos; });
}

/// LibTorch throws one type of exception for many causes; only the text distinguishes them.
static Failure told_by(const c10::Error& error, const std::string& where) {
  const std::string_view text = error.what();
  if (contains_any(text, {"DefaultCPUAllocator: "})) return no_memory(where, "the machine");
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) ||
      contains_any(text, {"CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED"}))
    return no_memory(where, "the device");
  if (contains_any(text, {"CUDA error: ", "cuDNN error: "}))
    return {{ErrorKind::kEnvironment, where, fmt::format("the device failed: {}", text),
             "see nvidia-smi and the kernel's log (dmesg), then repeat the command: it goes on "
             "from the checkpoint"},
            FailureCause::kMachine};
  return defect(where, error.what());
}

int report_failures(const std::filesystem::path& directory, JournalWriter& journal,
                    const std::function<int()>& work) {
  const std::string where = directory.string();
  try {
    return work();
  } catch (const Error& error) {
    return report_failure(journal, {error, cause_of(error)});
  } catch (const std::filesystem::filesystem_error& error) {
    return report_failure(journal, {io_error(error), FailureCause::kIo});
  } catch (const std::bad_alloc&) {
    return report_failure(journal, no_memory(where, "the machine"));
  } catch (const c10::Error& error) {
    return report_failure(journal, told_by(error, where));
  } catch (const std::exception& error) {
    return report_failure(journal, defect(where, error.what()));
  }
}

}  // namespace mra
