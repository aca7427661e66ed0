#include "harness/cli/worker_report.h"

#include <cstdlib>

#include <fmt/format.h>
#include <spdlog/version.h>
#include <CLI/Version.hpp>

#include "harness/base/error.h"
#include "harness/data/library_versions.h"
#include "harness/run/worker_process.h"
#include "harness/store/result_store.h"

namespace mra {

std::optional<Json> worker_report() {
  try {
    return json_of_program(find_worker(), {"doctor"});
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Of the libraries of this program alone.
static Json own_libraries() {
  Json libraries = data_libraries();
  libraries.update(Json(store_libraries()));
  libraries["cli11"] = CLI11_VERSION;
  libraries["spdlog"] =
      fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH);
  return libraries;
}

Json libraries_json() {
  Json libraries = own_libraries();
  libraries["libtorch"] = nullptr;
  if (const auto worker = worker_report())
    libraries.update(worker->value("libraries", Json::object()));
  return libraries;
}

void tell_workers(const std::vector<std::string>& arguments) {
  const Json told = {{"command_line", arguments}, {"libraries", own_libraries()}};
  ::setenv("HARNESS_STARTED_BY", told.dump(-1, ' ', false, Json::error_handler_t::replace).c_str(),
           /*replace=*/1);
}

}  // namespace mra
