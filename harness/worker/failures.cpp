#include "harness/worker/failures.h"

#include <new>

#include <c10/util/Exception.h>
#include <spdlog/spdlog.h>

#include "harness/base/error.h"

namespace mra {

static int report_failure(JournalWriter& journal, const Error& error) {
  spdlog::error("{}", error.what());
  journal.append("fail", {{"kind", name(error.kind)},
                          {"where", error.where},
                          {"what", error.what_happened},
                          {"cure", error.cure}});
  return exit_code(error.kind);
}

int report_failures(const std::filesystem::path& directory, JournalWriter& journal,
                    const std::function<int()>& work) {
  const std::string where = directory.string();
  try {
    return work();
  } catch (const Error& error) {
    return report_failure(journal, error);
  } catch (const c10::OutOfMemoryError& error) {
    return report_failure(journal, {ErrorKind::kFailure, where, "the device is out of memory",
                                    "free its memory, or use a device with more"});
  } catch (const std::bad_alloc&) {
    return report_failure(journal, {ErrorKind::kFailure, where, "the machine is out of memory",
                                    "end other programs, or use a machine with more"});
  } catch (const std::exception& error) {
    return report_failure(journal, {ErrorKind::kFailure, where, error.what(),
                                    "this is a defect of the program: please report it"});
  }
}

}  // namespace mra
