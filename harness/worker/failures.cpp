#include "harness/worker/failures.h"

#include <new>
#include <string_view>

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "harness/base/disk.h"
#include "harness/record/failure_cause.h"
#include "harness/train/loss_meter.h"

namespace mra {

static int report_failure(JournalWriter& journal, const Error& error, FailureCause cause) {
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

/// LibTorch has no exception of its own for the memory of the machine.
static bool lacks_memory(const c10::Error& error) {
  return dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr ||
         std::string_view(error.what()).find("DefaultCPUAllocator: ") != std::string_view::npos;
}

int report_failures(const std::filesystem::path& directory, JournalWriter& journal,
                    const std::function<int()>& work) {
  const std::string where = directory.string();
  const auto no_memory = [&](const char* of) {
    return report_failure(journal,
                          {ErrorKind::kFailure, where, fmt::format("{} is out of memory", of),
                           "free memory, or use one with more"},
                          FailureCause::kOutOfMemory);
  };
  const auto defect = [&](const char* what) {
    return report_failure(
        journal,
        {ErrorKind::kFailure, where, what, "this is a defect of the program: please report it"},
        FailureCause::kDefect);
  };
  try {
    return work();
  } catch (const Error& error) {
    return report_failure(journal, error, cause_of(error));
  } catch (const std::filesystem::filesystem_error& error) {
    return report_failure(journal, io_error(error), FailureCause::kIo);
  } catch (const std::bad_alloc&) {
    return no_memory("the machine");
  } catch (const c10::Error& error) {
    if (!lacks_memory(error)) return defect(error.what());
    return no_memory(dynamic_cast<const c10::OutOfMemoryError*>(&error) ? "the device"
                                                                        : "the machine");
  } catch (const std::exception& error) {
    return defect(error.what());
  }
}

}  // namespace mra
